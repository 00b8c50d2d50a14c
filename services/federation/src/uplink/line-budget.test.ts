import { describe, expect, test } from 'vitest';
import { LineBudget } from './line-budget.ts';

describe('LineBudget', () => {
  test('the log waits until what was sent is paid for', () => {
    const budget = new LineBudget(1_000);
    budget.spent(0, 'log', 2_000);
    expect(budget.logWaitMs(500)).toBe(1_500);
    expect(budget.logWaitMs(2_000)).toBe(0);
  });

  test('a snapshot goes at once while the log is being paid for, and takes half of the line at the most', () => {
    const budget = new LineBudget(1_000);
    budget.spent(0, 'log', 60_000);
    expect(budget.snapshotWaitMs(0)).toBe(0);
    budget.spent(0, 'snapshot', 1_000);
    expect(budget.snapshotWaitMs(0)).toBe(2_000);
    expect(budget.logWaitMs(0)).toBe(61_000);
  });

  test('batches are about a second of the line, and all that is allowed where nothing is said of it', () => {
    expect(new LineBudget(16_000).batchBytes(1_000_000)).toBe(64_000);
    expect(new LineBudget(100).batchBytes(1_000_000)).toBe(8_192);
    const free = new LineBudget(null);
    free.spent(0, 'log', 1e9);
    expect([free.batchBytes(1_000_000), free.logWaitMs(0)]).toEqual([1_000_000, 0]);
  });
});
