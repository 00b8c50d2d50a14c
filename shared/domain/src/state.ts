/** What can be said of a check or an object. `unknown` means that nobody looked; it is neither up nor down. */
export const STATES = ['up', 'degraded', 'down', 'unknown'] as const;
export type State = (typeof STATES)[number];

/**
 * An edge on the time axis, epoch milliseconds: it truly lies in `[earliest, latest]`; `at` is the estimate by the fixed
 * rule (decision 0002). `earliest <= at <= latest`.
 */
export interface Edge {
  readonly at: number;
  readonly earliest: number;
  readonly latest: number;
}

/**
 * The edge known to lie between two moments, in whichever order they are given. By rule it is estimated at the midpoint of the earlier
 * and of `began`, the moment at which what shows the edge is taken to have been there (the later of the two, where nobody says);
 * kept within the bounds, rounded down.
 */
export function edgeBetween(earliest: number, latest: number, began = Number.POSITIVE_INFINITY): Edge {
  const low = Math.min(earliest, latest);
  const high = Math.max(earliest, latest);
  return { at: Math.floor((low + Math.min(high, Math.max(low, began))) / 2), earliest: low, latest: high };
}

/** An edge that holds by definition and has no width (the end of an observation's coverage, a commissioning). */
export function exactEdge(at: number): Edge {
  return { at, earliest: at, latest: at };
}

/**
 * Why a state was entered: a stable name that people and machines can look up. Batches carry the position in this list: only
 * ever add at its end.
 */
export const REASONS = [
  'first-observation',
  'replied',
  'no-reply',
  'loss-above-limit',
  'loss-below-limit',
  'not-looked-at',
  'vantage-blind',
  'not-monitored',
  'retired',
  // An SNMP agent: what it answered, or why nothing could be had of it.
  'agent-answers',
  'unknown-user',
  'wrong-key',
  'not-in-time-window',
  'unsupported-security',
  'credential-unusable',
  'agent-error',
  'agent-refuses',
  'no-interface-table',
  'malformed-answer',
  'table-has-no-end',
  // An interface: ifAdminStatus, ifOperStatus (RFC 2863), or that the device no longer has it.
  'link-up',
  'link-down',
  'admin-down',
  'lower-layer-down',
  'not-present',
  'testing',
  'dormant',
  'oper-unknown',
  'vanished',
  // A composite: its members' edges leave open whether it served.
  'edges-overlap',
  // Nobody here looked: a record of another time or system says so, which was imported.
  'reported',
] as const;
export type Reason = (typeof REASONS)[number];

/** A change of state of one subject, dated to the observations that show it. */
export interface Transition {
  readonly from: State;
  readonly to: State;
  readonly edge: Edge;
  readonly reason: Reason;
  /** Event time at which the evidence was complete; what a latency is measured against. */
  readonly decidedAt: number;
}
