import type { IncidentKind } from '@beacontower/contracts';
import { type MaintenanceWindow, type Severity, type Silence, withholdingOf } from '@beacontower/domain';
import { appendLog } from '../log.ts';
import type { Database, Queryable } from '../pool.ts';
import type { DueDelivery } from './deliveries.ts';
import { insertIncidentEvents } from './incidents.ts';

/** Silences that withhold at `now` (epoch ms). */
export async function readSilences(db: Queryable, now: number): Promise<Silence[]> {
  const result = await db.query<{
    id: string;
    objects: string[];
    divisions: string[];
    severities: Severity[];
    startsAt: number;
    endsAt: number;
    endedAt: number | null;
  }>(
    `SELECT id, objects, divisions, severities, starts_at AS "startsAt", ends_at AS "endsAt", ended_at AS "endedAt" FROM silences
     WHERE starts_at <= $1 AND ends_at > $1 AND (ended_at IS NULL OR ended_at > $1) ORDER BY created_at`,
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

/**
 * Withheld alarms of incidents still under way which nothing withholds any more at `now`, and whose cause is still in trouble by
 * what is known: neither seen up again nor out of sight. An early warning goes on until it is resolved, and planned work withholds none.
 */
export async function readWithheldAlarms(db: Queryable, now: number, limit: number): Promise<string[]> {
  const result = await db.query<{ id: string; kind: IncidentKind; object: string; division: string; severity: Severity }>(
    `SELECT d.id, n.kind, n.cause_object AS object, n.division, n.severity FROM incidents n
       JOIN deliveries d ON d.incident_id = n.id AND d.state = 'withheld' AND d.step <> 'resolved'
       LEFT JOIN current_states c ON c.subject = n.cause_object
     WHERE (n.kind = 'early-warning' OR c.state IN ('down', 'degraded')) AND n.state IN ('open', 'acknowledged') ORDER BY d.created_at LIMIT $1`,
    [limit],
  );
  if (result.rows.length === 0) return [];
  const silences = await readSilences(db, now);
  const windows = await readMaintenanceWindows(db, now);
  const withheld = (row: (typeof result.rows)[number]) => withholdingOf(row, silences, row.kind === 'outage' ? windows : [], now);
  return result.rows.filter((row) => withheld(row) === null).map((row) => row.id);
}

/** Lets withheld deliveries go: they are due at once. Returns those that were still withheld. */
export function releaseDeliveries(db: Database, ids: readonly string[], now: number): Promise<DueDelivery[]> {
  return db.transaction(async (tx) => {
    const result = await tx.query<DueDelivery & { incident: string }>(
      `UPDATE deliveries SET state = 'pending', due_at = $2, last_error = NULL WHERE id = ANY ($1::uuid[]) AND state = 'withheld'
       RETURNING id, attempt, due_at AS "dueAt", incident_id AS incident`,
      [ids, now],
    );
    await insertIncidentEvents(
      tx,
      [...new Set(result.rows.map((row) => row.incident))].map((incident) => ({
        incident,
        at: now,
        kind: 'released',
        actor: 'system',
        detail: {},
      })),
    );
    await appendLog(
      tx,
      result.rows.map(({ id, incident, attempt }) => ({
        kind: 'delivery',
        subject: id,
        body: { delivery: id, incident, state: 'pending', attempt },
        eventAt: now,
      })),
      now,
    );
    return result.rows;
  });
}
