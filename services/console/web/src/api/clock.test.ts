import { describe, expect, it } from 'vitest';
import { offsetOf } from './clock.ts';

const TOLD = 'Sun, 22 Nov 2026 15:00:00 GMT';
const AT = Date.parse(TOLD);

describe('the difference between the clocks', () => {
  it.each([
    ['the same second', AT + 300, AT + 320, 0],
    ['within the cut of a second', AT + 990, AT + 1_000, 0],
    ['a browser ten minutes behind', AT - 600_000, AT - 600_000, 600_500],
    ['a browser a minute ahead', AT + 60_000, AT + 60_000, -59_500],
    ['a slow way explains it', AT - 9_000, AT + 1_000, 0],
  ])('%s', (_name, sentAt, receivedAt, expected) => {
    expect(offsetOf(TOLD, sentAt, receivedAt)).toBe(expected);
  });
  it('is not learnt from an answer without a date', () => {
    expect(offsetOf(null, 0, 0)).toBeNull();
    expect(offsetOf('yesterday', 0, 0)).toBeNull();
  });
});
