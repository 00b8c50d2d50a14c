import { judgePath } from './dependency.ts';
import { isWorse, type Severity, severityOf } from './severity.ts';
import { type Look, levelOf, type Pending, type Wait, type World } from './world.ts';

/** How long an outage may stay undecided, ms. */
export interface CorrelationPolicy {
  /** For a fresh look at the parents. */
  readonly parentLookMs: number;
  /** For a fresh look at the object itself after a parent's return; longer than the longest usual interval. */
  readonly ownLookMs: number;
  /** However often a decision has to be begun anew. */
  readonly longestMs: number;
}
export const DEFAULT_CORRELATION_POLICY: CorrelationPolicy = { parentLookMs: 5_000, ownLookMs: 15_000, longestMs: 60_000 };

/** What is to be done about one object, and why. */
export type Decision =
  | { readonly decision: 'nothing'; readonly reason: 'already-open' }
  | { readonly decision: 'over'; readonly reason: 'serves' | 'retired' | 'unwatched' }
  | { readonly decision: 'hold'; readonly reason: 'nobody-looks' }
  | { readonly decision: 'join'; readonly reason: 'behind-dead-parent'; readonly incident: string; readonly culprit: string }
  | { readonly decision: 'alone'; readonly reason: 'no-parents' | 'parents-serve' | 'look-unanswered'; readonly severity: Severity }
  | { readonly decision: 'alone'; readonly reason: 'split-by-hand'; readonly severity: Severity; readonly splitFrom: string }
  | { readonly decision: 'wait'; readonly reason: Wait; readonly looks: readonly Look[] };

/** Decides about one object from what is known; deadlines before `overdueAt` (epoch ms) are over. Changes nothing. */
export function decide(world: World, id: string, overdueAt: number): Decision {
  const object = world.objects.get(id);
  const status = world.statuses.get(id);
  if (!object?.monitored) return { decision: 'over', reason: 'retired' };
  if (object.quiet) return { decision: 'over', reason: 'unwatched' };
  if (!status || status.state === 'unknown') return { decision: 'hold', reason: 'nobody-looks' };
  if (status.state === 'up') return { decision: 'over', reason: 'serves' };
  const severity = severityOf(status.state, object.class);
  const own = world.incidents.get(world.causeOf.get(id) ?? '');
  if (own && !isWorse(severity, own.severity) && !world.symptomOf.has(id)) return { decision: 'nothing', reason: 'already-open' };
  if (object.parents.length === 0) return { decision: 'alone', reason: 'no-parents', severity };
  const path = judgePath(world, object, levelOf(status.state) === 2 ? 2 : 1, status.seenAt);
  if (path.path === 'serving') return { decision: 'alone', reason: 'parents-serve', severity };
  if (path.path === 'dead' && path.incident !== undefined) {
    if (world.apart.get(id)?.has(path.incident)) {
      return { decision: 'alone', reason: 'split-by-hand', severity, splitFrom: path.incident };
    }
    return { decision: 'join', reason: 'behind-dead-parent', incident: path.incident, culprit: path.culprit };
  }
  const pending = world.pending.get(id);
  if (pending && overdueAt >= pending.decideBy) return { decision: 'alone', reason: 'look-unanswered', severity };
  if (path.path === 'dead') return { decision: 'wait', reason: 'parent-decision', looks: [] };
  if (path.ownLookAfter > 0) return { decision: 'wait', reason: 'own-look', looks: [{ object: id, after: path.ownLookAfter }] };
  return { decision: 'wait', reason: 'parent-look', looks: path.looks };
}

/** The pending entry of an object that must wait; its deadline starts anew only when it waits for something else. */
export function pendingOf(
  world: World,
  id: string,
  wait: Extract<Decision, { decision: 'wait' }>,
  now: number,
  policy: CorrelationPolicy,
): Pending {
  const before = world.pending.get(id);
  const status = world.statuses.get(id);
  const since = before?.since ?? now;
  const limit = { 'parent-look': policy.parentLookMs, 'own-look': policy.ownLookMs, 'parent-decision': policy.longestMs }[wait.reason];
  const decideBy = before?.waitingFor === wait.reason ? before.decideBy : Math.min(now + limit, since + policy.longestMs);
  const trouble = before?.trouble ?? status?.troubleSince ?? { at: now, earliest: now, latest: now };
  return { object: id, since, decideBy, waitingFor: wait.reason, looks: wait.looks, trouble };
}
