import { describe, expect, it } from 'vitest';
import { backoffMs, judgeStatus, retryAfterMs } from './backoff.ts';

describe('backoffMs', () => {
  it.each([
    [1, 0.999_999, 1_000],
    [2, 0.999_999, 2_000],
    [5, 0.999_999, 16_000],
    [12, 0.999_999, 300_000],
    [1_000, 0.999_999, 300_000],
    [3, 0.5, 2_000],
    [3, 0, 0],
  ])('after %i failures with jitter %d it is %i ms', (failed, random, expected) => {
    expect(backoffMs(failed, random)).toBe(expected);
  });
});

describe('retryAfterMs', () => {
  const now = Date.parse('2026-11-22T00:00:00Z');
  it.each([
    [null, null],
    ['7', 7_000],
    [' 0 ', 0],
    ['86400', 3_600_000],
    ['Sun, 22 Nov 2026 00:01:00 GMT', 60_000],
    ['Sat, 21 Nov 2026 00:00:00 GMT', 0],
    ['Mon, 23 Nov 2026 00:00:00 GMT', 3_600_000],
    ['soon', null],
    ['-5', null],
    ['1.5', null],
    ['', null],
  ])('%s', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe('judgeStatus', () => {
  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [299, 'delivered'],
    [301, 'rejected'],
    [400, 'rejected'],
    [404, 'rejected'],
    [408, 'retry'],
    [410, 'rejected'],
    [425, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('%i is %s', (status, expected) => {
    expect(judgeStatus(status)).toBe(expected);
  });
});
