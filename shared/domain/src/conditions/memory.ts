/**
 * What is remembered of one condition on one object while something is afoot. Times are epoch ms of what was observed, not of when
 * it was read: a reader that begins anew where it was comes to the same.
 */
export interface ConditionMemory {
  /** `testName` of the test it was remembered for. */
  readonly test: string;
  /** It holds, and not long enough yet; or it was raised. */
  readonly phase: 'rising' | 'raised';
  /** Since when it holds without a break, and the earliest that can be. */
  readonly since: number;
  readonly earliest: number;
  /** The last observation that was judged. */
  readonly seenAt: number;
  /** The last value and the worst since it holds, in the unit of the test; null for states and restarts. */
  readonly value: number | null;
  readonly worst: number | null;
  /** Of one that was raised: since when it does not hold any more; null while it does. */
  readonly clearSince: number | null;
}

export const CONDITION_REASONS = [
  'does-not-hold',
  'begins-to-hold',
  'holds-not-long-enough',
  'held-long-enough',
  'fell-short',
  'begins-anew-after-gap',
  'goes-on',
  'begins-to-clear',
  'clear-not-long-enough',
  'cleared-long-enough',
  'seen-already',
] as const;
export type ConditionReason = (typeof CONDITION_REASONS)[number];

/** What an observation comes to. `memory` null: nothing is afoot. */
export interface ConditionDecision {
  readonly memory: ConditionMemory | null;
  readonly change: 'none' | 'raised' | 'cleared';
  /** With `raised` and `cleared`: since when, epoch ms. */
  readonly at: number;
  readonly reason: ConditionReason;
}

/** Of nearly every sample there is. */
export const NOTHING_AFOOT: ConditionDecision = { memory: null, change: 'none', at: 0, reason: 'does-not-hold' };
