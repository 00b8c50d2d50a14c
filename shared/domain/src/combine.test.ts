import { describe, expect, test } from 'vitest';
import { combineChecks, objectTransitions } from './combine.ts';
import { startOfLocalDate, wholeDays } from './days.ts';
import { intersect, subtract, union } from './intervals.ts';
import { divisionCovers, partitionOf } from './inventory.ts';
import { edgeBetween, type State, type Transition } from './state.ts';

describe('combineChecks', () => {
  const cases: { rule: 'any' | 'all'; states: State[]; result: State }[] = [
    { rule: 'any', states: [], result: 'unknown' },
    { rule: 'any', states: ['up', 'up'], result: 'up' },
    { rule: 'any', states: ['up', 'down'], result: 'degraded' },
    { rule: 'any', states: ['up', 'degraded'], result: 'degraded' },
    { rule: 'any', states: ['up', 'unknown'], result: 'up' },
    { rule: 'any', states: ['down', 'unknown'], result: 'unknown' },
    { rule: 'any', states: ['down', 'down'], result: 'down' },
    { rule: 'any', states: ['unknown', 'unknown'], result: 'unknown' },
    { rule: 'all', states: [], result: 'unknown' },
    { rule: 'all', states: ['up', 'up'], result: 'up' },
    { rule: 'all', states: ['up', 'down'], result: 'down' },
    { rule: 'all', states: ['unknown', 'down'], result: 'down' },
    { rule: 'all', states: ['up', 'unknown'], result: 'unknown' },
    { rule: 'all', states: ['up', 'degraded'], result: 'degraded' },
  ];
  test.each(cases)('$rule of $states is $result', ({ rule, states, result }) => {
    expect(combineChecks(rule, states)).toBe(result);
  });
});

describe('objectTransitions', () => {
  const change = (from: State, to: State, earliest: number, latest: number): Transition => ({
    from,
    to,
    edge: edgeBetween(earliest, latest),
    reason: 'no-reply',
    decidedAt: latest,
  });

  test('found in the wrong order, told in the order of their edges', () => {
    const result = objectTransitions(
      'any',
      ['up', 'up'],
      [
        { check: 0, transition: change('up', 'down', 400, 600) },
        { check: 1, transition: change('up', 'down', 200, 400) },
      ],
      { state: 'up', notBefore: 0 },
    );
    expect(result.map((item) => [item.from, item.to, item.edge.at])).toEqual([
      ['up', 'degraded', 300],
      ['degraded', 'down', 500],
    ]);
  });

  test('a change that does not move the object says nothing', () => {
    expect(
      objectTransitions('all', ['down', 'up'], [{ check: 1, transition: change('up', 'down', 1, 2) }], { state: 'down', notBefore: 0 }),
    ).toEqual([]);
  });

  test('a late finding never moves behind what was said, but keeps its bounds', () => {
    const [moved] = objectTransitions('any', ['down', 'up'], [{ check: 1, transition: change('up', 'down', 100, 200) }], {
      state: 'degraded',
      notBefore: 300,
    });
    expect(moved?.edge).toEqual({ at: 300, earliest: 100, latest: 300 });
  });
});

describe('ids and divisions', () => {
  test('the partition of an object is fixed for ever', () => {
    expect(['centre:bj-pe1', 'centre:gd-pe1', 'gd:unit-440100-001', ''].map((id) => partitionOf(id, 8))).toEqual([3, 4, 4, 5]);
    const spread = new Array<number>(8).fill(0);
    for (let i = 0; i < 8_000; i++) {
      const partition = partitionOf(`centre:device-${i}`, 8);
      spread[partition] = (spread[partition] ?? 0) + 1;
    }
    for (const count of spread) expect(Math.abs(count - 1_000)).toBeLessThan(200);
  });

  test.each([
    ['', 'cn.gd', true],
    ['cn', 'cn.gd.guangzhou', true],
    ['cn.gd', 'cn.gd', true],
    ['cn.g', 'cn.gd', false],
    ['cn.gd.guangzhou', 'cn.gd', false],
  ])('scope "%s" covers "%s": %s', (scope, division, covered) => {
    expect(divisionCovers(scope, division)).toBe(covered);
  });
});

describe('intervals', () => {
  test('union, intersect, subtract', () => {
    const a = union([
      { from: 5, to: 9 },
      { from: 1, to: 3 },
      { from: 3, to: 4 },
      { from: 8, to: 10 },
      { from: 7, to: 7 },
    ]);
    expect(a).toEqual([
      { from: 1, to: 4 },
      { from: 5, to: 10 },
    ]);
    expect(intersect(a, [{ from: 2, to: 6 }])).toEqual([
      { from: 2, to: 4 },
      { from: 5, to: 6 },
    ]);
    expect(
      subtract(a, [
        { from: 2, to: 6 },
        { from: 9, to: 20 },
      ]),
    ).toEqual([
      { from: 1, to: 2 },
      { from: 6, to: 9 },
    ]);
  });
});

describe('local days', () => {
  test('Shanghai days begin at 16:00 UTC', () => {
    expect(new Date(startOfLocalDate('2026-11-22', 'Asia/Shanghai')).toISOString()).toBe('2026-11-21T16:00:00.000Z');
    const from = Date.parse('2026-11-20T20:00:00Z');
    expect(wholeDays(from, from + 3 * 86_400_000, 'Asia/Shanghai').map((day) => day.day)).toEqual(['2026-11-22', '2026-11-23']);
  });

  test('a day when clocks change has 23 or 25 hours', () => {
    const hours = wholeDays(Date.parse('2026-03-28T00:00:00Z'), Date.parse('2026-03-31T12:00:00Z'), 'Europe/Paris').map(
      (day) => (day.to - day.from) / 3_600_000,
    );
    expect(hours).toContain(23);
  });

  test('an unknown time zone is an error', () => {
    expect(() => wholeDays(0, 1, 'Asia/Nowhere')).toThrow(RangeError);
  });
});
