import { expect, it } from 'vitest';
import { drawDay } from './day.ts';

const OPTIONS = { seed: 7, from: 1_000_000, to: 1_000_000 + 86_400_000, outages: 10 };

it('draws the same day for the same seed, and another for another', () => {
  const day = drawDay(['a', 'b'], OPTIONS);
  expect(drawDay(['a', 'b'], OPTIONS)).toEqual(day);
  expect(drawDay(['a', 'b'], { ...OPTIONS, seed: 8 })).not.toEqual(day);
});

it('has outages of an object that lie within the day, last and do not touch each other', () => {
  const day = drawDay(['a'], OPTIONS);
  expect(day).toHaveLength(10);
  for (const [n, { from, to }] of day.entries()) {
    expect(to - from).toBeGreaterThan(120_000);
    expect(from).toBeGreaterThan((day[n - 1]?.to ?? OPTIONS.from - 1) + (n === 0 ? 0 : 120_000));
    expect(to).toBeLessThan(OPTIONS.to);
  }
});
