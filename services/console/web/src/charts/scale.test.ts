import { describe, expect, it } from 'vitest';
import { scaleFor } from './scale.ts';

describe('scaleFor', () => {
  it.each([
    [0, 1, 0.25],
    [Number.NaN, 1, 0.25],
    [1, 1, 0.25],
    [43.4e9, 60e9, 20e9],
    [9.9, 10, 2.5],
    [0.1, 0.1, 0.025],
    [100, 100, 25],
    [101, 150, 50],
  ])('%d ends at %d', (highest, max, step) => {
    const scale = scaleFor(highest);
    expect(scale.max).toBeCloseTo(max);
    expect(scale.step).toBeCloseTo(step);
    expect(scale.max / scale.step).toBeLessThanOrEqual(4.0001);
  });
});
