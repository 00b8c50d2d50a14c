/** A channel's rate limit: never more than so many messages within any span of so much time. Pure. */

export interface RateLimit {
  readonly messages: number;
  readonly perMs: number;
}

/** Moments kept of one channel at most. */
const MOST_KEPT = 1_000;

/** A limit of more messages than are remembered, as one of as many within a shorter time: stricter, never looser. */
export function workableLimit({ messages, perMs }: RateLimit): RateLimit {
  return messages <= MOST_KEPT ? { messages, perMs } : { messages: MOST_KEPT, perMs: Math.ceil((perMs * MOST_KEPT) / messages) };
}

/** A message may go, and `sent` is what is remembered then; or it may not before `until`. */
export type LimitVerdict =
  | { readonly allowed: true; readonly sent: readonly number[] }
  | { readonly allowed: false; readonly until: number };

/**
 * Judges by the moments (epoch ms, ascending) at which messages were sent: a receiver that takes twenty a minute is never sent a
 * twenty-first within any minute, which a token bucket with a burst would do. `before`: how many messages that have waited go first.
 */
export function judgeLimit(limit: RateLimit, sent: readonly number[], now: number, before = 0): LimitVerdict {
  const { messages, perMs } = workableLimit(limit);
  // What seems to have been sent long after now was sent before the clock went back: it holds up nothing until then.
  const recent = sent.filter((at) => at > now - perMs && at <= now + perMs).slice(-messages);
  const free = messages - recent.length;
  if (before < free) return { allowed: true, sent: [...recent, now] };
  // The free places are taken by those before it; then each place is free again `perMs` after it was taken.
  const taken = [...recent, ...Array.from({ length: free }, () => now)];
  const place = before - free;
  return { allowed: false, until: (taken[place % messages] ?? now) + perMs * (1 + Math.floor(place / messages)) };
}
