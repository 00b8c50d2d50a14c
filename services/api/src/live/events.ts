import { type LiveEvent, type LiveType, type LogEntry, timestamp } from '@beacontower/contracts';
import { type Scope, scopeCovers } from '@beacontower/database';

/** One entry of the log as it goes to clients; encoded once for all of them. */
export interface TailEvent {
  readonly sequence: number;
  readonly type: LiveType;
  /** Whose scope must cover it to be told; null is told to everybody. */
  readonly division: string | null;
  readonly text: string;
  /** An object named in it that lies elsewhere: who does not cover its division gets the text without its name. */
  readonly named: { readonly division: string; readonly textWithout: string } | null;
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
    case 'revised':
      return undefined;
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
      const event: LiveEvent = { ...head, type: 'incident', ...entry.body };
      const other = entry.body.object === null ? null : await divisions.object(entry.body.object);
      const named = other === null ? null : { division: other, textWithout: textOf({ ...event, object: null }) };
      return { ...eventOf(event, division), named };
    }
    case 'interface': {
      const division = await divisions.object(entry.body.object);
      return division === null ? undefined : eventOf({ ...head, type: 'interface', ...entry.body }, division);
    }
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
  return event.named !== null && !scopeCovers(scope, event.named.division) ? event.named.textWithout : event.text;
}

function eventOf(event: LiveEvent, division: string | null): TailEvent {
  return { sequence: event.sequence, type: event.type, division, text: textOf(event), named: null };
}

function textOf(event: LiveEvent): string {
  return `id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
