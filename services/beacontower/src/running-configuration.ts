import { describeFault, type Fault } from '@beacontower/contracts';
import { applyInventory, type ObjectVersion, readCurrentEntities, readInventoryVersion, readObjects } from '@beacontower/database';
import { type Clock, type Sealer, UserError } from '@beacontower/runtime';
import { announceInventory, type CheckedConfiguration, readConfiguration } from './configuration-commands.ts';
import { counted } from './configuration-output.ts';
import type { Connections } from './connections.ts';
import { prepareDesired } from './desired.ts';
import { checkSeals } from './seal-credentials.ts';
import { checkStoredSecrets } from './secret-check.ts';

/** Faults shown before the person is sent to `config check`. */
const SHOWN_FAULTS = 20;

/** Reads and checks the configuration. Each fault is told as one line; throws a `UserError` when it cannot be used. */
export async function requireConfiguration(path: string, tell: (line: string) => void): Promise<CheckedConfiguration> {
  const checked = await readConfiguration([path]);
  const errors = checked.faults.filter((fault) => fault.severity === 'error');
  for (const fault of checked.faults.slice(0, SHOWN_FAULTS)) tell(describeFault(fault, 'en'));
  if (checked.configuration !== null) return checked;
  throw new UserError(
    `the configuration ${path} cannot be used (${counted(errors.length, 'fault')}): put them right, "beacontower config check ${path}" shows all`,
  );
}

/** What applying a configuration needs. `tell` is given each line for a person. */
export interface Applying {
  readonly connections: Connections;
  readonly clock: Clock;
  readonly sealer: () => Sealer;
  readonly tell: (line: string) => void;
}

/**
 * Applies a checked configuration and tells the pipeline of each partition. Throws a `UserError` when a secret is missing that must
 * be there, or when the change is refused because history would be lost; what runs stays as it was.
 */
export async function applyConfiguration(checked: CheckedConfiguration, source: string, applying: Applying): Promise<string> {
  const { connections, clock, tell } = applying;
  const prepared = await prepareDesired(checked, connections.database, applying);
  const { faults } = prepared.checked;
  for (const fault of faults.filter((one) => !checked.faults.includes(one)).slice(0, SHOWN_FAULTS)) tell(describeFault(fault, 'en'));
  if (prepared.desired === null) throw new UserError(`the configuration cannot be applied: ${errorsOf(faults)}`);
  const result = await applyInventory(connections.database, prepared.desired, { now: clock.now(), by: 'supervisor', source });
  const { added, changed, retired, refused } = result.plan;
  if (refused.length > 0) throw new UserError(`the configuration was refused: ${refused.map((refusal) => refusal.message).join('; ')}`);
  if (!result.applied) return 'no change';
  await announceInventory(connections.redis, connections.keys, result.partitions, result.version);
  return `${added.length} added, ${changed.length} changed, ${retired.length} retired`;
}

const errorsOf = (faults: readonly Fault[]) =>
  faults
    .filter((fault) => fault.severity === 'error')
    .map((fault) => fault.problem.en)
    .join('; ');

/** True when an inventory has been applied before. */
export async function hasInventory(connections: Connections): Promise<boolean> {
  return (await readInventoryVersion(connections.database)) > 0;
}

/** Tells of each secret that the inventory of before refers to and this process cannot have, and of seals that its key does not open. */
export async function warnOfStoredSecrets({ connections, sealer, tell }: Applying): Promise<void> {
  for (const line of await checkStoredSecrets(await readCurrentEntities(connections.database, 'channel'))) tell(line);
  const credentials = await readCurrentEntities(connections.database, 'credential');
  if (credentials.length > 0) for (const line of checkSeals(credentials, sealer())) tell(line);
}

const SHOWN_OBJECTS = 3;

/** What is watched, in one line for a person. */
export async function describeWatched(connections: Connections): Promise<string> {
  const all = (await readObjects(connections.database)).map(({ object }) => object);
  const checks = all.reduce((sum, object) => sum + object.checks.length, 0);
  // Interfaces are named by their devices, and are many.
  const objects = all.filter(({ kind }) => kind !== 'interface');
  const interfaces = all.length - objects.length;
  const named = objects.slice(0, SHOWN_OBJECTS).map((object) => `${object.name} (${placesOf(object).join(', ')})`);
  const more = objects.length > SHOWN_OBJECTS ? `, and ${objects.length - SHOWN_OBJECTS} more` : '';
  const counts = `${counted(objects.length, 'object')}${interfaces === 0 ? '' : ` and ${counted(interfaces, 'interface')}`}`;
  return `${counts} by ${counted(checks, 'check')}: ${named.join(', ')}${more}`;
}

/** Where an object is looked at: addresses, or the interfaces a circuit joins. */
function placesOf(object: ObjectVersion['object']): string[] {
  return [...new Set(object.checks.map((check) => (check.kind === 'interface' ? `${check.device}/${check.ifName}` : check.address)))];
}
