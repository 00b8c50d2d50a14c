import type { IncidentBody, LogEntry } from '@beacontower/contracts';
import {
  type CorrelationPolicy,
  type Effect,
  forgetFlapping,
  forgetIncident,
  seeLook,
  seeTransition,
  settle,
  splitOff,
  touch,
  touchExpired,
  turnsBack,
  type World,
} from '@beacontower/domain';
import { stableUuid } from '../identifiers.ts';

/** What one batch of log entries comes to. `effects` holds one list for each time the world was settled. */
export interface BatchOutcome {
  readonly effects: readonly (readonly Effect[])[];
}

/** Objects that an inventory made watched: in which state they were, by its transition, and the sequence of that inventory in the log. */
export type WatchedAnew = ReadonlyMap<string, { readonly transition: number; readonly sequence: number }>;

/**
 * Takes entries into the world in order and decides. Steps of one object in one direction (degraded, then down) are decided
 * together; where it turns back (down, then up) what came before is decided first, so that no outage is passed over.
 */
export function readBatch(
  world: World,
  entries: readonly LogEntry[],
  options: {
    readonly now: number;
    readonly overdueAt: number;
    readonly policy: CorrelationPolicy;
    readonly watchedAnew?: WatchedAnew;
  },
): BatchOutcome {
  const effects: Effect[][] = [];
  const decide = () => {
    const made = settle(world, { ...options, incidentId: (...of) => incidentId(options.watchedAnew, ...of) });
    if (made.length > 0) effects.push(made);
  };
  for (const entry of entries) {
    if (entry.kind === 'state' && entry.body.check === null) {
      const { object, to, at, earliest, latest, decidedAt, transition } = entry.body;
      const seen = { object, to, edge: { at, earliest, latest }, decidedAt, transition };
      if (turnsBack(world, seen)) decide();
      seeTransition(world, seen);
    } else if (entry.kind === 'looked') {
      // The answer is by observations made at or after `after`, each check's own; the last of them is at `observedAt`.
      const { object, state, observedAt, after } = entry.body;
      seeLook(world, { object, state, observedAt: Math.max(observedAt, after) });
    } else if (entry.kind === 'incident') {
      const refused = readAct(world, entry.body);
      if (refused.length > 0) effects.push(refused);
    }
  }
  touchExpired(world, options.overdueAt);
  decide();
  return { effects };
}

// What people do to incidents is read from the log like everything else; what correlation itself wrote there it knows already.
function readAct(world: World, { change, incident, cause, objects = [] }: IncidentBody): Effect[] {
  if (change === 'split-asked') {
    return splitOff(world, incident, objects).map((object) => ({ effect: 'note', incident, note: 'split-refused', object }));
  }
  if (change !== 'resolved') return [];
  forgetFlapping(world, incident);
  if (!world.incidents.has(incident)) return [];
  forgetIncident(world, incident);
  // Its cause may have fallen again just as the person resolved it: then that outage is another.
  touch(world, cause);
  return [];
}

// An outage that ended since nobody watched its cause any more, and is alarmed anew with nothing seen between, is another.
function incidentId(watchedAnew: WatchedAnew | undefined, cause: string, transition: number, kind?: 'flapping'): string {
  if (kind !== undefined) return stableUuid(kind, cause, transition);
  const anew = watchedAnew?.get(cause);
  return stableUuid('incident', cause, transition, ...(anew?.transition === transition ? [anew.sequence] : []));
}
