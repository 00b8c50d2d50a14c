import type { ServingRule } from './inventory.ts';
import type { Edge, Reason, State, Transition } from './state.ts';

/**
 * The state of an object from those of its checks. With `any` one check that serves is enough, and the object is degraded
 * while another is down: a failing family shows and is never hidden by the other. With `all` every check must serve. What
 * nobody looked at is unknown unless the others decide without it.
 */
export function combineChecks(rule: ServingRule, states: readonly State[]): State {
  if (states.length === 0) return 'unknown';
  const has = (state: State) => states.includes(state);
  const troubled = has('down') || has('degraded');
  if (rule === 'any') {
    if (has('up') || has('degraded')) return troubled ? 'degraded' : 'up';
    return has('unknown') ? 'unknown' : 'down';
  }
  if (has('down')) return 'down';
  if (has('unknown')) return 'unknown';
  return troubled ? 'degraded' : 'up';
}

/** One check's transition, to be combined. `check` is the index of the check within its object. */
export interface CheckTransition {
  readonly check: number;
  readonly transition: Transition;
}

/**
 * The transitions of an object that follow from transitions of its checks, taken in the order of their edges (not in the
 * order in which they were found), so that the object's timeline is that of its checks. `states` are the checks' states
 * before; `notBefore` is the edge of the object's last transition: a later finding never moves behind it.
 */
export function objectTransitions(
  rule: ServingRule,
  states: readonly State[],
  changes: readonly CheckTransition[],
  before: { state: State; notBefore: number },
): Transition[] {
  const now = [...states];
  const result: Transition[] = [];
  let state = before.state;
  let notBefore = before.notBefore;
  for (const { check, transition } of [...changes].sort((a, b) => a.transition.edge.at - b.transition.edge.at)) {
    now[check] = transition.to;
    const next = combineChecks(rule, now);
    if (next === state) continue;
    const edge = clamp(transition.edge, notBefore);
    result.push({ from: state, to: next, edge, reason: reasonOf(transition, next), decidedAt: transition.decidedAt });
    state = next;
    notBefore = edge.at;
  }
  return result;
}

function clamp(edge: Edge, notBefore: number): Edge {
  if (edge.at >= notBefore) return edge;
  return { at: notBefore, earliest: edge.earliest, latest: Math.max(edge.latest, notBefore) };
}

function reasonOf(transition: Transition, to: State): Reason {
  if (to === 'degraded' && transition.to === 'down') return 'no-reply';
  return transition.reason;
}
