import { describe, expect, it } from 'vitest';
import { nextDelay } from './back-off.ts';

describe('nextDelay', () => {
  it.each([
    { previous: 0, ranFor: 0, next: 100, why: 'the first end' },
    { previous: 100, ranFor: 50, next: 200, why: 'a second end in a row' },
    { previous: 4_000, ranFor: 9_999, next: 5_000, why: 'never longer than 5 s' },
    { previous: 5_000, ranFor: 10_000, next: 100, why: 'it had run steadily' },
  ])('$why: $next ms', ({ previous, ranFor, next }) => {
    expect(nextDelay(previous, ranFor)).toBe(next);
  });
});
