import type { CaptureKey, NewCapture, OpenedOutage } from '@beacontower/database';
import { addressesOf } from '@beacontower/database';
import type { MonitoredObject } from '@beacontower/domain';
import { z } from 'zod';

/** What is looked at: the way to an address from a zone, the samples of an ICMP check, those of an object's interfaces. */
export const CaptureQuestion = z.discriminatedUnion('of', [
  z.object({ of: z.literal('way'), address: z.string(), zone: z.string() }),
  z.object({ of: z.literal('icmp'), object: z.string(), check: z.string() }),
  z.object({ of: z.literal('interfaces'), object: z.string() }),
]);
export type CaptureQuestion = z.infer<typeof CaptureQuestion>;

/** Of one incident; an object with more has them of the first. */
const MOST_ADDRESSES = 4;
/** How long the recorder may keep samples in hand before its store can be asked for them, and some time to spare. */
const STORED_AFTER_MS = 6_000;

/**
 * What is to be looked at of an outage's cause. `objects` has the cause and the devices of its interfaces: a cause that is asked at no
 * address of its own is looked for at theirs. Empty when there is nothing to look at.
 */
export function planCaptures(outage: OpenedOutage, objects: ReadonlyMap<string, MonitoredObject>, now: number): NewCapture[] {
  const object = objects.get(outage.cause);
  if (!object) return [];
  const { incident } = outage;
  const own = addressesOf(object);
  const addresses = (own.length > 0 ? own : devicesOf(object).flatMap((device) => addressesOf(objects.get(device) ?? NOTHING))).slice(
    0,
    MOST_ADDRESSES,
  );
  const isTwice = (address: string) => addresses.filter((one) => one.address === address).length > 1;
  const ways = addresses.map(({ address, zone }): NewCapture => {
    const question: CaptureQuestion = { of: 'way', address, zone };
    return { incident, kind: 'traceroute', target: isTwice(address) ? `${address} (${zone})` : address, question, dueAt: now };
  });
  const checks = object.checks.filter(({ kind }) => kind === 'icmp').slice(0, MOST_ADDRESSES);
  const samples = checks.map(({ id }): NewCapture => {
    const question: CaptureQuestion = { of: 'icmp', object: object.id, check: id };
    return { incident, kind: 'samples', target: id, question, dueAt: now + STORED_AFTER_MS };
  });
  return [...ways, ...samples, ...(hasInterfaces(object) ? [interfacesOf(outage, object, now)] : [])];
}

const NOTHING: Pick<MonitoredObject, 'checks'> = { checks: [] };

/** The devices whose interfaces an object is watched by. */
export function devicesOf({ checks }: Pick<MonitoredObject, 'checks'>): string[] {
  return [...new Set(checks.flatMap((check) => (check.kind === 'interface' ? [check.device] : [])))];
}

function hasInterfaces({ checks }: MonitoredObject): boolean {
  return checks.some(({ kind }) => kind === 'interface' || kind === 'snmp');
}

function interfacesOf({ incident }: OpenedOutage, { id }: MonitoredObject, now: number): NewCapture {
  const question: CaptureQuestion = { of: 'interfaces', object: id };
  return { incident, kind: 'samples', target: id, question, dueAt: now };
}

/**
 * As many outages as there is room for, in order, each whole; of the others nothing is looked at, and that is said. In a storm the first
 * ones tell the most, and looking is not to be what takes the collectors' time.
 */
export function withinRoom(
  planned: readonly { readonly outage: OpenedOutage; readonly captures: readonly NewCapture[] }[],
  room: number,
): { readonly taken: NewCapture[]; readonly refused: CaptureKey[] } {
  const taken: NewCapture[] = [];
  const refused: CaptureKey[] = [];
  for (const { outage, captures } of planned) {
    if (taken.length + captures.length <= room) taken.push(...captures);
    else refused.push({ incident: outage.incident, kind: 'traceroute', target: outage.cause });
  }
  return { taken, refused };
}
