import type { ObjectClass, ParentRule } from '../inventory.ts';
import type { Edge, State } from '../state.ts';
import type { OwnChange } from './flapping.ts';
import type { Severity } from './severity.ts';

/** What correlation needs to know of an object. One without checks is transparent: its own parents count in its stead. */
export interface CorrelatedObject {
  readonly id: string;
  readonly class: ObjectClass;
  readonly monitored: boolean;
  readonly parents: readonly string[];
  readonly rule: ParentRule;
  /** Its trouble is recorded and explains nothing: for what hangs on it its own parents count in its stead. */
  readonly quiet?: boolean;
  /**
   * It is what its parents make of it: whichever of them is in trouble is the cause of its trouble. What hangs on it hangs on them, since
   * nobody can look at it afresh.
   */
  readonly composite?: boolean;
  /** How long a round of its checks lasts, ms; absent: it is never said to flap. */
  readonly roundMs?: number;
}

/** Whether the trouble of an object can be the cause of an incident, its own or another's. */
export function isCause(object: CorrelatedObject): boolean {
  return object.monitored && !object.quiet;
}

/** Whether the trouble of an object can explain that of another that hangs on it; where it can't, its own parents count in its stead. */
export function explains(object: CorrelatedObject): boolean {
  return isCause(object) && object.composite !== true;
}

/** The last that is known of a monitored object. All times epoch ms. */
export interface ObjectStatus {
  readonly state: State;
  /** The edge at which it entered this state. */
  readonly since: Edge;
  /** Latest moment at which an observation is known to have shown this state. */
  readonly seenAt: number;
  /** By when it had surely begun to serve again (not down); 0 when it was never seen otherwise. */
  readonly servingSince: number;
  /** By when it had surely begun to be fine again (up); 0 when it was never seen otherwise. */
  readonly fineSince: number;
  /** Edge at which the trouble that still goes on began (degraded or down, whichever came first). */
  readonly troubleSince: Edge;
  readonly decidedAt: number;
  readonly transition: number;
}

/** An incident that is under way (open or acknowledged). */
export interface ActiveIncident {
  readonly id: string;
  readonly cause: string;
  severity: Severity;
  /** Objects that are down only because of the cause, as far as is known. */
  readonly symptoms: Set<string>;
  /** The incident a person split it from: its end and beginning are no changes of the object's own. */
  readonly splitFrom?: string;
  /** What was last remarked about the cause, so that it is said once. */
  remark?: 'cause-unknown' | 'cause-eased' | 'cause-worse' | 'cause-seen-again';
}

/** An object that comes and goes: told once, by an incident of its own beside those of its outages. */
export interface Flapping {
  readonly incident: string;
  severity: Severity;
  /** When it is steady again if nothing changes any more; epoch ms. */
  steadyAt: number;
}

/** A look wanted at an object: its state by an observation made at or after `after` (epoch ms). */
export interface Look {
  readonly object: string;
  readonly after: number;
}

export const WAITS = ['parent-look', 'own-look', 'parent-decision'] as const;
/**
 * What an undecided outage waits for: its parents seen again, itself seen again after a parent's return, or the decision about a
 * parent that is itself undecided.
 */
export type Wait = (typeof WAITS)[number];

/** An outage about which nobody is told yet. */
export interface Pending {
  readonly object: string;
  readonly since: number;
  readonly decideBy: number;
  readonly waitingFor: Wait;
  readonly looks: readonly Look[];
  /** Start of the trouble, for the record if it is over before it is decided. */
  readonly trouble: Edge;
}

/** Everything correlation knows, in memory. Changed only by the functions of this folder. */
export interface World {
  readonly objects: Map<string, CorrelatedObject>;
  /** Object that can be a cause → those that hang on it, directly or through transparent ones. */
  readonly dependants: Map<string, string[]>;
  readonly statuses: Map<string, ObjectStatus>;
  readonly incidents: Map<string, ActiveIncident>;
  /** Cause object → its incident under way. */
  readonly causeOf: Map<string, string>;
  /** Symptom → the incident it is a member of; that one may be resolved while the symptom waits to be looked at anew. */
  readonly symptomOf: Map<string, string>;
  readonly pending: Map<string, Pending>;
  /** Objects that a person split off: object → the incidents under way that it never joins again. */
  readonly apart: Map<string, Set<string>>;
  /** Object → the recent beginnings and ends of outages of its own. */
  readonly changes: Map<string, readonly OwnChange[]>;
  readonly flapping: Map<string, Flapping>;
  /** Objects to be decided at the next `settle`, in order of arrival; true when bad at the time it was touched. */
  readonly touched: Map<string, boolean>;
}

export function createWorld(objects: Iterable<CorrelatedObject>): World {
  const world: World = {
    objects: new Map(),
    dependants: new Map(),
    statuses: new Map(),
    incidents: new Map(),
    causeOf: new Map(),
    symptomOf: new Map(),
    pending: new Map(),
    apart: new Map(),
    changes: new Map(),
    flapping: new Map(),
    touched: new Map(),
  };
  replaceObjects(world, objects);
  return world;
}

/** Puts another inventory in the place of the present one and touches whatever the change could concern. */
export function replaceInventory(world: World, objects: Iterable<CorrelatedObject>): void {
  const before = new Map(world.objects);
  replaceObjects(world, objects);
  // What becomes watched while it is bad alarms now; what becomes quiet ends what is under way.
  for (const id of world.statuses.keys())
    if ((before.get(id)?.quiet ?? false) !== (world.objects.get(id)?.quiet ?? false)) touch(world, id);
  for (const map of [world.pending, world.symptomOf, world.causeOf, world.flapping]) for (const id of map.keys()) touch(world, id);
  for (const id of world.statuses.keys()) if (!world.objects.get(id)?.monitored) touch(world, id);
}

/** Puts an incident under way into the world, with its symptoms (used when memory is rebuilt from the record). */
export function restoreIncident(world: World, incident: ActiveIncident): void {
  world.incidents.set(incident.id, incident);
  world.causeOf.set(incident.cause, incident.id);
  for (const symptom of incident.symptoms) world.symptomOf.set(symptom, incident.id);
}

/** Touches every object that is bad and about which nothing was ever decided, so that a restart leaves none behind. */
export function touchUnplaced(world: World): void {
  for (const [id, status] of world.statuses) {
    if (world.objects.get(id)?.quiet) continue;
    if (levelOf(status.state) > 0 && !world.causeOf.has(id) && !world.symptomOf.has(id) && !world.pending.has(id)) touch(world, id);
  }
  for (const id of world.pending.keys()) touch(world, id);
  for (const [id, incident] of world.symptomOf) if (!world.incidents.has(incident) || isFine(world, id)) touch(world, id);
  for (const id of world.causeOf.keys()) if (isFine(world, id)) touch(world, id);
}

/** Nothing bad is to be recorded of it as an incident. */
function isFine(world: World, id: string): boolean {
  const status = world.statuses.get(id);
  const object = world.objects.get(id);
  return status === undefined || status.state === 'up' || object === undefined || !isCause(object);
}

export function touch(world: World, id: string): void {
  const status = world.statuses.get(id);
  world.touched.set(id, status !== undefined && levelOf(status.state) > 0);
}

/** How bad a state is: 0 fine or not known, 1 degraded, 2 down. */
export function levelOf(state: State): 0 | 1 | 2 {
  return state === 'down' ? 2 : state === 'degraded' ? 1 : 0;
}

/** The incident under way in which an object's trouble is recorded: as a symptom before as a cause. */
export function placeOf(world: World, id: string): string | undefined {
  const place = world.symptomOf.get(id) ?? world.causeOf.get(id);
  return place !== undefined && world.incidents.has(place) ? place : undefined;
}

function replaceObjects(world: World, objects: Iterable<CorrelatedObject>): void {
  world.objects.clear();
  world.dependants.clear();
  for (const object of objects) world.objects.set(object.id, object);
  const above = new Map<string, ReadonlySet<string>>();
  for (const object of world.objects.values()) {
    if (!isCause(object)) continue;
    for (const leaf of monitoredParents(world, object, above, new Set())) {
      const list = world.dependants.get(leaf);
      if (list) list.push(object.id);
      else world.dependants.set(leaf, [object.id]);
    }
  }
}

function monitoredParents(
  world: World,
  object: CorrelatedObject,
  above: Map<string, ReadonlySet<string>>,
  path: Set<string>,
): ReadonlySet<string> {
  const known = above.get(object.id);
  if (known) return known;
  const leaves = new Set<string>();
  path.add(object.id);
  for (const id of object.parents) {
    const parent = world.objects.get(id);
    if (!parent || path.has(id)) continue;
    if (explains(parent)) leaves.add(id);
    else for (const leaf of monitoredParents(world, parent, above, path)) leaves.add(leaf);
  }
  path.delete(object.id);
  above.set(object.id, leaves);
  return leaves;
}
