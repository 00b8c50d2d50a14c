import { type Edge, exactEdge, type State } from '../state.ts';
import { type CorrelationPolicy, type Decision, decide, pendingOf } from './decide.ts';
import { type Effect, EffectList, type LeaveReason, type ResolveReason } from './effects.ts';
import { touchDependants } from './observe.ts';
import { type ChangeSeen, endFlapping, settleFlapping } from './settle-flapping.ts';
import { isWorse, type Severity, severityOf } from './severity.ts';
import { endApart } from './split.ts';
import { type ActiveIncident, type Look, type Pending, touch, type World } from './world.ts';

export interface SettleOptions {
  /** Epoch ms. */
  readonly now: number;
  /** Deadlines up to here are over: `now`, or 0 while there is unread evidence that may hold the answers. */
  readonly overdueAt: number;
  readonly policy: CorrelationPolicy;
  /** Makes the id of an incident from its cause and the transition that opens it; the same input must give the same id. */
  readonly incidentId: (cause: string, transition: number, kind?: 'flapping') => string;
}

interface Settling {
  readonly world: World;
  readonly options: SettleOptions;
  readonly effects: EffectList;
  /** What was pending before, by object, for those whose entry changed. */
  readonly pendingBefore: Map<string, Pending | undefined>;
  /** Beginnings and ends of outages of objects' own. */
  readonly changes: ChangeSeen[];
}

/** Touches every undecided outage whose time is over. */
export function touchExpired(world: World, now: number): void {
  for (const pending of world.pending.values()) if (pending.decideBy <= now) touch(world, pending.object);
}

/** When the next undecided outage must be decided, or null when none is pending. Epoch ms. */
export function nextDeadline(world: World): number | null {
  let next: number | null = null;
  for (const pending of world.pending.values()) if (next === null || pending.decideBy < next) next = pending.decideBy;
  return next;
}

/**
 * Decides about everything that was touched, until nothing changes any more; the world is as if the effects were done.
 * Linear in the number of objects concerned.
 */
export function settle(world: World, options: SettleOptions): Effect[] {
  const settling: Settling = { world, options, effects: new EffectList(), pendingBefore: new Map(), changes: [] };
  // One iterator for all: a map's iterator also visits what is touched meanwhile, and finding the first anew would be quadratic.
  for (const id of world.touched.keys()) {
    world.touched.delete(id);
    carryOut(settling, id, decide(world, id, options.overdueAt));
  }
  settling.effects.addAll(settleFlapping(world, settling.changes, options));
  return [...settling.effects.toArray(), ...pendingEffects(settling)];
}

function carryOut(settling: Settling, id: string, decision: Decision): void {
  switch (decision.decision) {
    case 'nothing':
      remark(settling, id);
      break;
    case 'hold':
      dropPending(settling, id);
      remark(settling, id);
      break;
    case 'over':
      end(settling, id, decision.reason);
      break;
    case 'join':
      join(settling, id, decision.incident);
      break;
    case 'alone':
      alone(settling, id, decision);
      break;
    case 'wait':
      wait(settling, id, decision);
      break;
  }
}

function alone(settling: Settling, id: string, decision: Extract<Decision, { decision: 'alone' }>): void {
  const { world, options, effects } = settling;
  dropPending(settling, id);
  leave(settling, id, decision.reason === 'split-by-hand' ? 'split-by-hand' : 'alerts-on-its-own');
  const status = world.statuses.get(id);
  if (!status) return;
  const own = world.incidents.get(world.causeOf.get(id) ?? '');
  const { severity, reason } = decision;
  const split = decision.reason === 'split-by-hand' ? { splitFrom: decision.splitFrom } : {};
  if (!own) {
    const incident: ActiveIncident = { id: options.incidentId(id, status.transition), cause: id, severity, symptoms: new Set(), ...split };
    world.incidents.set(incident.id, incident);
    world.causeOf.set(id, incident.id);
    const { troubleSince: edge, decidedAt } = status;
    effects.add({ effect: 'open', incident: incident.id, cause: id, severity, edge, decidedAt, reason, silent: false, ...split });
    if (decision.reason !== 'split-by-hand') noteChange(settling, id, edge, severity);
  } else if (isWorse(severity, own.severity)) {
    own.severity = severity;
    effects.add({ effect: 'escalate', incident: own.id, cause: id, severity, decidedAt: status.decidedAt, reason, ...split });
    noteChange(settling, id, status.since, severity, true);
  }
  touchDependants(world, id);
}

function join(settling: Settling, id: string, incident: string): void {
  const { world, effects } = settling;
  const wasPending = dropPending(settling, id);
  if (world.symptomOf.get(id) === incident) {
    if (wasPending) touchDependants(world, id);
    return;
  }
  leave(settling, id, 'behind-another-cause');
  world.symptomOf.set(id, incident);
  world.incidents.get(incident)?.symptoms.add(id);
  effects.join(incident, id);
  const own = world.causeOf.get(id);
  if (own !== undefined) effects.add({ effect: 'note', incident: own, note: 'behind-another-cause', object: id });
  touchDependants(world, id);
}

function wait(settling: Settling, id: string, decision: Extract<Decision, { decision: 'wait' }>): void {
  const { world, options, pendingBefore } = settling;
  const before = world.pending.get(id);
  const after = pendingOf(world, id, decision, options.now, options.policy);
  if (before?.waitingFor === after.waitingFor && newLooks(before, after).length === 0) return;
  if (!pendingBefore.has(id)) pendingBefore.set(id, before);
  world.pending.set(id, after);
  // What hangs on it has to wait for its decision.
  if (!before) touchDependants(world, id);
}

function end(settling: Settling, id: string, reason: Extract<Decision, { decision: 'over' }>['reason']): void {
  const { world, options, effects } = settling;
  const pending = world.pending.get(id);
  const untold = pending && !world.symptomOf.has(id) && !world.causeOf.has(id);
  dropPending(settling, id);
  if (untold && reason !== 'unwatched') recordOnly(settling, id, pending);
  leave(settling, id, reason);
  const incident = world.incidents.get(world.causeOf.get(id) ?? '');
  if (incident) resolve(settling, incident, reason);
  if (reason !== 'serves') effects.addAll(endFlapping(world, id, reason, exactEdge(options.now), options.now));
  if (reason === 'retired') world.statuses.delete(id);
  touchDependants(world, id);
}

function resolve(settling: Settling, incident: ActiveIncident, reason: ResolveReason): void {
  const { world, options, effects } = settling;
  const status = world.statuses.get(incident.cause);
  const returned = reason === 'serves' && status !== undefined;
  effects.add({
    effect: 'resolve',
    incident: incident.id,
    cause: incident.cause,
    edge: returned ? status.since : exactEdge(options.now),
    decidedAt: returned ? status.decidedAt : options.now,
    reason,
    silent: false,
  });
  if (returned && incident.splitFrom === undefined) noteChange(settling, incident.cause, status.since, incident.severity);
  forgetIncident(world, incident.id);
}

/** Takes an incident out of the world (it is resolved) and touches its symptoms: each has to be decided anew. */
export function forgetIncident(world: World, id: string): void {
  const incident = world.incidents.get(id);
  if (!incident) return;
  world.incidents.delete(id);
  world.causeOf.delete(incident.cause);
  endApart(world, id);
  for (const symptom of incident.symptoms) touch(world, symptom);
}

/** An outage that was over before it was decided whose it is: in the record, but nobody is told. */
function recordOnly(settling: Settling, id: string, pending: Pending): void {
  const { world, options, effects } = settling;
  const status = world.statuses.get(id);
  const object = world.objects.get(id);
  if (!status || !object) return;
  const incident = options.incidentId(id, status.transition);
  const { decidedAt } = status;
  const severity = severityOf('down', object.class);
  const reason = 'over-before-decided';
  effects.add({ effect: 'open', incident, cause: id, severity, edge: pending.trouble, decidedAt, reason, silent: true });
  effects.add({ effect: 'resolve', incident, cause: id, edge: status.since, decidedAt, reason, silent: true });
  noteChange(settling, id, pending.trouble, severity);
  noteChange(settling, id, status.since, severity);
}

function noteChange({ world, changes }: Settling, object: string, edge: Edge, severity: Severity, worse = false): void {
  const status = world.statuses.get(object);
  if (status) changes.push({ object, edge, severity, decidedAt: status.decidedAt, transition: status.transition, worse });
}

function leave(settling: Settling, id: string, reason: LeaveReason): void {
  const { world, effects } = settling;
  const incident = world.symptomOf.get(id);
  if (incident === undefined) return;
  world.symptomOf.delete(id);
  world.incidents.get(incident)?.symptoms.delete(id);
  effects.leave(incident, id, reason);
}

function dropPending(settling: Settling, id: string): boolean {
  const { world, pendingBefore } = settling;
  const before = world.pending.get(id);
  if (!before) return false;
  if (!pendingBefore.has(id)) pendingBefore.set(id, before);
  world.pending.delete(id);
  return true;
}

// Remarks on an incident whose cause changes without ending it; each is made once in a row.
function remark(settling: Settling, id: string): void {
  const { world, effects } = settling;
  const incident = world.incidents.get(world.causeOf.get(id) ?? '');
  const state = world.statuses.get(id)?.state;
  if (!incident || !state) return;
  const note = remarkOn(state, incident);
  if (note === incident.remark) return;
  if (note) {
    incident.remark = note;
    effects.add({ effect: 'note', incident: incident.id, note, object: id });
  }
  // A cause that serves again, if badly, no longer explains why others are down.
  touchDependants(world, id);
}

function remarkOn(state: State, incident: ActiveIncident): ActiveIncident['remark'] {
  if (state === 'unknown') return 'cause-unknown';
  if (state === 'degraded' && incident.severity !== 'warning') return 'cause-eased';
  if (incident.remark === 'cause-eased') return 'cause-worse';
  return incident.remark === 'cause-unknown' ? 'cause-seen-again' : incident.remark;
}

function pendingEffects({ world, pendingBefore }: Settling): Effect[] {
  const effects: Effect[] = [];
  const gone: string[] = [];
  const looks = new Map<string, number>();
  for (const [id, before] of pendingBefore) {
    const after = world.pending.get(id);
    if (!after) {
      if (before) gone.push(id);
      continue;
    }
    effects.push({ effect: 'pend', pending: after, record: !world.symptomOf.has(id) });
    for (const look of newLooks(before, after)) looks.set(look.object, Math.max(look.after, looks.get(look.object) ?? 0));
  }
  if (gone.length > 0) effects.push({ effect: 'unpend', objects: gone });
  if (looks.size > 0) effects.push({ effect: 'look', looks: [...looks].map(([object, after]) => ({ object, after })) });
  return effects;
}

function newLooks(before: Pending | undefined, after: Pending): readonly Look[] {
  if (before === undefined || before.waitingFor !== after.waitingFor) return after.looks;
  return after.looks.filter((look) => !before.looks.some((old) => old.object === look.object && old.after === look.after));
}
