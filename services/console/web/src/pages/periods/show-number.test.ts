import { expect, test } from 'vitest';
import { showDifference, showNumber } from './show-number.ts';

test.each([
  ['fraction', 0.99969, '99.96900%'],
  ['ms', 90_000, '1m 30s'],
  ['count', 3, '3'],
  ['ms', null, '—'],
] as const)('a number of %s: %s', (unit, value, text) => {
  expect(showNumber(unit, value, 'en')).toBe(text);
});

test.each([
  ['fraction', -0.0001, '−0.01000'],
  ['fraction', 1e-9, '+1.0e-7'],
  ['ms', 60_000, '+1m'],
  ['count', -2, '−2'],
  ['ms', 0, null],
  ['ms', null, null],
] as const)('a difference of %s: %s', (unit, value, text) => {
  expect(showDifference(unit, value, 'en')).toBe(text);
});
