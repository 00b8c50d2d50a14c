/** Rounds of each kind between two moments of a soak, by what became of them. */
import type { MetricsText } from './metrics.ts';

/** One kind of check: how many, how often. */
export interface SoakedKind {
  readonly kind: 'icmp' | 'snmp';
  /** Targets or devices. */
  readonly count: number;
  readonly intervalMs: number;
}

export interface Rounds {
  readonly due: number;
  readonly run: number;
  readonly late: number;
  /** Passed over by the scheduler, or taken out of a queue nobody emptied. */
  readonly missed: number;
  /** Without a plan, blind, or failed. */
  readonly other: number;
}

/** Counts what grew between two texts of metrics. */
export function roundsOf(kind: SoakedKind['kind'], before: MetricsText, after: MetricsText): Rounds {
  const grown = (name: string, labels: Readonly<Record<string, string>>) =>
    after.sum(`beacontower_${name}_total`, labels) - before.sum(`beacontower_${name}_total`, labels);
  const run = grown(`${kind}_rounds`, { result: 'taken' });
  const late = grown(`${kind}_rounds`, { result: 'late' });
  return {
    due: grown('scheduler_rounds_due', { kind }),
    run,
    late,
    missed: grown('scheduler_rounds_skipped', { kind }) + grown('scheduler_rounds_dropped', { kind }),
    other: grown(`${kind}_rounds`, {}) - run - late,
  };
}

/** What was not as promised of one kind, in words. `shards` may have been under way at either end. */
export function faultsOfRounds(kind: SoakedKind['kind'], { due, run, late, missed, other }: Rounds, shards: number): string[] {
  const zero = (what: string, value: number) => (value === 0 ? [] : [`${value} rounds of ${kind} ${what}`]);
  return [
    ...zero('were late', late),
    ...zero('were missed', missed),
    ...zero('ended otherwise than they should (no plan, blind, failed)', other),
    ...(due === 0 ? [`no round of ${kind} came due`] : []),
    ...(Math.abs(run - due) <= shards ? [] : [`${run} rounds of ${kind} were taken, ${due} came due`]),
  ];
}

/** Says so when a number is not what it should be, with a round and a half of leeway at the ends. */
export function faultOfCount(what: string, value: number, { count, intervalMs }: SoakedKind, elapsedMs: number, each = 1): string[] {
  const expected = (elapsedMs / intervalMs) * count * each;
  return Math.abs(value - expected) <= 1.5 * count * each ? [] : [`${value} ${what}, ${expected.toFixed(0)} expected`];
}
