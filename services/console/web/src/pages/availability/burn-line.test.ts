import { expect, test } from 'vitest';
import { burnPaths, burnPoints, floorOf } from './burn-line.ts';

const at = (day: number) => new Date(Date.UTC(2026, 2, day)).toISOString();
const days = (spent: readonly (readonly [number, number, number])[]) => ({
  from: at(1),
  to: at(11),
  budgetMs: 100,
  items: spent.map(([consumedMs, consumedLeastMs, consumedMostMs], index) => ({
    date: '',
    from: at(index + 1),
    to: at(index + 2),
    availability: 1,
    lowest: 1,
    highest: 1,
    completeness: 1,
    verdict: 'met' as const,
    downMs: 0,
    unknownMs: 0,
    excludedMs: 0,
    consumedMs,
    consumedLeastMs,
    consumedMostMs,
  })),
});

test('begins with the whole budget and ends where the last day ends', () => {
  const points = burnPoints(
    days([
      [0, 0, 0],
      [50, 40, 60],
    ]),
  );
  expect(points.map(({ at: x, left }) => [x, left])).toEqual([
    [0, 1],
    [0.1, 1],
    [0.2, 0.5],
  ]);
  expect(points[2]).toMatchObject({ leftMost: 0.6, leftLeast: 0.4 });
});

test('without time that counts there is nothing to draw', () => {
  const points = burnPoints({ ...days([[0, 0, 0]]), budgetMs: 0 });
  expect(points).toEqual([]);
  expect(burnPaths(points, { width: 100, height: 50, floor: 0 })).toEqual({ line: '', band: '' });
});

test.each([
  [[[10, 10, 10]], 0],
  [[[120, 120, 120]], -0.25],
  [[[10, 10, 900]], -0.5],
  [[[900, 900, 900]], -1],
] as const)('the drawing of %j goes down to %d', (spent, floor) => {
  expect(floorOf(burnPoints(days(spent)))).toBe(floor);
});

test('is cut to its frame', () => {
  const { line } = burnPaths(burnPoints(days([[900, 900, 900]])), { width: 100, height: 50, floor: -1 });
  expect(line).toBe('M0 0L10 50');
});
