import type { Interval } from '../intervals.ts';
import type { ParentRule } from '../inventory.ts';
import { STATES, type State, type Transition } from '../state.ts';
import { combinePossible, combineStates, countsAlike, isCertain, neededOf, type Possible } from './possible.ts';

/** A stretch in which nothing changes, neither by the estimates nor in what may be. The first begins at -Infinity, the last ends at Infinity. */
export interface Slab extends Interval {
  readonly state: State;
  /** Another state may truly hold. */
  readonly uncertain: boolean;
  /** Even whether it serves is not sure. */
  readonly serviceUncertain: boolean;
  /** The members' transitions estimated at `from`, and those whose edge may lie in the stretch. */
  readonly here: readonly Transition[];
  readonly around: readonly Transition[];
}

interface Event {
  readonly at: number;
  readonly kind: 'opens' | 'estimate' | 'closes';
  readonly member: number;
  readonly transition: Transition;
}

/** What is known of one member while the sweep passes: its estimate, and the states that edges around the moment touch. */
interface Member {
  state: State;
  readonly touched: Record<State, number>;
}

/** The composite's stretches over all time, in order and without gaps. */
export function sweep(rule: ParentRule, members: readonly (readonly Transition[])[]): Slab[] {
  const needed = neededOf(rule, members.length);
  const now = members.map(
    (transitions): Member => ({ state: transitions[0]?.from ?? 'unknown', touched: { up: 0, degraded: 0, down: 0, unknown: 0 } }),
  );
  const events = eventsOf(members);
  const around = new Set<Transition>();
  const slabs: Slab[] = [slabOf(needed, now, Number.NEGATIVE_INFINITY, events[0]?.at, [], around)];
  for (let i = 0; i < events.length; ) {
    const at = (events[i] as Event).at;
    const here: Transition[] = [];
    for (; events[i]?.at === at; i++) {
      const event = events[i] as Event;
      apply(event, now[event.member] as Member, around);
      if (event.kind === 'estimate') here.push(event.transition);
    }
    slabs.push(slabOf(needed, now, at, events[i]?.at, here, around));
  }
  return slabs;
}

function eventsOf(members: readonly (readonly Transition[])[]): Event[] {
  return members
    .flatMap((transitions, member) =>
      transitions.flatMap((transition): Event[] => [
        { at: transition.edge.earliest, kind: 'opens', member, transition },
        { at: transition.edge.at, kind: 'estimate', member, transition },
        { at: transition.edge.latest, kind: 'closes', member, transition },
      ]),
    )
    .sort((a, b) => a.at - b.at);
}

function apply({ kind, transition }: Event, member: Member, around: Set<Transition>): void {
  if (kind === 'estimate') {
    member.state = transition.to;
    return;
  }
  const by = kind === 'opens' ? 1 : -1;
  member.touched[transition.from] += by;
  member.touched[transition.to] += by;
  if (kind === 'opens') around.add(transition);
  else around.delete(transition);
}

function slabOf(
  needed: number,
  now: readonly Member[],
  from: number,
  to: number | undefined,
  here: readonly Transition[],
  around: ReadonlySet<Transition>,
): Slab {
  const states = now.map(({ state }) => state);
  const state = combineStates(needed, states);
  const span = { from, to: to ?? Number.POSITIVE_INFINITY, here };
  // Nearly always: no edge is near.
  if (around.size === 0) return { ...span, state, uncertain: false, serviceUncertain: false, around: [] };
  const possible = combinePossible(needed, now.map(possibleOf));
  return { ...span, state, uncertain: !isCertain(possible), serviceUncertain: !countsAlike(possible), around: [...around] };
}

function possibleOf({ state, touched }: Member): Possible {
  const [up, degraded, down, unknown] = STATES.map((each) => each === state || touched[each] > 0) as [boolean, boolean, boolean, boolean];
  return { up, degraded, down, unknown };
}
