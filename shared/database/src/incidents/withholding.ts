import type { IncidentKind } from '@beacontower/contracts';
import type { MaintenanceWindow, ObjectClass, Severity, Silence } from '@beacontower/domain';
import { appendLog, type NewLogEntry } from '../log.ts';
import type { Queryable } from '../pool.ts';
import type { DeliveryStep, DueDelivery } from './deliveries.ts';
import { insertIncidentEvents } from './incidents.ts';

/** Silences that withhold at `now` (epoch ms). */
export async function readSilences(db: Queryable, now: number): Promise<Silence[]> {
  const result = await db.query<Silence & { readonly [column: string]: unknown }>(
    `SELECT id, objects, divisions, severities, classes, parties, kinds, starts_at AS "startsAt", ends_at AS "endsAt", ended_at AS "endedAt"
     FROM silences WHERE starts_at <= $1 AND ends_at > $1 AND (ended_at IS NULL OR ended_at > $1) ORDER BY created_at`,
    [now],
  );
  return result.rows;
}

/** Approved maintenance under way at `now`. */
export async function readMaintenanceWindows(db: Queryable, now: number): Promise<MaintenanceWindow[]> {
  const result = await db.query<{
    id: string;
    objects: string[];
    divisions: string[];
    startsAt: number;
    endsAt: number;
    approvedAt: number | null;
    cancelledAt: number | null;
  }>(
    `SELECT id, objects, divisions, starts_at AS "startsAt", ends_at AS "endsAt", approved_at AS "approvedAt", cancelled_at AS "cancelledAt"
     FROM maintenance WHERE approved_at <= $1 AND (cancelled_at IS NULL OR cancelled_at > $1) AND starts_at <= $1 AND ends_at > $1 ORDER BY created_at`,
    [now],
  );
  return result.rows;
}

/** A withheld message of an incident under way whose cause is still in trouble, and what decides whether it may go. */
export interface WithheldDelivery {
  readonly id: string;
  readonly incident: string;
  readonly step: DeliveryStep;
  readonly contact: string;
  readonly kind: IncidentKind;
  readonly object: string;
  readonly class: ObjectClass;
  readonly division: string;
  readonly party: string | null;
  readonly severity: Severity;
  readonly mergedInto: string | null;
  readonly createdAt: number;
  readonly [column: string]: unknown;
}

/** Where a reader of withheld deliveries goes on; null: at the beginning. */
export type WithheldPlace = Pick<WithheldDelivery, 'createdAt' | 'id'> | null;

/**
 * Withheld messages that would go if nothing withheld them, oldest first, after `place`. The incident is under way and, of an outage, its
 * cause is neither seen up again nor out of sight; what asks for an answer is of no use once somebody has answered.
 */
export async function readWithheld(db: Queryable, place: WithheldPlace, limit: number): Promise<WithheldDelivery[]> {
  const result = await db.query<WithheldDelivery>(
    `SELECT d.id, d.incident_id AS incident, d.step, d.contact, n.kind, n.cause_object AS object, n.class, n.division, n.party, n.severity,
       n.merged_into AS "mergedInto", d.created_at AS "createdAt"
     FROM deliveries d JOIN incidents n ON n.id = d.incident_id LEFT JOIN current_states c ON c.subject = n.cause_object
     WHERE d.state = 'withheld' AND d.step NOT IN ('resolved', 'merged') AND (n.kind <> 'outage' OR c.state IN ('down', 'degraded'))
       AND (n.state = 'open' OR (n.state = 'acknowledged' AND d.step NOT IN ('repeated', 'unacknowledged', 'respond-soon', 'respond-late', 'duty')))
       AND ($1::bigint IS NULL OR (d.created_at, d.id) > ($1, $2::uuid))
     ORDER BY d.created_at, d.id LIMIT $3`,
    [place?.createdAt ?? null, place?.id ?? null, limit],
  );
  return result.rows;
}

/** A delivery that is let go: at once, or with its group. */
export interface ReleasedDelivery extends DueDelivery {
  readonly incident: string;
  /** Null: it is due at once. */
  readonly group: string | null;
}

/** Lets withheld deliveries go, with a line in the timeline of each incident. Returns those that were still withheld. */
export async function releaseDeliveries(tx: Queryable, ids: readonly string[], now: number): Promise<ReleasedDelivery[]> {
  if (ids.length === 0) return [];
  const result = await tx.query<ReleasedDelivery>(
    `UPDATE deliveries SET state = CASE WHEN group_key IS NULL THEN 'pending' ELSE 'waiting' END, due_at = $2, last_error = NULL,
       released_at = CASE WHEN group_key IS NULL THEN $2::bigint END WHERE id = ANY ($1::uuid[]) AND state = 'withheld'
     RETURNING id, attempt, due_at AS "dueAt", incident_id AS incident, group_key AS "group"`,
    [ids, now],
  );
  const incidents = [...new Set(result.rows.map((row) => row.incident))];
  const events = incidents.map((incident) => ({ incident, at: now, kind: 'released' as const, actor: 'system', detail: {} }));
  await insertIncidentEvents(tx, events);
  const log = result.rows.map(({ id, incident, attempt, group }): NewLogEntry => {
    const state = group === null ? 'pending' : 'waiting';
    return { kind: 'delivery', subject: id, body: { delivery: id, incident, state, attempt }, eventAt: now };
  });
  await appendLog(tx, log, now);
  return result.rows;
}
