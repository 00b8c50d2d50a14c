import { describe, expect, it } from 'vitest';
import { judgeAttempt } from './judge.ts';

const usual = { attempts: 1, maxAttempts: 3, inDoubt: 'resend', random: 0.5 } as const;

describe('judgeAttempt', () => {
  it.each([
    ['delivered', { outcome: 'delivered', retryAfterMs: null }, usual, 'delivered', 0],
    ['refused for good', { outcome: 'rejected', retryAfterMs: null }, usual, 'dead', 0],
    ['to be tried again', { outcome: 'retry', retryAfterMs: null }, usual, 'retrying', 500],
    ['after the second failure', { outcome: 'retry', retryAfterMs: null }, { ...usual, attempts: 2 }, 'retrying', 1_000],
    ['asked to wait', { outcome: 'retry', retryAfterMs: 7_000 }, usual, 'retrying', 7_000],
    ['asked not to wait', { outcome: 'retry', retryAfterMs: 0 }, usual, 'retrying', 0],
    ['too often', { outcome: 'retry', retryAfterMs: null }, { ...usual, attempts: 3 }, 'dead', 0],
    ['in doubt, sent again', { outcome: 'in-doubt', retryAfterMs: null }, usual, 'retrying', 500],
    ['in doubt, left', { outcome: 'in-doubt', retryAfterMs: null }, { ...usual, inDoubt: 'leave' }, 'uncertain', 0],
    ['in doubt at the last attempt', { outcome: 'in-doubt', retryAfterMs: null }, { ...usual, attempts: 3 }, 'dead', 0],
  ] as const)('%s', (_name, result, circumstances, state, pauseMs) => {
    expect(judgeAttempt(result, circumstances)).toEqual({ state, pauseMs });
  });
});
