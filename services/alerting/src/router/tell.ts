import { DeliveryBecause, RESOLUTIONS, type Resolution } from '@beacontower/contracts';
import {
  type AlarmRow,
  type DeliveryStep,
  type IncidentRow,
  insertDeliveries,
  type NewDelivery,
  type NewLogEntry,
  type Notice,
  type Queryable,
  readAffected,
  readAlarms,
  readIncidents,
  readMaintenanceWindows,
  readReasons,
  readSilences,
  readWarningFacts,
  type WarningFacts,
} from '@beacontower/database';
import { type Recipient, routeEvent, withholdingOf } from '@beacontower/domain';
import { AFFECTED_LIMIT, createMessage } from '@beacontower/messages';
import type { Directory } from '../directory.ts';
import { stableUuid } from '../identifiers.ts';

/** A notice about an incident. */
export type IncidentNotice = Notice & { readonly incident: string };

/** What was written, and what the log is to say of it. */
export interface NoticeOutcome {
  readonly deliveries: readonly NewDelivery[];
  readonly log: readonly NewLogEntry[];
}

/**
 * Writes the deliveries of notices: alarms to whom the routes name, resolutions to exactly those whom an alarm went to. A silence
 * or approved maintenance withholds an alarm visibly; the resolution of a withheld alarm is withheld with it.
 */
export async function tell(tx: Queryable, notices: readonly IncidentNotice[], directory: Directory, now: number): Promise<NoticeOutcome> {
  if (notices.length === 0) return { deliveries: [], log: [] };
  const ids = [...new Set(notices.map((notice) => notice.incident))];
  const incidents = await readIncidents(tx, ids);
  const compose = await createComposer(tx, incidents, directory, now);
  const silences = await readSilences(tx, now);
  const windows = await readMaintenanceWindows(tx, now);
  const deliveries: NewDelivery[] = [];
  const told = await readAlarms(tx, incidentsOf(notices.filter((notice) => notice.step !== 'opened')));
  for (const notice of notices.filter(({ step }) => step !== 'resolved')) {
    const incident = incidents.get(notice.incident);
    if (!incident) continue;
    const subject = { object: incident.cause, division: incident.division, severity: incident.severity };
    // Planned work is left out of a figure already: it is no reason to keep still about the rest.
    const withheld = withholdingOf(subject, silences, incident.kind === 'outage' ? windows : [], now);
    const rest = {
      state: withheld ? 'withheld' : 'pending',
      reason: withheld ? `${withheld.reason} ${withheld.id}` : null,
    } as const;
    for (const recipient of routeEvent(incident, directory.routes, directory.contacts)) {
      const opened = told.find((row) => row.incident === incident.id && row.step === 'opened' && sameTarget(row, recipient));
      deliveries.push(compose(notice, incident, recipient, { ...rest, follows: opened?.id ?? null }));
    }
  }
  const inserted = await insertDeliveries(tx, deliveries);
  const before = deliveries.length;
  const resolutions = notices.filter((notice) => notice.step === 'resolved');
  const alarms = await readAlarms(tx, incidentsOf(resolutions));
  for (const notice of resolutions) {
    const incident = incidents.get(notice.incident);
    if (!incident) continue;
    for (const { alarm, withheldBecause } of targetsOf(alarms.filter((row) => row.incident === notice.incident))) {
      const language = alarm.language === 'zh' ? 'zh' : 'en';
      const rest = { follows: alarm.id, state: withheldBecause === null ? 'pending' : 'withheld', reason: withheldBecause } as const;
      deliveries.push(compose(notice, incident, { ...alarm, language, route: null }, rest));
    }
  }
  for (const id of await insertDeliveries(tx, deliveries.slice(before))) inserted.add(id);
  // What was there already is on its way, or has arrived.
  const made = deliveries.filter(({ id }) => inserted.has(id));
  return { deliveries: made, log: made.map((delivery) => logOf(delivery, now)) };
}

type Compose = (
  notice: IncidentNotice,
  incident: IncidentRow,
  recipient: Omit<Recipient, 'route'> & { readonly route: string | null },
  rest: Pick<NewDelivery, 'follows' | 'state' | 'reason'>,
) => NewDelivery;

/** Reads once what messages tell of these incidents, and makes deliveries of it. */
async function createComposer(
  tx: Queryable,
  incidents: ReadonlyMap<string, IncidentRow>,
  directory: Directory,
  now: number,
): Promise<Compose> {
  const reasons = await readReasons(
    tx,
    [...incidents.values()].map(({ cause }) => cause),
  );
  const affected = await readAffected(tx, [...incidents.keys()], AFFECTED_LIMIT);
  const facts = await readWarningFacts(tx, idsOf(incidents, 'early-warning'));
  return (notice, incident, { contact, channel, address, language, route }, rest) => {
    const { step, occasion, decidedAt } = notice;
    const warning = facts.get(incident.id)?.get(step);
    const input = {
      id: stableUuid('event', incident.id, step, ...occasionPart(occasion)),
      step,
      now,
      language,
      incident,
      resolution: notice.body.resolution ?? endingOf(step, warning),
      warning: warning?.warning ?? null,
      reason: reasons.get(incident.cause) ?? null,
      affected: affected.get(incident.id) ?? { total: 1, objects: [incident.cause] },
    };
    const id = stableUuid('delivery', incident.id, step, ...occasionPart(occasion), contact, channel, address);
    const payload = createMessage(input, directory);
    const because = DeliveryBecause.parse({ route });
    const target = { contact, channel, address, fallbacks: [], language };
    return { id, incident: incident.id, step, occasion, ...target, route, because, payload, createdAt: now, decidedAt, ...rest };
  };
}

function idsOf(incidents: ReadonlyMap<string, IncidentRow>, kind: IncidentRow['kind']): string[] {
  return [...incidents.values()].filter((incident) => incident.kind === kind).map(({ id }) => id);
}

function endingOf(step: DeliveryStep, warning: WarningFacts | undefined): Resolution | null {
  if (step !== 'resolved' || warning === undefined) return null;
  return RESOLUTIONS.find((resolution) => resolution === warning.reason) ?? 'recovered';
}

/** Nothing for the first of a step: ids made before there were occasions stay what they are. */
function occasionPart(occasion: string): string[] {
  return occasion === '' ? [] : [occasion];
}

function incidentsOf(notices: readonly IncidentNotice[]): string[] {
  return notices.map((notice) => notice.incident);
}

function sameTarget(a: Pick<AlarmRow, 'contact' | 'channel' | 'address'>, b: Pick<AlarmRow, 'contact' | 'channel' | 'address'>): boolean {
  return a.contact === b.contact && a.channel === b.channel && a.address === b.address;
}

// For each target the last alarm that was not withheld, or, when all were, the last of them.
function targetsOf(alarms: readonly AlarmRow[]): { alarm: AlarmRow; withheldBecause: string | null }[] {
  const targets = new Map<string, { alarm: AlarmRow; withheldBecause: string | null }>();
  for (const alarm of alarms) {
    const key = JSON.stringify([alarm.contact, alarm.channel, alarm.address]);
    const withheld = alarm.state === 'withheld';
    if (withheld && targets.get(key)?.withheldBecause === null) continue;
    targets.set(key, { alarm, withheldBecause: withheld ? `its alarm was withheld (${alarm.lastError ?? 'no reason kept'})` : null });
  }
  return [...targets.values()];
}

function logOf(delivery: NewDelivery, now: number): NewLogEntry {
  const body = { delivery: delivery.id, incident: delivery.incident, state: delivery.state, attempt: 0 };
  return { kind: 'delivery', subject: delivery.id, body, eventAt: now };
}
