import { expect, test } from 'vitest';
import { needOf } from './order.ts';

test('overdrawn and burning objectives come first, unread ones last', () => {
  const of = (leftFraction: number | null, firing: 'critical'[] = []) =>
    needOf({ leftFraction, availability: leftFraction === null ? null : 0.99, firing });
  const sorted = [of(0.9), of(-0.2), of(0.9, ['critical']), of(null), needOf(undefined)].sort((a, b) => a - b);
  expect(sorted).toEqual([of(-0.2), of(0.9, ['critical']), of(null), of(0.9), needOf(undefined)]);
});
