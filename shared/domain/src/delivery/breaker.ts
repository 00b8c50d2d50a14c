/** A channel's circuit breaker: after some failures in a row nothing is sent by it but one message at a time that tries it. Pure. */

export interface BreakerPolicy {
  /** Failures in a row after which it opens. */
  readonly opensAfter: number;
  /** Pause before the first probe, ms; doubled after each that fails, up to the longest. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export const DEFAULT_BREAKER_POLICY: BreakerPolicy = { opensAfter: 5, firstPauseMs: 5_000, longestPauseMs: 300_000 };

/** What is known of a channel. Times are epoch ms. */
export interface Breaker {
  /** `open`: it is down; `half-open`: one message is trying it. */
  readonly state: 'closed' | 'open' | 'half-open';
  /** Failures in a row. */
  readonly failures: number;
  /** How often it opened without a success between. */
  readonly openings: number;
  readonly openedAt: number | null;
  /** When a message may try it; of a half-open one, when another may, should the first be lost. */
  readonly probeAt: number | null;
}

export const CLOSED_BREAKER: Breaker = { state: 'closed', failures: 0, openings: 0, openedAt: null, probeAt: null };

/** Whether a message may go: freely; to try the channel; not before `until`; or never, since there is no such channel. */
export type Passage =
  | { readonly passage: 'free' }
  | { readonly passage: 'probe' }
  | { readonly passage: 'refused'; readonly until: number }
  | { readonly passage: 'gone' };

/** A pause that is longer than any can be was begun before the clock went back: it is over. */
export function passageOf(breaker: Breaker, now: number, policy = DEFAULT_BREAKER_POLICY): Passage {
  if (breaker.state === 'closed') return { passage: 'free' };
  const until = breaker.probeAt ?? now;
  return now >= until || until - now > policy.longestPauseMs ? { passage: 'probe' } : { passage: 'refused', until };
}

/** One message tries the channel; should it be lost, another may at `lapsesAt`. */
export function probing(breaker: Breaker, lapsesAt: number): Breaker {
  return { ...breaker, state: 'half-open', probeAt: lapsesAt };
}

/** What an attempt says of its channel: it answers (whatever it says of the message), it fails, or neither. */
export type Evidence = 'answers' | 'fails' | 'nothing';

/** Codes (HTTP, SMTP) that speak of the channel, not of the message: time-out, too early, too many, service not available, sign-in not now. */
const OF_THE_CHANNEL: ReadonlySet<number> = new Set([408, 425, 429, 421, 454]);

/**
 * No answer, an error of the server's (5xx), a refused sign-in, too many messages: the channel. A refusal of this message or its
 * address, for now (greylisting) or for good: the channel answers. `retry` beside a code of success is a robot's "too many".
 */
export function evidenceOf(result: {
  readonly outcome: 'delivered' | 'retry' | 'rejected' | 'in-doubt';
  /** HTTP or SMTP code; null: there was no answer. */
  readonly status: number | null;
}): Evidence {
  const { outcome, status } = result;
  if (outcome === 'delivered') return 'answers';
  if (outcome === 'in-doubt') return 'fails';
  if (outcome === 'rejected') return status === null ? 'nothing' : 'answers';
  if (status === null || status < 400 || status >= 500) return 'fails';
  return OF_THE_CHANNEL.has(status) ? 'fails' : 'answers';
}

/** The breaker after an attempt ended at `now`. A receiver that asked for a longer pause (`retryAfterMs`) gets it, up to the longest. */
export function afterAttempt(
  breaker: Breaker,
  evidence: Evidence,
  {
    now,
    retryAfterMs,
    policy = DEFAULT_BREAKER_POLICY,
  }: { readonly now: number; readonly retryAfterMs: number | null; readonly policy?: BreakerPolicy },
): Breaker {
  if (evidence === 'nothing') return breaker;
  if (evidence === 'answers') return CLOSED_BREAKER;
  const failures = breaker.failures + 1;
  // What was under way when it opened says nothing new.
  if (breaker.state === 'open' || (breaker.state === 'closed' && failures < policy.opensAfter)) return { ...breaker, failures };
  const openings = breaker.openings + 1;
  const doubled = policy.firstPauseMs * 2 ** Math.min(openings - 1, 20);
  const pause = Math.min(policy.longestPauseMs, Math.max(doubled, retryAfterMs ?? 0));
  return { state: 'open', failures, openings, openedAt: breaker.openedAt ?? now, probeAt: now + pause };
}
