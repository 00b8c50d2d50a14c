import type { Edge, State } from '../state.ts';
import { levelOf, type ObjectStatus, touch, type World } from './world.ts';

/** A transition of an object, as the ordered log tells it. */
export interface SeenTransition {
  readonly object: string;
  readonly to: State;
  readonly edge: Edge;
  readonly decidedAt: number;
  readonly transition: number;
}

/** The answer to a look: the object's state by an observation at `observedAt`. */
export interface SeenLook {
  readonly object: string;
  readonly state: State;
  readonly observedAt: number;
}

/**
 * True when the transition would hide a change not yet decided (bad then good again, or the reverse): settle first. Several
 * steps in one direction (degraded, then down) are decided together.
 */
export function turnsBack(world: World, seen: SeenTransition): boolean {
  const bad = world.touched.get(seen.object);
  return bad !== undefined && bad !== levelOf(seen.to) > 0;
}

/** Takes a transition into the world and touches what it concerns. A transition already known is ignored. */
export function seeTransition(world: World, seen: SeenTransition): void {
  const before = world.statuses.get(seen.object);
  if (before && seen.transition <= before.transition) return;
  world.statuses.set(seen.object, statusAfter(before, seen));
  touch(world, seen.object);
  touchDependants(world, seen.object);
}

/** The status of an object after a transition; `before` undefined when nothing was known of it. */
export function statusAfter(before: ObjectStatus | undefined, seen: SeenTransition): ObjectStatus {
  const level = levelOf(seen.to);
  const was = before ? levelOf(before.state) : 0;
  const known = before !== undefined && before.state !== 'unknown';
  const wentOn = level > 0 && was > 0 && before !== undefined;
  return {
    state: seen.to,
    since: seen.edge,
    seenAt: seen.edge.latest,
    servingSince: known && was < 2 && level < 2 ? before.servingSince : seen.edge.latest,
    fineSince: known && was < 1 && level < 1 ? before.fineSince : seen.edge.latest,
    troubleSince: wentOn ? before.troubleSince : seen.edge,
    decidedAt: seen.decidedAt,
    transition: seen.transition,
  };
}

/**
 * Takes the answer to a look. Only an answer that agrees with the state said so far is fresh evidence of it; one that disagrees
 * (the state's hysteresis has not yet let it be said) proves nothing, and another look is wanted.
 */
export function seeLook(world: World, seen: SeenLook): void {
  const status = world.statuses.get(seen.object);
  if (!status || seen.observedAt <= status.seenAt) return;
  const agrees = (seen.state === 'down') === (status.state === 'down') && (seen.state === 'unknown') === (status.state === 'unknown');
  if (agrees) world.statuses.set(seen.object, { ...status, seenAt: seen.observedAt });
  const pending = world.pending.get(seen.object);
  if (!agrees && pending?.waitingFor === 'own-look') world.pending.set(seen.object, { ...pending, waitingFor: 'parent-look' });
  touch(world, seen.object);
  touchDependants(world, seen.object);
}

/** Touches the dependants whose outage is undecided or withheld: only they can be concerned. */
export function touchDependants(world: World, id: string): void {
  for (const dependant of world.dependants.get(id) ?? []) {
    if (world.pending.has(dependant) || world.symptomOf.has(dependant)) touch(world, dependant);
  }
}
