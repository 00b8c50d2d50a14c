import { expect, it } from 'vitest';
import { parseMetrics } from './metrics.ts';
import { faultOfCount, faultsOfRounds, roundsOf } from './soak-rounds.ts';

const metrics = (due: number, taken: number, late: number, skipped: number, failed: number) =>
  parseMetrics(
    [
      `beacontower_scheduler_rounds_due_total{kind="snmp",zone="a"} ${due}`,
      'beacontower_scheduler_rounds_due_total{kind="icmp",zone="a"} 900',
      `beacontower_scheduler_rounds_skipped_total{kind="snmp",zone="a"} ${skipped}`,
      `beacontower_snmp_rounds_total{result="taken",zone="a"} ${taken}`,
      `beacontower_snmp_rounds_total{result="late",zone="a"} ${late}`,
      `beacontower_snmp_rounds_total{result="failed",zone="b"} ${failed}`,
    ].join('\n'),
  );

it('counts what grew, of one kind alone', () => {
  expect(roundsOf('snmp', metrics(10, 8, 1, 1, 0), metrics(30, 24, 2, 3, 1))).toEqual({ due: 20, run: 16, late: 1, missed: 2, other: 1 });
});

it('finds fault with everything but a clean run', () => {
  const clean = { due: 100, run: 98, late: 0, missed: 0, other: 0 };
  expect(faultsOfRounds('snmp', clean, 8)).toEqual([]);
  expect(faultsOfRounds('snmp', clean, 1)).toEqual(['98 rounds of snmp were taken, 100 came due']);
  expect(faultsOfRounds('icmp', { ...clean, late: 1, missed: 2, other: 3 }, 8)).toHaveLength(3);
  expect(faultsOfRounds('icmp', { ...clean, due: 0, run: 0 }, 8)).toEqual(['no round of icmp came due']);
});

it('gives a round and a half of leeway', () => {
  const kind = { kind: 'snmp', count: 10, intervalMs: 1_000 } as const;
  expect(faultOfCount('polls', 115, kind, 10_000)).toEqual([]);
  expect(faultOfCount('polls', 84, kind, 10_000)).toEqual(['84 polls, 100 expected']);
  expect(faultOfCount('rows', 4_800, kind, 10_000, 48)).toEqual([]);
});
