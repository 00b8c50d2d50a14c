import type { IncidentBody } from '@beacontower/contracts';
import {
  escalateIncident,
  insertIncidentEvents,
  insertIncidents,
  insertNotices,
  joinIncident,
  leaveIncident,
  type NewIncidentEvent,
  type NewLogEntry,
  type NewNotice,
  type Queryable,
  readIncidents,
  resolveIncidents,
  savePending,
} from '@beacontower/database';
import type { Effect, Look } from '@beacontower/domain';
import { nameOf, titleOf } from '@beacontower/messages';
import type { Directory } from '../directory.ts';

type Of<K extends Effect['effect']> = Extract<Effect, { effect: K }>;

export interface Written {
  readonly looks: readonly Look[];
  readonly log: readonly NewLogEntry[];
  readonly changes: readonly IncidentBody['change'][];
}

/** Carries out one settled list of effects in the caller's transaction, set by set. Looks and the bus are for after the commit. */
export async function writeEffects(tx: Queryable, effects: readonly Effect[], directory: Directory, now: number): Promise<Written> {
  const of = <K extends Effect['effect']>(kind: K) => effects.filter((effect): effect is Of<K> => effect.effect === kind);
  const opens = of('open');
  const escalations = of('escalate');
  const resolutions = of('resolve');
  await insertIncidents(
    tx,
    opens.flatMap((open) => newIncident(open, directory, now)),
  );
  for (const { incident, objects } of of('leave')) await leaveIncident(tx, incident, objects, now);
  for (const { incident, objects } of of('join')) await joinIncident(tx, incident, objects, now);
  for (const { incident, cause, severity } of escalations) {
    await escalateIncident(tx, incident, severity, titleFor(directory, cause, severity));
  }
  const resolvedIds = new Set(
    await resolveIncidents(
      tx,
      resolutions.map((resolution) => ({ id: resolution.incident, at: resolution.edge.at })),
      now,
    ),
  );
  const done = effects.filter((effect) => effect.effect !== 'resolve' || resolvedIds.has(effect.incident));
  await insertIncidentEvents(
    tx,
    done.flatMap((effect) => eventOf(effect, now)),
  );
  const noticed: NewNotice[] = [
    ...opens.filter((open) => !open.silent).map((open) => noticeOf(open, 'opened', '', now)),
    ...escalations.map((escalation) => noticeOf(escalation, 'escalated', escalation.severity, now)),
    // Also when a person resolved it a moment before: it is the same notice, so nobody is told twice.
    ...resolutions
      .filter((one) => !one.silent)
      .map((one) => ({
        ...noticeOf(one, 'resolved', '', now),
        body: { resolution: one.reason === 'retired' || one.reason === 'unwatched' ? one.reason : ('recovered' as const) },
      })),
  ];
  await insertNotices(tx, noticed, now);
  await savePending(
    tx,
    of('pend').flatMap((effect) => (effect.record ? [effect.pending] : [])),
    of('unpend').flatMap((effect) => effect.objects),
  );
  const log = await incidentLog(tx, done, now);
  return {
    looks: of('look').flatMap((effect) => effect.looks),
    log,
    changes: log.map((entry) => (entry.body as IncidentBody).change),
  };
}

function noticeOf(
  { incident, decidedAt }: { readonly incident: string; readonly decidedAt: number },
  step: NewNotice['step'],
  occasion: string,
  now: number,
): NewNotice {
  return { incident, step, occasion, body: {}, decidedAt, dueAt: now };
}

function titleFor(directory: Directory, cause: string, severity: Of<'open'>['severity']): string {
  const object = directory.objects.get(cause);
  return titleOf(directory.language, object?.kind ?? 'device', nameOf(directory, cause, directory.language), severity);
}

function newIncident(open: Of<'open'>, directory: Directory, now: number) {
  const object = directory.objects.get(open.cause);
  if (!object) return [];
  const { division, party } = object;
  const title = titleFor(directory, open.cause, open.severity);
  const { incident: id, cause, severity, edge } = open;
  return [{ id, cause, severity, division, party, class: object.class, title, edge, openedAt: now }];
}

function eventOf(effect: Effect, now: number): NewIncidentEvent[] {
  const line = (incident: string, kind: string, detail: Record<string, unknown>): NewIncidentEvent[] => [
    { incident, at: now, kind, actor: 'system', detail },
  ];
  switch (effect.effect) {
    case 'open':
      return line(effect.incident, 'opened', { reason: effect.reason, severity: effect.severity, edge: effect.edge });
    case 'escalate':
      return line(effect.incident, 'escalated', { reason: effect.reason, severity: effect.severity });
    case 'join':
      return line(effect.incident, 'joined', { count: effect.objects.length, objects: effect.objects.slice(0, 20) });
    case 'leave':
      return line(effect.incident, 'left', { reason: effect.reason, count: effect.objects.length, objects: effect.objects.slice(0, 20) });
    case 'resolve':
      return line(effect.incident, 'resolved', { reason: effect.reason, edge: effect.edge });
    case 'note':
      return line(effect.incident, effect.note, { object: effect.object });
    default:
      return [];
  }
}

type IncidentLogEntry = Extract<NewLogEntry, { kind: 'incident' }>;

interface Change {
  readonly incident: string;
  readonly change: IncidentBody['change'];
  readonly objects: readonly string[];
  readonly eventAt: number;
}

function changeOf(effect: Effect, now: number): Change[] {
  switch (effect.effect) {
    case 'open':
      return [{ incident: effect.incident, change: 'opened', objects: [], eventAt: effect.edge.at }];
    case 'escalate':
      return [{ incident: effect.incident, change: 'escalated', objects: [], eventAt: now }];
    case 'resolve':
      return [{ incident: effect.incident, change: 'resolved', objects: [], eventAt: effect.edge.at }];
    case 'join':
      return [{ incident: effect.incident, change: 'joined', objects: effect.objects, eventAt: now }];
    case 'leave':
      return [{ incident: effect.incident, change: 'left', objects: effect.objects, eventAt: now }];
    default:
      return [];
  }
}

// One row per incident and change, however many objects joined.
async function incidentLog(tx: Queryable, effects: readonly Effect[], now: number): Promise<IncidentLogEntry[]> {
  const changes = effects.flatMap((effect) => changeOf(effect, now));
  if (changes.length === 0) return [];
  const rows = await readIncidents(tx, [...new Set(changes.map((change) => change.incident))]);
  return changes.flatMap(({ incident, change, objects, eventAt }): IncidentLogEntry[] => {
    const row = rows.get(incident);
    if (!row) return [];
    const { number, state, severity, cause } = row;
    const count = objects.length > 0 ? { count: objects.length } : {};
    const object = objects.length === 1 ? (objects[0] ?? null) : null;
    return [{ kind: 'incident', subject: incident, body: { incident, number, change, state, severity, cause, object, ...count }, eventAt }];
  });
}
