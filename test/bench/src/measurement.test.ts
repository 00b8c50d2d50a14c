import { describe, expect, it } from 'vitest';
import { percentile } from './measurement.ts';

describe('percentile', () => {
  it.each([
    [[5, 1, 3], 0.5, 3],
    [Array.from({ length: 50 }, (_, i) => i + 1), 0.99, 50],
    [Array.from({ length: 200 }, (_, i) => i + 1), 0.99, 198],
    [[7], 0.99, 7],
  ])('%j at %f', (samples, p, expected) => {
    expect(percentile(samples, p)).toBe(expected);
  });

  it('is no number without samples', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});
