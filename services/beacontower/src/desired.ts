/** What an inventory is to become: a checked configuration with its credentials sealed. */
import { type CredentialBody, compareFaults, type Fault } from '@beacontower/contracts';
import { type Database, type Desired, readCurrentEntities } from '@beacontower/database';
import type { Sealer } from '@beacontower/runtime';
import type { CheckedConfiguration } from './configuration-commands.ts';
import { sealCredentials } from './seal-credentials.ts';

/** How credentials are sealed; the key is only asked for when there is one to seal. */
export interface DesiredSettings {
  readonly sealer: () => Sealer;
  /** The number of objects the caller knows will be retired; needed when they are many. */
  readonly retire?: number | null;
}

/** `desired` is null when a secret is missing that must be there; the faults say which. */
export interface Prepared {
  readonly checked: CheckedConfiguration;
  readonly desired: Desired | null;
}

/** Looks up and seals the secrets of a checked configuration. Its faults take the place of the warnings about the same secrets. */
export async function prepareDesired(checked: CheckedConfiguration, database: Database, settings: DesiredSettings): Promise<Prepared> {
  const { configuration } = checked;
  if (configuration === null) return { checked, desired: null };
  const { credentials, faults } =
    configuration.credentials.length === 0
      ? { credentials: [], faults: [] }
      : await sealCredentials(configuration.credentials, await readCurrentEntities(database, 'credential'), settings.sealer());
  const all = { ...checked, faults: replaced(checked.faults, faults) };
  if (faults.some((fault) => fault.severity === 'error')) return { checked: { ...all, configuration: null }, desired: null };
  const entities = [...configuration.entities, ...credentials.map(entityOf)];
  const desired: Desired = {
    entities,
    origin: 'file',
    partitions: configuration.node.partitions,
    expectedRetirements: settings.retire ?? null,
  };
  return { checked: all, desired };
}

const entityOf = (body: CredentialBody) => ({ entity: 'credential' as const, id: body.id, body });

function replaced(faults: readonly Fault[], later: readonly Fault[]): Fault[] {
  const key = (fault: Fault) => `${fault.file} ${fault.path} ${fault.code}`;
  const said = new Set(later.map(key));
  return [...faults.filter((fault) => !said.has(key(fault))), ...later].sort(compareFaults);
}
