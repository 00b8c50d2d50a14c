import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Interval, intersect, length, subtract, union } from './intervals.ts';

// Empty and backward spans are among them.
const spans = fc.array(fc.record({ from: fc.integer({ min: 0, max: 60 }), to: fc.integer({ min: 0, max: 60 }) }), { maxLength: 12 });
const covers = (intervals: readonly Interval[], at: number) => intervals.some(({ from, to }) => from <= at && at < to);
const moments = Array.from({ length: 61 }, (_, at) => at);

describe('intervals are sets of moments', () => {
  test('union, intersection and difference hold exactly the moments they should, sorted and disjoint', () => {
    fc.assert(
      fc.property(spans, spans, (a, b) => {
        const [x, y] = [union(a), union(b)];
        const cases: [Interval[], (at: number) => boolean][] = [
          [union([...a, ...b]), (at) => covers(a, at) || covers(b, at)],
          [intersect(x, y), (at) => covers(a, at) && covers(b, at)],
          [subtract(x, y), (at) => covers(a, at) && !covers(b, at)],
        ];
        for (const [result, wanted] of cases) {
          expect(moments.filter((at) => covers(result, at))).toEqual(moments.filter(wanted));
          expect(length(result)).toBe(moments.filter(wanted).length);
          result.forEach(({ from, to }, index) => {
            expect(to).toBeGreaterThan(from);
            if (index > 0) expect(from).toBeGreaterThanOrEqual(result[index - 1]?.to ?? 0);
          });
        }
      }),
    );
  });

  test('the laws: they commute, repeat without effect, and what is taken and what is left are the whole', () => {
    fc.assert(
      fc.property(spans, spans, spans, (a, b, c) => {
        const [x, y, z] = [union(a), union(b), union(c)];
        expect(union([...x, ...y])).toEqual(union([...y, ...x]));
        expect(intersect(x, y)).toEqual(intersect(y, x));
        expect(union(x)).toEqual(x);
        expect(union(intersect(x, x))).toEqual(x);
        expect(union([...intersect(x, y), ...subtract(x, y)])).toEqual(x);
        expect(union(intersect(x, union([...y, ...z])))).toEqual(union([...intersect(x, y), ...intersect(x, z)]));
        expect(union(subtract(x, union([...y, ...z])))).toEqual(union(subtract(subtract(x, y), z)));
        expect(length(x) + length(y)).toBe(length(union([...x, ...y])) + length(intersect(x, y)));
      }),
    );
  });
});
