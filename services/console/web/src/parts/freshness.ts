import type { Wall } from '@beacontower/contracts';

/** Why what is shown may not be believed, the gravest first. */
export type StaleReason = 'unreachable' | 'old-answer' | 'judging-behind' | 'node-failed' | 'not-live';

export interface Freshness {
  /** Null: it is what the node knows now. */
  readonly reason: StaleReason | null;
  /** True of everything: colours go. False: it is shown, and said beside it. */
  readonly stale: boolean;
  /** Up to when what is shown is true, epoch ms; null: never. */
  readonly asOf: number | null;
}

export interface FreshnessInput {
  readonly wall: Pick<Wall, 'at' | 'freshness'>;
  /** By the node's clock, epoch ms. */
  readonly now: number;
  /** The last question was not answered. */
  readonly failed: boolean;
  /** `since` by the node's clock, too. */
  readonly live: { readonly connected: boolean; readonly since: number };
}

/** An answer is asked for every ten seconds: one may be lost on the way. */
const ANSWER_MS = 25_000;
/** Judging goes in steps of seconds; past this nobody knows what happened since. */
const JUDGED_MS = 90_000;
/** A stream that comes back within this was never away. */
const LIVE_MS = 5_000;

/** Whether what the wall shows is what is: the rule by which it stops being green. */
export function judgeFreshness({ wall, now, failed, live }: FreshnessInput): Freshness {
  const at = Date.parse(wall.at);
  const judged = wall.freshness.judgedUpTo === null ? null : Date.parse(wall.freshness.judgedUpTo);
  const asOf = judged === null ? null : Math.min(at, judged);
  if (now - at > ANSWER_MS) return { reason: failed ? 'unreachable' : 'old-answer', stale: true, asOf };
  if (judged === null || now - judged > JUDGED_MS) return { reason: 'judging-behind', stale: true, asOf };
  if (wall.freshness.status === 'failed') return { reason: 'node-failed', stale: false, asOf };
  if (failed) return { reason: 'unreachable', stale: false, asOf };
  if (!live.connected && now - live.since > LIVE_MS) return { reason: 'not-live', stale: false, asOf };
  return { reason: null, stale: false, asOf };
}
