import { type LiveEvent, type LiveType, type LogEntry, timestamp } from '@beacontower/contracts';
import { type Scope, scopeCovers } from '@beacontower/database';

/** One entry of the log as it goes to clients; encoded once for all of them. */
export interface TailEvent {
  readonly sequence: number;
  readonly type: LiveType;
  /** Whose scope must cover it to be told; null is told to everybody. */
  readonly division: string | null;
  readonly text: string;
  /** Objects and other incidents named in it may lie elsewhere: who does not cover all their divisions gets the text without names. */
  readonly named: { readonly divisions: readonly string[]; readonly textWithout: string } | null;
}

/** Finds the divisions events lie in; null when it is not known (any more). */
export interface DivisionLookup {
  object(id: string): Promise<string | null>;
  incident(id: string): Promise<string | null>;
}

/** The event a log entry makes for clients; undefined for entries that are no news to them, or of which nobody knows whose they are. */
export async function toTailEvent(entry: LogEntry, divisions: DivisionLookup): Promise<TailEvent | undefined> {
  const head = { sequence: entry.sequence, at: timestamp(entry.eventAt), recordedAt: timestamp(entry.recordedAt) };
  switch (entry.kind) {
    case 'looked':
    case 'maintenance':
    case 'reclassification':
      return undefined;
    case 'revised': {
      // Of the past nobody is told. What a node below says of this moment is news, though the transition of it is still to come.
      const { object, from, shown } = entry.body;
      const division = shown === undefined ? null : await divisions.object(object);
      if (shown === undefined || division === null) return undefined;
      return eventOf({ ...head, type: 'state', object, ...shown, earliest: timestamp(from), latest: timestamp(from) }, division);
    }
    case 'inventory':
      return eventOf({ ...head, type: 'inventory', version: entry.body.version }, null);
    case 'delivery': {
      // Of a message about several the messages it carries are told of, each where it belongs.
      const { incident } = entry.body;
      const division = incident === null ? null : await divisions.incident(incident);
      return incident === null || division === null ? undefined : eventOf({ ...head, type: 'delivery', ...entry.body, incident }, division);
    }
    case 'incident': {
      const division = await divisions.incident(entry.body.incident);
      if (division === null) return undefined;
      return incidentEvent({ ...head, type: 'incident', ...entry.body }, division, divisions);
    }
    case 'interface': {
      const division = await divisions.object(entry.body.object);
      return division === null ? undefined : eventOf({ ...head, type: 'interface', ...entry.body }, division);
    }
    case 'node':
      return eventOf({ ...head, type: 'node', ...entry.body }, entry.body.division);
    case 'figure':
    case 'report':
      return eventOf(
        entry.kind === 'figure' ? { ...head, type: 'figure', ...entry.body } : { ...head, type: 'report', ...entry.body },
        entry.body.division,
      );
    case 'state':
    case 'check': {
      const { object, check, from, to, earliest, latest, reason } = entry.body;
      const division = await divisions.object(object);
      if (division === null) return undefined;
      const change = { object, from, to, earliest: timestamp(earliest), latest: timestamp(latest), reason };
      if (entry.kind === 'state' || check === null) return eventOf({ ...head, type: 'state', ...change }, division);
      return eventOf({ ...head, type: 'check', check, ...change }, division);
    }
  }
}

/** What a scope is told of an event; undefined when it is none of its concern. */
export function textFor(event: TailEvent, scope: Scope): string | undefined {
  if (event.division !== null && !scopeCovers(scope, event.division)) return undefined;
  const { named } = event;
  return named === null || named.divisions.every((division) => scopeCovers(scope, division)) ? event.text : named.textWithout;
}

type IncidentEvent = Extract<LiveEvent, { type: 'incident' }>;

async function incidentEvent(event: IncidentEvent, division: string, lookup: DivisionLookup): Promise<TailEvent> {
  const { objects = [], other, ...rest } = event;
  const named = new Set<string>();
  for (const object of event.object === null ? objects : [event.object, ...objects]) named.add((await lookup.object(object)) ?? division);
  if (other !== undefined) named.add((await lookup.incident(other)) ?? division);
  const told = eventOf(event, division);
  return named.size === 0 ? told : { ...told, named: { divisions: [...named], textWithout: textOf({ ...rest, object: null }) } };
}

function eventOf(event: LiveEvent, division: string | null): TailEvent {
  return { sequence: event.sequence, type: event.type, division, text: textOf(event), named: null };
}

function textOf(event: LiveEvent): string {
  return `id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
