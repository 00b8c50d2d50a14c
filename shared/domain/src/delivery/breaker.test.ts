import { describe, expect, it } from 'vitest';
import { afterAttempt, type Breaker, CLOSED_BREAKER, type Evidence, evidenceOf, passageOf, probing } from './breaker.ts';

const NOW = 1_000_000;
const after = (breaker: Breaker, evidence: Evidence, now = NOW, retryAfterMs: number | null = null) =>
  afterAttempt(breaker, evidence, { now, retryAfterMs });
const failed = (times: number, breaker = CLOSED_BREAKER): Breaker =>
  Array.from({ length: times }).reduce<Breaker>((state) => after(state, 'fails'), breaker);

describe('evidenceOf', () => {
  it.each([
    ['delivered', 'delivered', 200, 'answers'],
    ['no connection', 'retry', null, 'fails'],
    ['no answer in time', 'in-doubt', null, 'fails'],
    ['HTTP 500', 'retry', 500, 'fails'],
    ['HTTP 429', 'retry', 429, 'fails'],
    ['HTTP 408', 'retry', 408, 'fails'],
    ['a robot that answers 200 and says "too many"', 'retry', 200, 'fails'],
    ['SMTP 421', 'retry', 421, 'fails'],
    ['SMTP 535, a refused sign-in', 'retry', 535, 'fails'],
    ['SMTP 451, greylisted', 'retry', 451, 'answers'],
    ['SMTP 550, no such mailbox', 'rejected', 550, 'answers'],
    ['HTTP 404', 'rejected', 404, 'answers'],
    ['never sent: the message cannot be read', 'rejected', null, 'nothing'],
  ] as const)('%s', (_name, outcome, status, evidence) => {
    expect(evidenceOf({ outcome, status })).toBe(evidence);
  });
});

describe('a circuit breaker', () => {
  it('opens after five failures in a row, not after four', () => {
    expect(passageOf(failed(4), NOW)).toEqual({ passage: 'free' });
    expect(passageOf(failed(5), NOW)).toEqual({ passage: 'refused', until: NOW + 5_000 });
  });

  it('counts in a row alone, and not what says nothing of the channel', () => {
    expect(failed(4, after(failed(4), 'answers')).state).toBe('closed');
    expect(after(failed(4), 'nothing')).toEqual(failed(4));
  });

  it('is tried by one message when its pause is over, and by another when that one is lost', () => {
    const open = failed(5);
    expect(passageOf(open, NOW + 5_000)).toEqual({ passage: 'probe' });
    const tried = probing(open, NOW + 30_000);
    expect(passageOf(tried, NOW + 5_001)).toEqual({ passage: 'refused', until: NOW + 30_000 });
    expect(passageOf(tried, NOW + 30_000)).toEqual({ passage: 'probe' });
  });

  it('closes when the channel answers, whoever asked', () => {
    expect(after(probing(failed(5), NOW + 30_000), 'answers')).toEqual(CLOSED_BREAKER);
    expect(after(failed(5), 'answers')).toEqual(CLOSED_BREAKER);
  });

  it('pauses longer after each trial that fails, up to five minutes', () => {
    let breaker = failed(5);
    const pauses: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      pauses.push((breaker.probeAt ?? 0) - NOW);
      breaker = after(probing(breaker, NOW + 1_000_000), 'fails');
    }
    expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
    expect(breaker.openedAt).toBe(NOW);
  });

  it('does not pause longer for what was under way when it opened', () => {
    expect(failed(8)).toEqual({ ...failed(5), failures: 8 });
  });

  it('honours what the receiver asks for, up to five minutes', () => {
    expect(after(failed(4), 'fails', NOW, 60_000).probeAt).toBe(NOW + 60_000);
    expect(after(failed(4), 'fails', NOW, 3_600_000).probeAt).toBe(NOW + 300_000);
  });

  it('is tried when its pause was begun before the clock went back', () => {
    expect(passageOf(failed(5), NOW - 86_400_000)).toEqual({ passage: 'probe' });
    expect(passageOf(failed(5), NOW - 60_000)).toEqual({ passage: 'refused', until: NOW + 5_000 });
  });
});
