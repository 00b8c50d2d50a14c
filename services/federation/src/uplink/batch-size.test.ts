import { describe, expect, test } from 'vitest';
import { BatchSize } from './batch-size.ts';

describe('BatchSize', () => {
  test('grows while batches are taken quickly, up to what is allowed, and shrinks when they take long', () => {
    const size = new BatchSize(1_500_000);
    size.took(100, true);
    size.took(100, true);
    expect(size.bytes).toBe(1_500_000);
    size.took(2_000, true);
    expect(size.bytes).toBe(1_500_000);
    size.took(5_000, true);
    expect(size.bytes).toBe(750_000);
  });

  test('one line that takes long says nothing about how many go together', () => {
    const size = new BatchSize(1_500_000);
    const before = size.bytes;
    size.took(60_000, false);
    expect(size.bytes).toBe(before);
  });

  test('what is too large is tried smaller, down to one line', () => {
    const size = new BatchSize(1_000_000);
    let tries = 0;
    while (size.tooLarge()) tries += 1;
    expect(tries).toBeGreaterThan(1);
    expect(size.bytes).toBe(1);
  });
});
