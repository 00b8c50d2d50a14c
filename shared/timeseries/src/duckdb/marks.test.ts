import { expect, it } from 'vitest';
import { Marks } from './marks.ts';

it('marks keep the latest time of checks, near and far apart', () => {
  const marks = new Marks();
  const keys = [0, 1, 4_095, 4_096, 0xffff_ffff, 2];
  for (const [index, key] of keys.entries()) {
    expect(marks.get(key)).toBe(-1);
    marks.set(key, 1_000 + index);
  }
  expect(keys.map((key) => marks.get(key))).toEqual([1_000, 1_001, 1_002, 1_003, 1_004, 1_005]);
});
