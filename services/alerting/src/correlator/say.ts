/** What the timeline of an incident and the ordered log say of settled effects. */
import type { IncidentBody, TimelineKind } from '@beacontower/contracts';
import { type NewIncidentEvent, type NewLogEntry, type Queryable, readIncidents } from '@beacontower/database';
import type { Effect } from '@beacontower/domain';

/** The lines of timelines; objects by name up to 20, all by number. */
export function eventsOf(effect: Effect, now: number): NewIncidentEvent[] {
  const line = (incident: string, kind: TimelineKind, detail: Record<string, unknown>): NewIncidentEvent[] => [
    { incident, at: now, kind, actor: 'system', detail },
  ];
  switch (effect.effect) {
    case 'open':
      return [
        ...line(effect.incident, 'opened', { reason: effect.reason, severity: effect.severity, edge: effect.edge }),
        ...(effect.splitFrom === undefined ? [] : line(effect.splitFrom, 'split', { object: effect.cause, into: effect.incident })),
      ];
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
    case 'flapping':
      return line(effect.incident, effect.change, flappingDetail(effect));
    default:
      return [];
  }
}

function flappingDetail(effect: Extract<Effect, { effect: 'flapping' }>): Record<string, unknown> {
  if (effect.change === 'resolved') return { reason: effect.reason, edge: effect.edge };
  if (effect.change === 'escalated') return { reason: 'flapping', severity: effect.severity };
  const { severity, edge, share, changes } = effect;
  return { reason: 'flapping', severity, edge, share, changes };
}

type IncidentLogEntry = Extract<NewLogEntry, { kind: 'incident' }>;

interface Change {
  readonly incident: string;
  readonly change: IncidentBody['change'];
  readonly objects: readonly string[];
  readonly eventAt: number;
  readonly other?: string;
}

function changeOf(effect: Effect, now: number): Change[] {
  switch (effect.effect) {
    case 'open':
      return [
        { incident: effect.incident, change: 'opened', objects: [], eventAt: effect.edge.at },
        ...(effect.splitFrom === undefined
          ? []
          : [{ incident: effect.incident, change: 'split' as const, objects: [], eventAt: now, other: effect.splitFrom }]),
      ];
    case 'escalate':
      return [{ incident: effect.incident, change: 'escalated', objects: [], eventAt: now }];
    case 'resolve':
      return [{ incident: effect.incident, change: 'resolved', objects: [], eventAt: effect.edge.at }];
    case 'join':
      return [{ incident: effect.incident, change: 'joined', objects: effect.objects, eventAt: now }];
    case 'leave':
      return [{ incident: effect.incident, change: 'left', objects: effect.objects, eventAt: now }];
    case 'flapping':
      return [
        { incident: effect.incident, change: effect.change, objects: [], eventAt: effect.change === 'escalated' ? now : effect.edge.at },
      ];
    default:
      return [];
  }
}

/** One row per incident and change, however many objects joined. */
export async function incidentLog(tx: Queryable, effects: readonly Effect[], now: number): Promise<IncidentLogEntry[]> {
  const changes = effects.flatMap((effect) => changeOf(effect, now));
  if (changes.length === 0) return [];
  const rows = await readIncidents(tx, [...new Set(changes.map((change) => change.incident))]);
  return changes.flatMap(({ incident, change, objects, eventAt, other }): IncidentLogEntry[] => {
    const row = rows.get(incident);
    if (!row) return [];
    const { number, state, severity, cause, kind } = row;
    const rest = {
      ...(objects.length > 0 ? { count: objects.length } : {}),
      ...(kind === 'outage' ? {} : { kind }),
      ...(other === undefined ? {} : { other }),
    };
    const object = objects.length === 1 ? (objects[0] ?? null) : null;
    return [{ kind: 'incident', subject: incident, body: { incident, number, change, state, severity, cause, object, ...rest }, eventAt }];
  });
}
