/** Writing incidents, their members and their timelines; all of it in the caller's transaction, many rows in one statement. */

import type { BlastRadius, IncidentFacts, IncidentKind, TimelineKind } from '@beacontower/contracts';
import type { Edge, ObjectClass, Severity } from '@beacontower/domain';
import { forgetAccounts, forgetIncidentAccounts } from '../accounting/forget.ts';
import type { Queryable } from '../pool.ts';

export interface NewIncident {
  readonly id: string;
  readonly cause: string;
  readonly severity: Severity;
  readonly division: string;
  readonly party: string | null;
  readonly class: ObjectClass;
  readonly title: string;
  readonly edge: Edge;
  readonly openedAt: number;
  /** An outage unless told. */
  readonly kind?: 'outage' | 'flapping';
  readonly facts?: IncidentFacts | null;
  readonly splitFrom?: string | null;
}

/** The columns of an incident that messages and log rows need. Times are epoch ms. */
export interface IncidentRow {
  readonly id: string;
  readonly number: number;
  readonly kind: IncidentKind;
  readonly state: 'open' | 'acknowledged' | 'resolved' | 'closed';
  readonly severity: Severity;
  readonly cause: string;
  readonly division: string;
  readonly party: string | null;
  readonly class: ObjectClass;
  readonly startedAt: number;
  readonly startedEarliest: number;
  readonly startedLatest: number;
  readonly openedAt: number;
  readonly resolvedAt: number | null;
  readonly revision: number;
  readonly [column: string]: unknown;
}

const COLUMNS = `id, number, kind, state, severity, cause_object AS cause, division, party, class, started_at AS "startedAt",
  started_earliest AS "startedEarliest", started_latest AS "startedLatest", opened_at AS "openedAt", resolved_at AS "resolvedAt", revision`;

/** Opens incidents, each with its cause as first member, in order (numbers follow it). Ids already there are left alone. */
export async function insertIncidents(tx: Queryable, incidents: readonly NewIncident[]): Promise<void> {
  if (incidents.length === 0) return;
  await tx.query(
    `INSERT INTO incidents (id, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at,
       kind, facts, split_from)
     SELECT id, 'open', severity, cause, division, party, class, title, (edge ->> 'at')::bigint, (edge ->> 'earliest')::bigint,
       (edge ->> 'latest')::bigint, "openedAt", coalesce(kind, 'outage'), facts, "splitFrom"
     FROM jsonb_to_recordset($1) AS n (id uuid, severity text, cause text, division text, party text, class text, title text, edge jsonb, "openedAt" bigint,
       kind text, facts jsonb, "splitFrom" uuid)
     ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(incidents)],
  );
  await tx.query(
    `INSERT INTO incident_members (incident_id, object_id, role, joined_at)
     SELECT id, cause, 'cause', "openedAt" FROM jsonb_to_recordset($1) AS n (id uuid, cause text, "openedAt" bigint)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(incidents)],
  );
  await forgetIncidentAccounts(
    tx,
    incidents.map(({ id }) => id),
  );
}

export async function readIncidents(tx: Queryable, ids: readonly string[]): Promise<Map<string, IncidentRow>> {
  const result = await tx.query<IncidentRow>(`SELECT ${COLUMNS} FROM incidents WHERE id = ANY ($1::uuid[])`, [ids]);
  return new Map(result.rows.map((row) => [row.id, row]));
}

/** Incidents that got worse; `splitFrom` where a person split it off then. */
export async function escalateIncidents(
  tx: Queryable,
  worse: readonly { readonly id: string; readonly severity: Severity; readonly title: string; readonly splitFrom?: string | null }[],
): Promise<void> {
  if (worse.length === 0) return;
  await tx.query(
    `UPDATE incidents SET severity = w.severity, title = w.title, split_from = coalesce(w."splitFrom", split_from), revision = revision + 1
     FROM jsonb_to_recordset($1) AS w (id uuid, severity text, title text, "splitFrom" uuid) WHERE incidents.id = w.id`,
    [JSON.stringify(worse)],
  );
}

/** Writes whom incidents cut off, as far as it is known now. */
export async function saveBlasts(
  tx: Queryable,
  blasts: readonly { readonly incident: string; readonly blast: BlastRadius }[],
): Promise<void> {
  if (blasts.length === 0) return;
  await tx.query(
    `UPDATE incidents SET blast = b.blast FROM jsonb_to_recordset($1) AS b (incident uuid, blast jsonb) WHERE incidents.id = b.incident`,
    [JSON.stringify(blasts)],
  );
}

/** Resolves incidents that are under way; the cause leaves with it. Returns the ids that were. */
export async function resolveIncidents(tx: Queryable, resolved: readonly { id: string; at: number }[], now: number): Promise<string[]> {
  if (resolved.length === 0) return [];
  const ids = resolved.map((incident) => incident.id);
  const result = await tx.query<{ id: string }>(
    `UPDATE incidents SET state = 'resolved', resolved_at = greatest(r.at, incidents.started_at), revision = revision + 1
     FROM unnest($1::uuid[], $2::bigint[]) AS r (id, at)
     WHERE incidents.id = r.id AND incidents.state IN ('open', 'acknowledged') RETURNING incidents.id`,
    [ids, resolved.map((incident) => incident.at)],
  );
  await tx.query(
    `UPDATE incident_members SET left_at = greatest($2, joined_at) WHERE incident_id = ANY ($1::uuid[]) AND role = 'cause' AND left_at IS NULL`,
    [ids, now],
  );
  await forgetIncidentAccounts(tx, ids);
  return result.rows.map((row) => row.id);
}

export async function joinIncident(tx: Queryable, id: string, objects: readonly string[], now: number): Promise<void> {
  await tx.query(
    `INSERT INTO incident_members (incident_id, object_id, role, joined_at) SELECT $1, object, 'symptom', $3 FROM unnest($2::text[]) AS object
     ON CONFLICT (incident_id, object_id, joined_at) DO UPDATE SET left_at = NULL`,
    [id, objects, now],
  );
  await forgetMembersAccounts(tx, id, objects, now);
}

export async function leaveIncident(tx: Queryable, id: string, objects: readonly string[], now: number): Promise<void> {
  await tx.query(
    `UPDATE incident_members SET left_at = greatest($3, joined_at)
     WHERE incident_id = $1 AND object_id = ANY ($2) AND role = 'symptom' AND left_at IS NULL`,
    [id, objects, now],
  );
  await forgetMembersAccounts(tx, id, objects, now);
}

// Of members by name: `forgetIncidentAccounts` would go through all 100,000 of a great incident for each 2,000 that join it. They joined
// after it began, so its beginning is where their account may be another.
async function forgetMembersAccounts(tx: Queryable, id: string, objects: readonly string[], now: number): Promise<void> {
  const result = await tx.query<{ from: number }>('SELECT started_earliest AS from FROM incidents WHERE id = $1', [id]);
  const from = Math.min(result.rows[0]?.from ?? now, now);
  await forgetAccounts(
    tx,
    objects.map((objectId) => ({ objectId, from, to: null })),
  );
}

/** One line of an incident's timeline; `actor` is `system` or a person. */
export interface NewIncidentEvent {
  readonly incident: string;
  readonly at: number;
  readonly kind: TimelineKind;
  readonly actor: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export async function insertIncidentEvents(tx: Queryable, events: readonly NewIncidentEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO incident_events (incident_id, at, kind, actor, detail)
     SELECT incident, at, kind, actor, detail
     FROM ROWS FROM (jsonb_to_recordset($1) AS (incident uuid, at bigint, kind text, actor text, detail jsonb)) WITH ORDINALITY
       AS e (incident, at, kind, actor, detail, position) ORDER BY position`,
    [JSON.stringify(events)],
  );
}

/** How many objects are in an incident (all that ever were, once it is over), and the first of them: the cause, then by id. */
export interface Affected {
  readonly total: number;
  readonly objects: readonly string[];
}

export async function readAffected(tx: Queryable, ids: readonly string[], limit: number): Promise<Map<string, Affected>> {
  const result = await tx.query<{ id: string; total: number; objects: string[] }>(
    `SELECT n.id, (SELECT count(DISTINCT object_id) FROM incident_members m WHERE m.incident_id = n.id AND (m.left_at IS NULL OR n.over)) AS total,
       ARRAY(SELECT object_id FROM incident_members m WHERE m.incident_id = n.id AND (m.left_at IS NULL OR n.over) GROUP BY object_id
             ORDER BY min(role), object_id LIMIT $2) AS objects
     FROM (SELECT id, state IN ('resolved', 'closed') AS over FROM incidents WHERE id = ANY ($1::uuid[])) AS n`,
    [ids, limit],
  );
  return new Map(result.rows.map((row) => [row.id, { total: row.total, objects: row.objects }]));
}
