import { describe, expect, it } from 'vitest';
import { percentile95, summarise, withGaps } from './points.ts';

const at = (second: number) => new Date(second * 1000).toISOString();

describe('withGaps', () => {
  it('says where nothing was seen', () => {
    const points = withGaps(
      [
        [at(0), 1, 2, 3],
        [at(10), 1, 2, 3],
        [at(40), 4, 5, 6],
      ],
      10_000,
    );
    expect(points).toEqual([
      [0, 1, 2, 3],
      [10_000, 1, 2, 3],
      [20_000, null, null, null],
      [40_000, 4, 5, 6],
    ]);
  });
  it('of nothing is nothing', () => expect(withGaps([], 1)).toEqual([]));
});

describe('percentile95', () => {
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => n - i);
  it.each([
    [[], null],
    [[7], 7],
    [upTo(20), 19],
    [upTo(100), 95],
    [upTo(101), 96],
    [upTo(288), 274],
  ])('of %j values', (values, expected) => expect(percentile95(values)).toBe(expected));
});

describe('summarise', () => {
  it('takes extremes of the extremes and the mean of the means; gaps are not zeros', () => {
    expect(
      summarise([
        [0, 1, 2, 9],
        [1, null, null, null],
        [2, 3, 4, 5],
      ]),
    ).toEqual({ min: 1, avg: 3, max: 9, p95: 4 });
  });
  it('of nothing is nothing', () => expect(summarise([])).toEqual({ min: null, avg: null, max: null, p95: null }));
});
