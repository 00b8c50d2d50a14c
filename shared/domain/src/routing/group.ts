import type { RoutedEvent } from './event.ts';
import type { Grouping, Place } from './rules.ts';

/** What is kept of a group. Epoch ms. */
export interface GroupState {
  /** When what waits is to go; null: nothing waits. */
  readonly flushAt: number | null;
  /** Theoretical arrival time of the limit (GCRA): in the past when the group is quiet. */
  readonly allowedAt: number;
}

/** What waits in a group now. */
export interface Waiting {
  readonly count: number;
  /** One of them is so severe that it does not wait for others. */
  readonly isUrgent: boolean;
  /** They were held back together and are let go together, in one message. */
  readonly isReleased: boolean;
}

/** What is done with what waits: it stays (and why), each goes by itself, or all go in one message. The state is that afterwards. */
export type GroupDecision =
  | { readonly send: 'nothing'; readonly why: 'first-wait' | 'limit'; readonly state: GroupState }
  | { readonly send: 'each' | 'together'; readonly state: GroupState };

/** A group nothing was ever sent in. */
export const QUIET_GROUP: GroupState = { flushAt: null, allowedAt: 0 };

/** The key of the group to which a message belongs: one route, contact and target, and one value of each thing it is grouped by. */
export function groupKey(route: string, grouping: Grouping, contact: string, { channel, address }: Place, event: RoutedEvent): string {
  return JSON.stringify([route, contact, channel, address, ...grouping.by.map((criterion) => event[criterion])]);
}

/** The route in a key that `groupKey` made. */
export function routeOfGroup(key: string): string {
  return String((JSON.parse(key) as unknown[])[0]);
}

/**
 * What of a group may go at `now`. The first of a quiet group waits `waitMs` for others unless it is urgent. As long as the burst
 * lasts and nothing waited, each goes by itself; beyond it everything that came meanwhile goes in one message per interval, urgent or not.
 */
export function judgeGroup(before: GroupState, grouping: Grouping, waiting: Waiting, now: number): GroupDecision {
  const state = reachable(before, grouping, now);
  const isQuiet = state.flushAt === null && state.allowedAt <= now;
  const mayGo = waiting.isUrgent || waiting.isReleased;
  if (isQuiet && grouping.waitMs > 0 && !mayGo) {
    return { send: 'nothing', why: 'first-wait', state: { ...state, flushAt: now + grouping.waitMs } };
  }
  const allowance = allowanceAt(state, grouping, now);
  if (allowance.messages === 0) return { send: 'nothing', why: 'limit', state: { ...state, flushAt: allowance.nextAt } };
  if (state.flushAt !== null && now < state.flushAt && !mayGo) return { send: 'nothing', why: 'first-wait', state };
  const send =
    state.flushAt !== null || grouping.waitMs > 0 || waiting.isReleased || waiting.count > allowance.messages ? 'together' : 'each';
  const messages = send === 'together' ? 1 : waiting.count;
  return { send, state: { flushAt: null, allowedAt: Math.max(state.allowedAt, now) + messages * grouping.intervalMs } };
}

/** Later than that no state can be: the clock went back, or the route's grouping is another now. Nothing waits for a time that never was. */
function reachable({ flushAt, allowedAt }: GroupState, { burst, intervalMs, waitMs }: Grouping, now: number): GroupState {
  return {
    flushAt: flushAt === null ? null : Math.min(flushAt, now + Math.max(waitMs, intervalMs)),
    allowedAt: Math.min(allowedAt, now + burst * intervalMs),
  };
}

/** How many messages may go at `now`, and when the next may where none may. */
function allowanceAt({ allowedAt }: GroupState, { burst, intervalMs }: Grouping, now: number): { messages: number; nextAt: number } {
  const earliest = Math.max(allowedAt, now) - (burst - 1) * intervalMs;
  return { messages: now < earliest ? 0 : Math.floor((now - earliest) / intervalMs) + 1, nextAt: earliest };
}
