import { type Edge, exactEdge } from '../state.ts';
import type { Effect } from './effects.ts';
import { FLAPPING_POLICY, findFlapping, type OwnChange, recentChanges, steadyAt } from './flapping.ts';
import { isWorse, type Severity } from './severity.ts';
import type { World } from './world.ts';

type FlappingEffect = Extract<Effect, { effect: 'flapping' }>;

/** What settling has found out about one object: an outage of its own began or ended, or got worse. */
export interface ChangeSeen {
  readonly object: string;
  readonly edge: Edge;
  readonly decidedAt: number;
  readonly severity: Severity;
  readonly transition: number;
  /** It got worse: no change, but whoever is told that it flaps is to know. */
  readonly worse: boolean;
}

/** Takes the changes into the world; what flaps, flaps worse, or is steady again (by `overdueAt`, epoch ms) becomes an effect. */
export function settleFlapping(
  world: World,
  changes: readonly ChangeSeen[],
  options: { readonly overdueAt: number; readonly incidentId: (object: string, transition: number, kind: 'flapping') => string },
): FlappingEffect[] {
  const effects: FlappingEffect[] = [];
  for (const change of changes) effects.push(...takeChange(world, change, options.incidentId));
  for (const [object, { steadyAt: at }] of world.flapping) {
    if (at <= options.overdueAt) effects.push(...endFlapping(world, object, 'steady', exactEdge(at), options.overdueAt));
  }
  return effects;
}

function takeChange(
  world: World,
  change: ChangeSeen,
  incidentId: (object: string, transition: number, kind: 'flapping') => string,
): FlappingEffect[] {
  const { object, edge, decidedAt, severity } = change;
  const roundMs = world.objects.get(object)?.roundMs;
  if (roundMs === undefined) return [];
  const flapping = world.flapping.get(object);
  if (change.worse) return flapping ? worsen(world, object, severity, decidedAt) : [];
  const recent = [...recentChanges(world.changes.get(object) ?? [], roundMs, edge.at), { at: edge.at, severity }];
  world.changes.set(object, recent);
  const found = findFlapping(recent, roundMs, edge.at);
  if (flapping) {
    flapping.steadyAt = steadyAt(recent, roundMs, edge.at);
    return worsen(world, object, found.severity, decidedAt);
  }
  if (found.share < FLAPPING_POLICY.begins) return [];
  const incident = incidentId(object, change.transition, 'flapping');
  world.flapping.set(object, { incident, severity: found.severity, steadyAt: steadyAt(recent, roundMs, edge.at) });
  const { share, changes } = found;
  return [{ effect: 'flapping', change: 'opened', incident, object, severity: found.severity, edge, decidedAt, share, changes }];
}

function worsen(world: World, object: string, severity: Severity, decidedAt: number): FlappingEffect[] {
  const flapping = world.flapping.get(object);
  if (!flapping || !isWorse(severity, flapping.severity)) return [];
  flapping.severity = severity;
  return [{ effect: 'flapping', change: 'escalated', incident: flapping.incident, object, severity, decidedAt }];
}

/** Ends what is said of an object that comes and goes; nothing when nothing is. */
export function endFlapping(
  world: World,
  object: string,
  reason: 'steady' | 'retired' | 'unwatched',
  edge: Edge,
  decidedAt: number,
): FlappingEffect[] {
  const flapping = world.flapping.get(object);
  if (!flapping) return [];
  world.flapping.delete(object);
  if (reason !== 'steady') world.changes.delete(object);
  return [{ effect: 'flapping', change: 'resolved', incident: flapping.incident, object, edge, decidedAt, reason }];
}

/** A person ended an incident that says that an object flaps: it takes as many changes again to say so anew. */
export function forgetFlapping(world: World, incident: string): void {
  for (const [object, flapping] of world.flapping) {
    if (flapping.incident !== incident) continue;
    world.flapping.delete(object);
    world.changes.delete(object);
  }
}

/** Puts what the record knows back into the world; `now` in epoch ms. */
export function restoreFlapping(
  world: World,
  flapping: Iterable<{ readonly object: string; readonly incident: string; readonly severity: Severity }>,
  changes: ReadonlyMap<string, readonly OwnChange[]>,
  now: number,
): void {
  for (const [object, list] of changes) world.changes.set(object, list);
  for (const { object, incident, severity } of flapping) {
    const roundMs = world.objects.get(object)?.roundMs;
    const list = changes.get(object) ?? [];
    const latest = list.reduce((last, { at }) => Math.max(last, at), 0);
    world.flapping.set(object, { incident, severity, steadyAt: roundMs === undefined ? now : steadyAt(list, roundMs, latest || now) });
  }
}

/** When the next object is steady again; null when none flaps. Epoch ms. */
export function nextSteady(world: World): number | null {
  let next: number | null = null;
  for (const { steadyAt: at } of world.flapping.values()) if (next === null || at < next) next = at;
  return next;
}
