import { describe, expect, it } from 'vitest';
import type { Passage } from './breaker.ts';
import {
  afterFailure,
  decideWay,
  FAILING_LIMIT_MS,
  fallbacksAfter,
  HELD_LIMIT_MS,
  type Way,
  type WayCircumstances,
  waysAnew,
} from './way.ts';

const NOW = 10_000_000_000;
const way = (channel: string, address: string | null = null): Way => ({ channel, address });
const ROBOT = way('robot');
const MAIL = way('mail', 'noc@example.cn');
const SMS = way('sms', '13800000000');
const FREE: Passage = { passage: 'free' };
const PROBE: Passage = { passage: 'probe' };
const GONE: Passage = { passage: 'gone' };
const down = (ms: number): Passage => ({ passage: 'refused', until: NOW + ms });

function decide(passages: Record<string, Passage>, rest: Partial<WayCircumstances> = {}) {
  return decideWay({
    current: ROBOT,
    fallbacks: [MAIL, SMS],
    passageOf: (channel) => passages[channel] ?? FREE,
    failingSince: null,
    heldSince: null,
    now: NOW,
    ...rest,
  });
}

describe('decideWay', () => {
  const minute = { failingSince: NOW - FAILING_LIMIT_MS };
  it.each([
    ['its channel is free', {}, {}, { decision: 'go', way: ROBOT, probe: false }],
    ['its channel has failed for less than a minute', {}, { failingSince: NOW - 59_000 }, { decision: 'go', way: ROBOT, probe: false }],
    ['its channel has failed for a minute', {}, minute, { decision: 'divert', way: MAIL, probe: false, why: 'failing' }],
    ['its channel is down', { robot: down(5_000) }, {}, { decision: 'divert', way: MAIL, probe: false, why: 'circuit-open' }],
    [
      'its first fallback is down too',
      { robot: down(5_000), mail: down(1) },
      {},
      { decision: 'divert', way: SMS, probe: false, why: 'circuit-open' },
    ],
    ['its channel is to be tried', { robot: PROBE }, {}, { decision: 'go', way: ROBOT, probe: true }],
    [
      'its channel is to be tried, but not by one that has failed for a minute',
      { robot: PROBE },
      minute,
      { decision: 'divert', way: MAIL, probe: false, why: 'failing' },
    ],
    [
      'a fallback may be tried at least',
      { robot: down(9), mail: down(9), sms: PROBE },
      {},
      { decision: 'divert', way: SMS, probe: true, why: 'circuit-open' },
    ],
    ['everything is down', { robot: down(9_000), mail: down(4_000), sms: down(7_000) }, {}, { decision: 'hold', until: NOW + 4_000 }],
    ['everything else is down', { mail: down(4_000), sms: down(7_000) }, minute, { decision: 'go', way: ROBOT, probe: false }],
    ['there is no other way', { robot: down(5_000) }, { fallbacks: [] }, { decision: 'hold', until: NOW + 5_000 }],
    ['everything is down for hours', { robot: down(5_000) }, { fallbacks: [], heldSince: NOW - HELD_LIMIT_MS }, { decision: 'give-up' }],
    ['its channel is no longer there', { robot: GONE }, {}, { decision: 'divert', way: MAIL, probe: false, why: 'refused' }],
    [
      'its channel is no longer there, and there is no other',
      { robot: GONE },
      { fallbacks: [] },
      { decision: 'go', way: ROBOT, probe: false },
    ],
    [
      'its fallback is no longer there',
      { robot: down(5_000), mail: GONE },
      { fallbacks: [MAIL] },
      { decision: 'hold', until: NOW + 5_000 },
    ],
  ] as const)('%s', (_name, passages, rest, decision) => {
    expect(decide(passages, rest)).toEqual(decision);
  });
});

describe('what is tried after a diversion', () => {
  it('is the way that is down too, last of all: it may be back by then', () => {
    expect(fallbacksAfter(ROBOT, [MAIL, SMS], MAIL, 'circuit-open')).toEqual([SMS, ROBOT]);
    expect(fallbacksAfter(ROBOT, [MAIL, SMS], SMS, 'failing')).toEqual([MAIL, ROBOT]);
  });

  it('is not the way that refused it, or used up its attempts', () => {
    expect(fallbacksAfter(ROBOT, [MAIL, SMS], MAIL, 'refused')).toEqual([SMS]);
    expect(fallbacksAfter(ROBOT, [MAIL], MAIL, 'exhausted')).toEqual([]);
  });

  it('is everything in its first order when a person sends it again', () => {
    expect(waysAnew(ROBOT, [ROBOT, MAIL, SMS, MAIL])).toEqual({ current: ROBOT, fallbacks: [MAIL, SMS] });
  });
});

describe('afterFailure', () => {
  const usual = { refused: false, fallbacks: [MAIL], failingSince: NOW - 50_000, now: NOW };
  it.each([
    [
      'tried again, no later than its fallback is due',
      { state: 'retrying', pauseMs: 200_000 },
      usual,
      { state: 'retrying', pauseMs: 10_000, divert: null },
    ],
    [
      'tried again without a fallback',
      { state: 'retrying', pauseMs: 200_000 },
      { ...usual, fallbacks: [] },
      { state: 'retrying', pauseMs: 200_000, divert: null },
    ],
    [
      'refused for good',
      { state: 'dead', pauseMs: 0 },
      { ...usual, refused: true },
      { state: 'retrying', pauseMs: 0, divert: { way: MAIL, why: 'refused' } },
    ],
    ['out of attempts', { state: 'dead', pauseMs: 0 }, usual, { state: 'retrying', pauseMs: 0, divert: { way: MAIL, why: 'exhausted' } }],
    [
      'refused for good by the last',
      { state: 'dead', pauseMs: 0 },
      { ...usual, fallbacks: [] },
      { state: 'dead', pauseMs: 0, divert: null },
    ],
    [
      'a mail in doubt, which may have arrived',
      { state: 'uncertain', pauseMs: 0 },
      usual,
      { state: 'uncertain', pauseMs: 0, divert: null },
    ],
  ] as const)('%s', (_name, verdict, circumstances, onward) => {
    expect(afterFailure(verdict, circumstances)).toEqual(onward);
  });
});
