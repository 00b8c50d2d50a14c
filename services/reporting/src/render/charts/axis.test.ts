import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { availabilityAxis, unavailabilityAxis } from './axis.ts';

const at = (value: number, lowest = value, highest = value) => ({ value, lowest, highest });

describe('availabilityAxis', () => {
  test('does not begin at 0 where all lies near 100, and shows every bound and the target', () => {
    const axis = availabilityAxis([at(99.93, 99.907, 99.931), at(99.88, 99.857, 99.881)], 99.9);
    expect(axis).toMatchObject({ min: 99.84, max: 99.94, isCut: false });
    expect(axis.digits).toBe(2);
  });

  test('a bound far below leaves the figures apart and is said to be cut', () => {
    const axis = availabilityAxis([at(99.93, 20, 99.94), at(99.91, 99.9, 99.92)], 99.9);
    expect(axis.isCut).toBe(true);
    expect(axis.min).toBeGreaterThan(99.5);
  });

  test.each([
    ['nothing at all', [], null],
    ['nobody observed', [{ value: null, lowest: 0, highest: 100 }], 99.9],
    ['one figure on its target', [at(99.9)], 99.9],
    ['all 100', [at(100), at(100)], 100],
    ['all 0', [at(0)], 0],
  ])('%s still has an axis', (_, items, target) => {
    const axis = availabilityAxis(items, target);
    expect(axis.max).toBeGreaterThan(axis.min);
    expect(axis.min).toBeGreaterThanOrEqual(0);
    expect(axis.max).toBeLessThanOrEqual(100);
  });

  test('every figure and the target lie on it, and its ends are whole steps', () => {
    const items = fc.array(fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(items, fc.double({ min: 0, max: 100, noNaN: true }), (pairs, target) => {
        const measured = pairs.map(([a, b]) => at(Math.max(a, b), Math.min(a, b)));
        const axis = availabilityAxis(measured, target);
        for (const value of [target, ...measured.map((item) => item.value)]) {
          expect(value).toBeGreaterThanOrEqual(axis.min - 1e-9);
          expect(value).toBeLessThanOrEqual(axis.max + 1e-9);
        }
        expect((axis.max - axis.min) / axis.interval).toBeLessThanOrEqual(12);
      }),
    );
  });
});

describe('unavailabilityAxis', () => {
  test('begins at 0, for bars stand on it', () => {
    expect(unavailabilityAxis([at(0.1, 0.09, 0.13)], 0.1)).toMatchObject({ min: 0, max: 0.15, isCut: false });
  });

  test('a bound far beyond is cut', () => {
    expect(unavailabilityAxis([at(0.1, 0.09, 80)], 0.1)).toMatchObject({ min: 0, isCut: true });
  });

  test('no downtime at all still has an axis', () => {
    expect(unavailabilityAxis([at(0)], null).max).toBeGreaterThan(0);
  });
});
