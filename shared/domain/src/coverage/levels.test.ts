import { describe, expect, test } from 'vitest';
import { divisionsWithin, type ListedDivision, listInForce } from './divisions.ts';
import { growth } from './growth.ts';
import { addCoverage, coverageOf } from './levels.ts';

const division = (code: string, level: ListedDivision['level'], parent: string | null): ListedDivision => ({
  code,
  name: code,
  level,
  parent,
});
const LIST = [
  division('440000', 'province', null),
  division('440100', 'city', '440000'),
  division('440103', 'county', '440100'),
  division('440104', 'county', '440100'),
  division('110000', 'province', null),
  division('110101', 'county', '110000'),
];
const CORPS = [division('BT0000', 'province', null), division('BT9001', 'county', 'BT0000')];

describe('coverage by level', () => {
  test('a connected county makes its city and its province part of the network', () => {
    expect(coverageOf(LIST, new Set(['440103', '110000']))).toEqual({
      province: { connected: 2, implied: 1, total: 2, fraction: 1 },
      city: { connected: 1, implied: 1, total: 1, fraction: 1 },
      county: { connected: 1, implied: 0, total: 3, fraction: 1 / 3 },
    });
  });

  test('a level without divisions has no coverage, and nothing connected is none', () => {
    const nothing = coverageOf([], new Set(['440103']));
    expect(nothing.county).toEqual({ connected: 0, implied: 0, total: 0, fraction: null });
    expect(coverageOf(LIST, new Set(['999999'])).county.fraction).toBe(0);
    expect(addCoverage(nothing, nothing).city.fraction).toBeNull();
  });

  test('where nothing is named as connected, nobody knows: it is not none', () => {
    const unknown = coverageOf(LIST, new Set());
    expect(unknown.county).toEqual({ connected: 0, implied: 0, total: 3, fraction: null });
    expect(addCoverage(unknown, coverageOf(CORPS, new Set())).county).toEqual({ connected: 0, implied: 0, total: 4, fraction: null });
  });

  test('the Corps is counted in beside the divisions', () => {
    const connected = new Set(['440103', 'BT9001']);
    const both = addCoverage(coverageOf(LIST, connected), coverageOf(CORPS, connected));
    expect(both.county).toEqual({ connected: 2, implied: 0, total: 4, fraction: 0.5 });
    expect(both.province).toEqual({ connected: 2, implied: 2, total: 3, fraction: 2 / 3 });
  });

  test('parents that run in a circle end', () => {
    const circle = [division('a', 'county', 'b'), division('b', 'city', 'a')];
    expect(coverageOf(circle, new Set(['a'])).city.connected).toBe(1);
  });
});

test('a list is cut to divisions by their codes', () => {
  const codes = (within: string[]) => divisionsWithin(LIST, within).map(({ code }) => code);
  expect(codes(['440100'])).toEqual(['440100', '440103', '440104']);
  expect(codes(['440104', '110000'])).toEqual(['440104', '110000', '110101']);
  expect(codes(['000000'])).toHaveLength(6);
  expect(codes([])).toEqual([]);
});

test('the list in force is the latest that is not later than the day; before the first, the first', () => {
  const lists = [
    { id: 'b', kind: 'divisions', date: '2024-12-31' },
    { id: 'a', kind: 'divisions', date: '2017-12-31' },
    { id: 'c', kind: 'corps', date: '2017-12-31' },
  ] as const;
  const on = (day: string) => listInForce(lists, 'divisions', day)?.id;
  expect([on('2012-12-31'), on('2017-12-30'), on('2018-06-30'), on('2024-12-30'), on('2024-12-31')]).toEqual(['a', 'a', 'a', 'a', 'b']);
  expect(listInForce([], 'corps', '2018-06-30')).toBeNull();
});

test.each([
  [152, 147, { before: 147, absolute: 5, relative: 5 / 147 }],
  [3, 0, { before: 0, absolute: 3, relative: null }],
  [3, null, { before: null, absolute: null, relative: null }],
  [null, 3, { before: 3, absolute: null, relative: null }],
  [0, 4, { before: 4, absolute: -4, relative: -1 }],
])('growth of %s from %s', (now, before, expected) => {
  expect(growth(now, before)).toEqual(expected);
});
