import type { ClosedPeriodSummary } from '@beacontower/contracts';
import { describe, expect, test } from 'vitest';
import { chosenPair, compareFrozen, compareGroups, type Frozen, groupVersions } from './versions.ts';

const account = (downMs: number) => ({
  totalMs: 1000,
  upMs: 1000 - downMs,
  downMs,
  unknownMs: 0,
  excludedMs: 0,
  degradedMs: 0,
  downLeastMs: downMs,
  downMostMs: downMs,
  upWithMaintenanceMs: 1000 - downMs,
  downWithMaintenanceMs: downMs,
});
const numbers = (downMs: number) => {
  const availability = 1 - downMs / 1000;
  return {
    availability,
    lowest: availability,
    highest: availability,
    completeness: 1,
    availabilityWithMaintenance: availability,
    account: account(downMs),
    unobserved: 0,
  };
};
const frozen = (key: string | null, downMs: number, more: Partial<Frozen> = {}): Frozen => ({
  group: key === null ? 'whole' : 'division',
  key,
  members: 3,
  resolutionMs: 20_000,
  verdict: 'met',
  experienced: numbers(downMs),
  responsible: numbers(0),
  ...more,
});
const version = (number: number, from = 'f', objective = 'o'): ClosedPeriodSummary => ({
  id: `${objective}${from}${number}`,
  objective,
  division: 'cn',
  from,
  to: 't',
  version: number,
  knownUntil: '',
  closedAt: '',
  closedBy: '',
  reason: '',
  membersChanged: 0,
  whole: null,
});

test('versions of one period stand together, the latest first', () => {
  const groups = groupVersions([version(2), version(1), version(1, 'g'), version(3)]);
  expect(groups.map(({ from, versions }) => [from, versions.map((each) => each.version)])).toEqual([
    ['f', [3, 2, 1]],
    ['g', [1]],
  ]);
});

describe('the pair', () => {
  const all = [version(3), version(2), version(1)];
  test.each([
    [null, null, [2, 3]],
    [1, null, [1, 3]],
    [3, 1, [1, 3]],
    [null, 2, [1, 2]],
    [9, 9, [2, 3]],
    [2, 2, [null, 2]],
  ])('of %s and %s', (a, b, wanted) => {
    expect(chosenPair(all, { a, b }).map((each) => each?.version ?? null)).toEqual(wanted);
  });
  test('of one version is that alone', () => {
    expect(chosenPair([version(1)], { a: null, b: null }).map((each) => each?.version ?? null)).toEqual([null, 1]);
  });
});

test('figures are held against each other line by line, by the basis', () => {
  const rows = new Map(compareFrozen(frozen(null, 100), frozen(null, 150), 'experienced').map((row) => [row.key, row]));
  expect(rows.get('down')).toMatchObject({ before: 100, after: 150, difference: 50, unit: 'ms' });
  expect(rows.get('availability')?.difference).toBeCloseTo(-0.05);
  expect(compareFrozen(frozen(null, 100), frozen(null, 150), 'responsible').every(({ difference }) => difference === 0)).toBe(true);
  expect(compareFrozen(null, frozen(null, 1), 'experienced')[0]).toMatchObject({ before: null, difference: null });
});

test('groups that changed come first, and those that came or went are named', () => {
  const before = [frozen(null, 0), frozen('cn.a', 1), frozen('cn.b', 10), frozen('cn.gone', 0)];
  const after = [frozen(null, 0), frozen('cn.a', 1), frozen('cn.b', 300), frozen('cn.new', 0)];
  const groups = compareGroups(before, after, { group: 'division', basis: 'experienced' });
  expect(groups.map(({ key, changed }) => [key, changed])).toEqual([
    ['cn.gone', true],
    ['cn.new', true],
    ['cn.b', true],
    ['cn.a', false],
  ]);
});
