import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

describe('the token bucket', () => {
  it('starts full, gives what is there and fills at its rate', () => {
    const bucket = new TokenBucket(100, 50);
    expect(bucket.take(80, 0)).toBe(50);
    expect(bucket.take(10, 0)).toBe(0);
    expect(bucket.take(10, 55)).toBe(5);
    expect(bucket.take(1_000, 60_000)).toBe(50);
  });

  it('never gives more than its capacity and rate allow, and takes no harm from time that stands still or goes back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -50, max: 500 }), fc.integer({ min: 0, max: 200 })), { maxLength: 50 }), (takes) => {
        const bucket = new TokenBucket(100, 40);
        let now = 0;
        let latest = 0;
        let earliest: number | undefined;
        let given = 0;
        for (const [pause, wanted] of takes) {
          now += pause;
          earliest ??= now;
          latest = Math.max(latest, now);
          given += bucket.take(wanted, now);
        }
        expect(given).toBeLessThanOrEqual(40 + (latest - (earliest ?? 0)) * 0.1 + 1e-6);
      }),
    );
  });
});
