/** Versions of closed periods, put together and held against each other. Pure. */
import type { ClosedPeriodSummary } from '@beacontower/contracts';

/** All versions of one period of one objective, the latest first. */
export interface PeriodVersions {
  readonly key: string;
  readonly objective: string;
  readonly from: string;
  readonly to: string;
  readonly versions: readonly ClosedPeriodSummary[];
}

/** In the order in which the periods come. */
export function groupVersions(items: readonly ClosedPeriodSummary[]): PeriodVersions[] {
  const groups = new Map<string, { key: string; objective: string; from: string; to: string; versions: ClosedPeriodSummary[] }>();
  for (const item of items) {
    const { objective, from, to } = item;
    const key = `${objective} ${from} ${to}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { key, objective, from, to, versions: [item] });
    else group.versions.push(item);
  }
  return [...groups.values()].map((group) => ({ ...group, versions: group.versions.sort((a, b) => b.version - a.version) }));
}

/** The two versions to be held against each other, the older first: those asked for where they are, else the latest and the one before. */
export function chosenPair(
  versions: readonly ClosedPeriodSummary[],
  asked: { readonly a: number | null; readonly b: number | null },
): readonly [ClosedPeriodSummary | null, ClosedPeriodSummary | null] {
  const find = (version: number | null) => versions.find((each) => each.version === version) ?? null;
  const newer = find(asked.b) ?? versions[0] ?? null;
  const older = find(asked.a) ?? versions.find((each) => newer !== null && each.version < newer.version) ?? null;
  if (older !== null && newer !== null && older.version > newer.version) return [newer, older];
  return [older === newer ? null : older, newer];
}

const ROWS = [
  'availability',
  'lowest',
  'highest',
  'completeness',
  'withMaintenance',
  'down',
  'unknown',
  'excluded',
  'members',
  'resolution',
] as const;
export type RowKey = (typeof ROWS)[number];

/** One line of the comparison. `unit` says how its numbers are to be shown. */
export interface ComparedRow {
  readonly key: RowKey;
  readonly unit: 'fraction' | 'ms' | 'count';
  readonly before: number | null;
  readonly after: number | null;
  /** After less before; null when either is unknown. */
  readonly difference: number | null;
}

export type Frozen = NonNullable<ClosedPeriodSummary['whole']>;
export type Basis = 'experienced' | 'responsible';

/** Two frozen figures of the same members line by line; `before` null: there is no older one. */
export function compareFrozen(before: Frozen | null, after: Frozen, basis: Basis): ComparedRow[] {
  return ROWS.map((key) => {
    const [a, b] = [before === null ? null : numberOf(before, basis, key), numberOf(after, basis, key)];
    return { key, unit: unitOf(key), before: a, after: b, difference: a === null || b === null ? null : b - a };
  });
}

function numberOf(figure: Frozen, basis: Basis, key: RowKey): number | null {
  const { account, ...fractions } = figure[basis];
  switch (key) {
    case 'withMaintenance':
      return fractions.availabilityWithMaintenance;
    case 'down':
      return account.downMs;
    case 'unknown':
      return account.unknownMs;
    case 'excluded':
      return account.excludedMs;
    case 'members':
      return figure.members;
    case 'resolution':
      return figure.resolutionMs;
    default:
      return fractions[key];
  }
}

function unitOf(key: RowKey): ComparedRow['unit'] {
  if (key === 'members') return 'count';
  return key === 'down' || key === 'unknown' || key === 'excluded' || key === 'resolution' ? 'ms' : 'fraction';
}

/** Each group of either version, with its figures; those that differ first, the greatest difference first. */
export function compareGroups(
  before: readonly Frozen[],
  after: readonly Frozen[],
  { group, basis }: { readonly group: 'division' | 'party'; readonly basis: Basis },
): { readonly key: string | null; readonly before: Frozen | null; readonly after: Frozen | null; readonly changed: boolean }[] {
  const of = (figures: readonly Frozen[]) => new Map(figures.filter((each) => each.group === group).map((each) => [each.key, each]));
  const [old, fresh] = [of(before), of(after)];
  const size = (key: string | null) => Math.abs((fresh.get(key)?.[basis].availability ?? 0) - (old.get(key)?.[basis].availability ?? 0));
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((key) => {
      const [a, b] = [old.get(key) ?? null, fresh.get(key) ?? null];
      return { key, before: a, after: b, changed: JSON.stringify(a?.[basis]) !== JSON.stringify(b?.[basis]) };
    })
    .sort((a, b) => Number(b.changed) - Number(a.changed) || size(b.key) - size(a.key) || ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
}
