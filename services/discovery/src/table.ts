import type { DeviceSeen, SeenDeviceBody } from '@beacontower/contracts';
import { cleanText } from '@beacontower/domain';

/** Characters of ifAlias, ifDescr and the texts of the system group that are kept. */
const LONGEST_TEXT = 255;

/** A table fit to be stored, and how many of its rows were left out. */
export interface FitTable {
  readonly body: SeenDeviceBody;
  readonly leftOut: number;
}

/**
 * Makes what a collector saw fit to be stored. Names are not touched, since they are what the collector knows interfaces by: a row
 * whose name is not clean, empty, or another's as well is left out, and of too many rows those with the highest ifIndex. Null when no
 * device and no digest can be what is given for them: a text that the database refuses must not come near it.
 */
export function fitTable({ device, system, digest, interfaces }: DeviceSeen, mostInterfaces: number): FitTable | null {
  if (cleanText(device, LONGEST_TEXT) !== device || !/^[0-9a-f]{1,64}$/.test(digest)) return null;
  const text = (value: string) => cleanText(value, LONGEST_TEXT);
  const names = new Set<string>();
  const fit = [...interfaces]
    .sort((a, b) => a.index - b.index)
    .filter(({ name }) => name !== '' && cleanText(name, LONGEST_TEXT) === name && !names.has(name) && names.add(name))
    .slice(0, mostInterfaces);
  return {
    leftOut: interfaces.length - fit.length,
    body: {
      id: device,
      system: {
        descr: text(system.descr),
        objectId: text(system.objectId),
        name: text(system.name),
        location: text(system.location),
        contact: text(system.contact),
      },
      digest,
      interfaces: fit.map((row) => ({ ...row, alias: text(row.alias), descr: text(row.descr) })),
    },
  };
}
