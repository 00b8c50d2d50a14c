import { describe, expect, test } from 'vitest';
import { Pacing } from './pacing.ts';

describe('Pacing', () => {
  test('waits longer with each failure, up to a bound, and not at all after a success', () => {
    const pacing = new Pacing({ firstMs: 1_000, mostMs: 8_000, random: () => 1 });
    expect(pacing.waitMs(0)).toBe(0);
    expect([0, 0, 0, 0, 0, 0].map(() => pacing.failed(0))).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
    expect(pacing.waitMs(5_000)).toBe(3_000);
    pacing.succeeded();
    expect(pacing.waitMs(0)).toBe(0);
    expect(pacing.failed(0)).toBe(1_000);
  });

  test('spreads the attempts over half of the wait, and heeds what the other side asks for', () => {
    const soon = new Pacing({ firstMs: 1_000, mostMs: 8_000, random: () => 0 });
    expect(soon.failed(0)).toBe(500);
    expect(soon.failed(0, 30_000)).toBe(30_000);
    expect(soon.failed(0, 86_400_000)).toBe(600_000);
  });

  test('pauses when asked to', () => {
    const pacing = new Pacing({ firstMs: 1_000, mostMs: 8_000 });
    pacing.pause(10, 500);
    expect(pacing.waitMs(110)).toBe(400);
  });
});
