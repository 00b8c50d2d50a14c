import type { CheckKind, ServingRule } from './inventory.ts';
import type { Edge, State, Transition } from './state.ts';

/**
 * The state of an object from those of its checks (decision 0010). `kinds[i]` is the kind of the check that is in `states[i]`.
 *
 * - ICMP checks say whether it is reached: with `any` one that serves is enough, and the object is degraded while another is down
 *   (a failing family shows and is never hidden by the other); with `all` every one must serve.
 * - An SNMP agent in trouble makes an object that has ICMP checks degraded and no worse: management is not service. Without them
 *   the object is what its agent says.
 * - Interfaces (its own status, or the ends of a circuit) must all be up. ICMP does not outvote one that is down, since a ping may
 *   have gone another way; what they do not tell, ICMP decides.
 *
 * What nobody looked at is unknown unless the others decide without it.
 */
export function combineChecks(rule: ServingRule, kinds: readonly CheckKind[], states: readonly State[]): State {
  // Nearly every object of a large network: one interface, one address.
  if (states.length === 1) return states[0] as State;
  const path = combinePath(rule, ofKind('icmp', kinds, states));
  const ends = ofKind('interface', kinds, states);
  const agents = ofKind('snmp', kinds, states);
  if (ends.length > 0) return combineEnds(ends, path);
  if (path === null) return agents.length === 0 ? 'unknown' : worst(agents);
  return path === 'up' && agents.some(isTroubled) ? 'degraded' : path;
}

const ofKind = (kind: CheckKind, kinds: readonly CheckKind[], states: readonly State[]): State[] =>
  states.filter((_, index) => kinds[index] === kind);

const isTroubled = (state: State): boolean => state === 'down' || state === 'degraded';

function combineEnds(ends: readonly State[], path: State | null): State {
  if (ends.includes('down')) return 'down';
  const told = ends.includes('unknown') ? 'unknown' : 'up';
  const decided = path === null || path === 'unknown' ? told : path;
  return decided === 'up' && ends.includes('degraded') ? 'degraded' : decided;
}

/** Null when there is no ICMP check. */
function combinePath(rule: ServingRule, states: readonly State[]): State | null {
  if (states.length === 0) return null;
  if (rule === 'all') return worst(states);
  const serves = states.includes('up') || states.includes('degraded');
  if (serves) return states.some(isTroubled) ? 'degraded' : 'up';
  return states.includes('unknown') ? 'unknown' : 'down';
}

function worst(states: readonly State[]): State {
  return (['down', 'unknown', 'degraded'] as const).find((state) => states.includes(state)) ?? 'up';
}

/** One check's transition, to be combined. `check` is the index of the check within its object. */
export interface CheckTransition {
  readonly check: number;
  readonly transition: Transition;
}

/**
 * The transitions of an object that follow from transitions of its checks, taken in the order of their edges (not in the
 * order in which they were found), so that the object's timeline is that of its checks. `kinds` and `states` are those of the
 * checks, the states as they were before; `notBefore` is the edge of the object's last transition: a later finding never moves behind it.
 */
export function objectTransitions(
  { servingRule, kinds }: { readonly servingRule: ServingRule; readonly kinds: readonly CheckKind[] },
  states: readonly State[],
  changes: readonly CheckTransition[],
  before: { state: State; notBefore: number },
): Transition[] {
  const now = [...states];
  const result: Transition[] = [];
  let state = before.state;
  let notBefore = before.notBefore;
  for (const { check, transition } of inOrder(changes)) {
    now[check] = transition.to;
    const next = combineChecks(servingRule, kinds, now);
    const edge = clamp(transition.edge, notBefore);
    const last = result.at(-1);
    // Found late: what was said before it of the time since its edge was said without it.
    const isLate = transition.edge.at < notBefore && decides(kinds, check) && isOpen(transition);
    if (next === state) {
      if (last?.edge.at === edge.at && last.to === state && isOpen(transition)) result[result.length - 1] = widened(last, edge);
      else if (isLate && state !== 'unknown') result.push(...doubt(state, edge, transition));
      continue;
    }
    const own: Transition = { from: state, to: next, edge, reason: transition.reason, decidedAt: transition.decidedAt };
    result.push(own);
    if (isLate && !isOpen(own)) result.push(...doubt(next, edge, transition));
    state = next;
    notBefore = edge.at;
  }
  return result;
}

/**
 * By their edges. Of one moment, what was lost sight of goes first (checks that were lost and seen again together were lost
 * together), but never before what the same check said earlier: the last of each check is its state.
 */
function inOrder(changes: readonly CheckTransition[]): CheckTransition[] {
  const left = [...changes].sort((a, b) => a.transition.edge.at - b.transition.edge.at);
  const result: CheckTransition[] = [];
  while (left.length > 0) result.push(...left.splice(nextOf(left), 1));
  return result;
}

/** The index of the change to be taken next. */
function nextOf(left: readonly CheckTransition[]): number {
  const seen = new Set<number>();
  for (const [index, { check, transition }] of left.entries()) {
    if (transition.edge.at !== left[0]?.transition.edge.at) break;
    if (transition.to === 'unknown' && !seen.has(check)) return index;
    seen.add(check);
  }
  return 0;
}

/** Of what is pinged the agent does not decide whether it serves. */
function decides(kinds: readonly CheckKind[], check: number): boolean {
  return kinds[check] !== 'snmp' || !kinds.includes('icmp');
}

/** Two edges that are one by the estimate: the object's is as open as the widest. */
function widened(transition: Transition, { earliest, latest }: Edge): Transition {
  const { edge } = transition;
  return { ...transition, edge: { at: edge.at, earliest: Math.min(edge.earliest, earliest), latest: Math.max(edge.latest, latest) } };
}

const isOpen = ({ from, to }: Transition): boolean => [from, to].some((state) => state === 'down' || state === 'unknown');

/** A pair through "unknown" without length: the state stays what it is, and the bounds take in that the edge is open (as in `combineTimelines`). */
function doubt(state: State, edge: Edge, { decidedAt }: Transition): Transition[] {
  const said = { edge, reason: 'edges-overlap', decidedAt } as const;
  return [
    { from: state, to: 'unknown', ...said },
    { from: 'unknown', to: state, ...said },
  ];
}

function clamp(edge: Edge, notBefore: number): Edge {
  if (edge.at >= notBefore) return edge;
  return { at: notBefore, earliest: edge.earliest, latest: Math.max(edge.latest, notBefore) };
}
