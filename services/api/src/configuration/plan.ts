import {
  type Configuration,
  type ConfigurationPlan,
  type CredentialBody,
  type DesiredEntity,
  type Fault,
  readShippedHolidays,
} from '@beacontower/contracts';
import { type Database, type InventoryPlan, readCurrentEntities, readDivisionLists, readInventoryPlan } from '@beacontower/database';
import { checkText } from './check.ts';

/** Changes listed; the counts are of all. */
const SHOWN_CHANGES = 1_000;
const SHOWN_FAULTS = 1_000;
const NOTHING = { refused: [], added: 0, changed: 0, removed: 0, changes: [] };

/**
 * What `beacontower apply` would change if the text were the whole configuration. The same checks and the same difference, but that no
 * secret is read: whoever may ask for a plan could otherwise have any file of this machine looked at.
 */
export async function planConfiguration(database: Database, text: string, now: number): Promise<ConfigurationPlan> {
  const [shipped, divisionCodes] = await Promise.all([readShippedHolidays(), readDivisionCodes()]);
  const checked = await checkText({ text, holidays: shipped.files, divisionCodes, now, mostFaults: SHOWN_FAULTS });
  const { configuration, left } = checked;
  const notices = {
    problems: [...checked.errors.map(noticeOf), ...moreOf(left.errors)],
    warnings: [...checked.warnings.map(noticeOf), ...moreOf(left.warnings)],
  };
  if (configuration === null) return { ...notices, ...NOTHING, credentialsCompared: true };
  const stored = await readCurrentEntities(database, 'credential');
  const entities = [...configuration.entities, ...credentialsAsStored(configuration, stored)];
  const plan = await readInventoryPlan(database, { entities, origin: 'file', partitions: configuration.node.partitions });
  return { ...notices, ...describePlan(plan), credentialsCompared: configuration.credentials.length === 0 };
}

/** Null when the lists cannot be read: a configuration is no worse for it. */
async function readDivisionCodes(): Promise<ReadonlySet<string> | null> {
  const lists = await readDivisionLists().catch(() => null);
  return lists === null ? null : new Set(lists.flatMap((list) => list.divisions.map(({ code }) => code)));
}

/** Credentials with the seal that is stored: what of them is no secret is compared. */
function credentialsAsStored({ credentials }: Configuration, stored: readonly CredentialBody[]): DesiredEntity[] {
  const seals = new Map(stored.map(({ id, sealed }) => [id, sealed]));
  return credentials.map(({ id, version, summary }) => ({
    entity: 'credential',
    id,
    body: { id, version, summary, sealed: seals.get(id) ?? '' },
  }));
}

function noticeOf({ line, path, problem, found, expected }: Fault): ConfigurationPlan['problems'][number] {
  const saw = (label: string) => (found === null ? '' : `${label}${found}`);
  return {
    line,
    path,
    message: `${problem.en}${saw('; found: ')}; ${asked(expected.en) ? '' : 'expected: '}${expected.en}`,
    messageZh: `${problem.zh}${saw('；实际：')}；${asked(expected.zh) ? '' : '应为：'}${expected.zh}`,
  };
}

/** A notice that stands for those which are not listed. */
function moreOf(left: number): ConfigurationPlan['problems'] {
  if (left === 0) return [];
  return [{ line: null, path: '', message: `and ${left} more, which are not listed`, messageZh: `另有 ${left} 处未列出` }];
}

/** "did you mean …?" is a question, not a thing that was expected. */
function asked(expected: string): boolean {
  return /[?？]$/.test(expected);
}

function describePlan(plan: InventoryPlan): Omit<ConfigurationPlan, 'problems' | 'warnings' | 'credentialsCompared'> {
  const changes: ConfigurationPlan['changes'] = [
    ...plan.changed.map(({ entity, id, fields }) => ({ change: 'changed' as const, kind: entity, id, fields: [...fields] })),
    ...plan.retired.map(({ entity, id }) => ({ change: 'removed' as const, kind: entity, id, fields: [] })),
    ...plan.added.map(({ entity, id }) => ({ change: 'added' as const, kind: entity, id, fields: [] })),
  ];
  return {
    refused: plan.refused.map(({ message }) => message),
    added: plan.added.length,
    changed: plan.changed.length,
    removed: plan.retired.length,
    changes: changes.slice(0, SHOWN_CHANGES),
  };
}
