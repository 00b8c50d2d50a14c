/** `beacontower config check`, `plan` and `apply`: the same steps for people (text) and for machines (--json). */
import {
  type Configuration,
  compareFaults,
  describeFault,
  type Fault,
  type Language,
  loadConfiguration,
  readConfigurationFiles,
  readShippedHolidays,
  type SecretUse,
} from '@beacontower/contracts';
import {
  type ApplyResult,
  applyInventory,
  type Database,
  type InventoryPlan,
  readDivisionLists,
  readInventoryPlan,
} from '@beacontower/database';
import { checkConfiguredTemplate } from '@beacontower/messages';
import { appendEntries, type createRedis, type Keys } from '@beacontower/queue';
import { describePlan, WORDS } from './configuration-output.ts';
import { type DesiredSettings, prepareDesired } from './desired.ts';
import { checkSecrets } from './secret-check.ts';

/** Exit codes: done; faults in the configuration; the change is refused; applied, but the running pipeline could not be told. */
export const EXIT = { ok: 0, faults: 1, refused: 2, untold: 3 } as const;

/** How long telling the pipeline may take: a Redis that is away would be waited for without end. */
const TELL_WITHIN_MS = 5000;

/** Where a command writes, and how. */
export interface CommandIo {
  /** Writes one piece of text, line ends included, to standard output. */
  readonly out: (text: string) => void;
  /** True on a terminal: colours are used there only. */
  readonly colour: boolean;
  readonly language: Language;
  /** One JSON document instead of words. */
  readonly json: boolean;
}

/** How to apply. `now` in epoch ms. */
export interface ApplySettings extends DesiredSettings {
  readonly now: number;
  readonly by: string;
  readonly source?: string | null;
}

/** Files read, checked and normalised; `configuration` null when any fault is an error. */
export interface CheckedConfiguration {
  readonly configuration: Configuration | null;
  readonly faults: readonly Fault[];
  readonly secrets: readonly SecretUse[];
  readonly files: number;
}

/** Reads and checks a configuration, and whether its secrets can be had, without saying anything: the step every command and every reload begins with. */
export async function readConfiguration(paths: readonly string[]): Promise<CheckedConfiguration> {
  const [read, shipped, divisionCodes] = await Promise.all([readConfigurationFiles(paths), readShippedHolidays(), readDivisionCodes()]);
  const loaded = loadConfiguration(read.files, {
    holidays: shipped.files,
    now: Date.now(),
    checkTemplate: checkConfiguredTemplate,
    ...(divisionCodes && { divisionCodes }),
  });
  const secrets = await checkSecrets(loaded.secrets);
  const unread = [...read.faults, ...shipped.faults];
  const isSound = unread.length === 0 && !secrets.some((fault) => fault.severity === 'error');
  const faults = [...unread, ...[...loaded.faults, ...secrets].sort(compareFaults)];
  return { configuration: isSound ? loaded.configuration : null, faults, secrets: loaded.secrets, files: read.files.length };
}

/** Null when a list cannot be read: coverage says so, and a configuration is no worse for it. */
async function readDivisionCodes(): Promise<ReadonlySet<string> | null> {
  const lists = await readDivisionLists().catch(() => null);
  return lists === null ? null : new Set(lists.flatMap((list) => list.divisions.map(({ code }) => code)));
}

/** `beacontower config check PATH…`: 0 when it can be applied (warnings are allowed), 1 when not. */
export async function configCheck(paths: readonly string[], io: CommandIo): Promise<number> {
  const checked = await readConfiguration(paths);
  if (io.json) {
    const entities = entitiesOf(checked) ?? 0;
    io.out(`${JSON.stringify({ ok: checked.configuration !== null, files: checked.files, entities, faults: checked.faults }, null, 2)}\n`);
  } else {
    sayFaults(checked.faults, io);
    sayVerdict(checked, io);
  }
  return checked.configuration === null ? EXIT.faults : EXIT.ok;
}

/** `beacontower plan PATH…`: shows what `apply` would change. 0 shown, 1 faults, 2 it would be refused. Changes nothing. */
export async function configPlan(paths: readonly string[], io: CommandIo, database: Database, settings: DesiredSettings): Promise<number> {
  const { checked, desired } = await prepareDesired(await readConfiguration(paths), database, settings);
  if (desired === null) return sayUnusable(checked, io);
  const plan = await readInventoryPlan(database, desired);
  if (io.json) io.out(`${JSON.stringify({ ok: plan.refused.length === 0, faults: checked.faults, plan: withoutBodies(plan) }, null, 2)}\n`);
  else {
    sayFaults(checked.faults, io);
    io.out(describePlan(plan, io, 'would'));
  }
  return plan.refused.length > 0 ? EXIT.refused : EXIT.ok;
}

/**
 * `beacontower apply PATH…`: 0 applied or nothing to do, 1 faults, 2 refused. On faults and refusals the running inventory stays as it was.
 * `tell` is called after the commit, and also when nothing had to change, which heals an earlier call that could not tell; its
 * failure does not undo the change (3; the scheduler also watches the version).
 */
export async function configApply(
  paths: readonly string[],
  io: CommandIo,
  database: Database,
  settings: ApplySettings,
  tell: (result: ApplyResult) => Promise<void>,
): Promise<number> {
  const { checked, desired } = await prepareDesired(await readConfiguration(paths), database, settings);
  if (desired === null) return sayUnusable(checked, io);
  const { now, by, source = null } = settings;
  const result = await applyInventory(database, desired, { now, by, source });
  const { plan, applied, version } = result;
  const told = plan.refused.length > 0 || (await within(TELL_WITHIN_MS, tell(result)));
  if (io.json) {
    io.out(
      `${JSON.stringify({ ok: plan.refused.length === 0, applied, told, version, faults: checked.faults, plan: withoutBodies(plan) }, null, 2)}\n`,
    );
  } else {
    sayFaults(checked.faults, io);
    io.out(describePlan(plan, io, applied ? 'did' : 'would'));
    if (plan.refused.length === 0) io.out(`${WORDS[io.language].version} ${version}\n`);
    if (!told) io.out(`${WORDS[io.language].untold}\n`);
  }
  if (plan.refused.length > 0) return EXIT.refused;
  return told ? EXIT.ok : EXIT.untold;
}

/** True when the work ended well in time. */
async function within(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = work.then(
    () => true,
    () => false,
  );
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}

/** Tells every partition's pipeline, in its own stream, that it must reload the inventory before its next entry. */
export async function announceInventory(
  redis: ReturnType<typeof createRedis>,
  keys: Keys,
  partitions: number,
  version: number,
): Promise<void> {
  for (let partition = 0; partition < partitions; partition++) {
    await appendEntries(redis, keys.observations(partition), [{ type: 'inventory', version }]);
  }
}

function sayFaults(faults: readonly Fault[], io: CommandIo): void {
  for (const fault of faults) {
    const words = describeFault(fault, io.language);
    const tint = fault.severity === 'error' ? '\u001b[31m' : '\u001b[33m';
    io.out(`${io.colour ? `${tint}${words}\u001b[0m` : words}\n`);
  }
}

function sayVerdict(checked: CheckedConfiguration, io: CommandIo): void {
  const errors = checked.faults.filter((fault) => fault.severity === 'error').length;
  const words = WORDS[io.language];
  io.out(`${words.verdict(checked.files, entitiesOf(checked), errors, checked.faults.length - errors)}\n`);
}

/** How many entities a configuration asks for; null when it cannot be used. */
function entitiesOf({ configuration }: CheckedConfiguration): number | null {
  return configuration === null ? null : configuration.entities.length + configuration.credentials.length;
}

function sayUnusable(checked: CheckedConfiguration, io: CommandIo): number {
  if (io.json) io.out(`${JSON.stringify({ ok: false, faults: checked.faults }, null, 2)}\n`);
  else {
    sayFaults(checked.faults, io);
    sayVerdict(checked, io);
    io.out(`${WORDS[io.language].untouched}\n`);
  }
  return EXIT.faults;
}

function withoutBodies(plan: InventoryPlan) {
  return {
    added: plan.added.map(({ entity, id, returns }) => ({ entity, id, returns })),
    changed: plan.changed.map(({ entity, id, fields }) => ({ entity, id, fields })),
    retired: plan.retired,
    unchanged: plan.unchanged,
    refused: plan.refused,
  };
}
