/** By which channel a message goes: its own, or a fallback while that one stays down. Pure. */
import type { Passage } from './breaker.ts';

/** A channel, and the address there. */
export interface Way {
  readonly channel: string;
  readonly address: string | null;
}

/** A message that has failed by its channel for so long goes by the next, though the channel's breaker is closed. */
export const FAILING_LIMIT_MS = 60_000;
/** A message that could not even be tried for so long, since every way was down, is given up. */
export const HELD_LIMIT_MS = 6 * 3_600_000;

export interface WayCircumstances {
  readonly current: Way;
  /** Still to be tried, in order. */
  readonly fallbacks: readonly Way[];
  readonly passageOf: (channel: string) => Passage;
  /** When its first attempt by the present way began; null before that. Epoch ms. */
  readonly failingSince: number | null;
  /** When it began to be held because every way was down; null: it was not. */
  readonly heldSince: number | null;
  readonly now: number;
}

export type WayDecision =
  | { readonly decision: 'go'; readonly way: Way; readonly probe: boolean }
  | { readonly decision: 'divert'; readonly way: Way; readonly probe: boolean; readonly why: 'circuit-open' | 'failing' | 'refused' }
  | { readonly decision: 'hold'; readonly until: number }
  | { readonly decision: 'give-up' };

/**
 * A channel that is due to be tried is tried by whatever message comes, even one that has a fallback: else nothing would find out
 * that it is back. That message goes on by its fallback as soon as the trial has failed.
 */
export function decideWay(circumstances: WayCircumstances): WayDecision {
  const { current, fallbacks, failingSince, heldSince, now } = circumstances;
  const passage = circumstances.passageOf(current.channel);
  const failing = failingSince !== null && now - failingSince >= FAILING_LIMIT_MS;
  const open = passage.passage === 'free' || passage.passage === 'probe';
  if (open && !failing) return { decision: 'go', way: current, probe: passage.passage === 'probe' };
  const why = passage.passage === 'gone' ? 'refused' : passage.passage === 'refused' ? 'circuit-open' : 'failing';
  for (const wanted of ['free', 'probe'] as const) {
    const way = fallbacks.find(({ channel }) => circumstances.passageOf(channel).passage === wanted);
    if (way) return { decision: 'divert', way, probe: wanted === 'probe', why };
  }
  // Of a channel that is no longer there the attempt says so, and ends it.
  if (passage.passage !== 'refused') return { decision: 'go', way: current, probe: passage.passage === 'probe' };
  if (heldSince !== null && now - heldSince >= HELD_LIMIT_MS) return { decision: 'give-up' };
  const untils = [current, ...fallbacks].map(({ channel }) => circumstances.passageOf(channel));
  const until = Math.min(...untils.map((each) => (each.passage === 'refused' ? each.until : Number.POSITIVE_INFINITY)));
  return { decision: 'hold', until };
}

/**
 * What is still to be tried after a message was diverted to `to`: the way that is down comes last, since it may be back when the
 * others fail; one that refused the message, or used up its attempts, is not tried again.
 */
export function fallbacksAfter(
  current: Way,
  fallbacks: readonly Way[],
  to: Way,
  why: 'circuit-open' | 'failing' | 'refused' | 'exhausted',
): Way[] {
  const others = fallbacks.filter((way) => !sameWay(way, to));
  return why === 'refused' || why === 'exhausted' ? others : [...others, current];
}

/** Every way of a message in its first order: the target as configured, then the others, each once. */
export function waysAnew(target: Way, others: readonly Way[]): { readonly current: Way; readonly fallbacks: Way[] } {
  const fallbacks = others.filter((way, index) => !sameWay(way, target) && others.findIndex((other) => sameWay(other, way)) === index);
  return { current: target, fallbacks };
}

/** How long until the next attempt by the present way, ms: never so long that a fallback would be used late. */
export function pauseBeforeFallback(pauseMs: number, failingSince: number | null, now: number): number {
  return failingSince === null ? pauseMs : Math.min(pauseMs, Math.max(0, failingSince + FAILING_LIMIT_MS - now));
}

export function sameWay(a: Way, b: Way): boolean {
  return a.channel === b.channel && a.address === b.address;
}

/** What comes after an attempt that failed: its state, the pause, and the way it goes on by when the present one is given up. */
export interface Onward {
  readonly state: 'retrying' | 'uncertain' | 'dead';
  readonly pauseMs: number;
  readonly divert: { readonly way: Way; readonly why: 'refused' | 'exhausted' } | null;
}

/**
 * A message refused for good by its channel, or out of attempts there, goes on by its next fallback, with all its attempts anew. One
 * that is tried again has no longer a pause than its fallback allows. One in doubt that is left so stays so: it may have arrived.
 */
export function afterFailure(
  verdict: { readonly state: 'retrying' | 'uncertain' | 'dead'; readonly pauseMs: number },
  circumstances: {
    readonly refused: boolean;
    readonly fallbacks: readonly Way[];
    readonly failingSince: number | null;
    readonly now: number;
  },
): Onward {
  const { refused, fallbacks, failingSince, now } = circumstances;
  const next = fallbacks[0];
  if (next === undefined || verdict.state === 'uncertain') return { ...verdict, divert: null };
  if (verdict.state === 'dead') {
    return { state: 'retrying', pauseMs: 0, divert: { way: next, why: refused ? 'refused' : 'exhausted' } };
  }
  return { state: 'retrying', pauseMs: pauseBeforeFallback(verdict.pauseMs, failingSince, now), divert: null };
}
