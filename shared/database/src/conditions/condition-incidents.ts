/** Conditions that hold are incidents whose cause is the object: they have no members, since they charge nobody with an outage. */
import type { ConditionFacts, IncidentBody, Resolution } from '@beacontower/contracts';
import type { Edge, ObjectClass, Severity } from '@beacontower/domain';
import { insertIncidentEvents, type NewIncidentEvent } from '../incidents/incidents.ts';
import { appendLog, type NewLogEntry } from '../log.ts';
import { insertNotices } from '../notices/notices.ts';
import type { Queryable } from '../pool.ts';

/** A condition that was raised. `edge` is when it began to hold. */
export interface ConditionOpening {
  readonly id: string;
  readonly object: string;
  readonly severity: Severity;
  readonly division: string;
  readonly party: string | null;
  readonly class: ObjectClass;
  readonly title: string;
  readonly edge: Edge;
  readonly facts: ConditionFacts;
}

/** How one ended. `at` is when it no longer held, epoch ms. */
export interface ConditionEnding {
  readonly id: string;
  readonly at: number;
  readonly resolution: Resolution;
  /** Null: as they were. */
  readonly facts: ConditionFacts | null;
}

interface Written {
  readonly id: string;
  readonly number: number;
  readonly state: IncidentBody['state'];
  readonly severity: Severity;
  readonly object: string;
  readonly [column: string]: unknown;
}

/**
 * Opens incidents with their lines in the timeline, their log rows and the notices that they were opened. Answers with the id of the
 * incident that is under way for each opening's id: its own, or that of one that was there already.
 */
export async function openConditionIncidents(
  tx: Queryable,
  openings: readonly ConditionOpening[],
  now: number,
): Promise<Map<string, string>> {
  if (openings.length === 0) return new Map();
  const inserted = await tx.query<Written>(
    `INSERT INTO incidents (id, kind, condition, facts, state, severity, cause_object, division, party, class, title,
       started_at, started_earliest, started_latest, opened_at)
     SELECT id, 'condition', facts ->> 'condition', facts, 'open', severity, object, division, party, class, title,
       (edge ->> 'at')::bigint, (edge ->> 'earliest')::bigint, (edge ->> 'latest')::bigint, $2
     FROM ROWS FROM (jsonb_to_recordset($1) AS (id uuid, object text, severity text, division text, party text, class text, title text,
       edge jsonb, facts jsonb)) WITH ORDINALITY AS n (id, object, severity, division, party, class, title, edge, facts, position)
     ORDER BY position ON CONFLICT DO NOTHING RETURNING id, number, state, severity, cause_object AS object`,
    [JSON.stringify(openings), now],
  );
  const written = new Map(inserted.rows.map((row) => [row.id, row]));
  const opened = openings.filter(({ id }) => written.has(id));
  await insertIncidentEvents(
    tx,
    opened.map(({ id, severity, edge, facts }) =>
      eventOf(id, 'opened', { reason: 'condition-holds', severity, edge, condition: facts }, now),
    ),
  );
  await appendLog(
    tx,
    opened.flatMap(({ id, edge }) => logOf(written.get(id), 'opened', edge.at)),
    now,
  );
  const noticed = { step: 'opened', occasion: '', body: {}, decidedAt: now, dueAt: now } as const;
  await insertNotices(
    tx,
    opened.map(({ id }) => ({ ...noticed, incident: id })),
    now,
  );
  const underWay = new Map(opened.map(({ id }) => [id, id]));
  if (opened.length < openings.length) for (const [id, other] of await readUnderWay(tx, openings)) underWay.set(id, other);
  return underWay;
}

async function readUnderWay(tx: Queryable, openings: readonly ConditionOpening[]): Promise<[string, string][]> {
  const result = await tx.query<{ asked: string; id: string }>(
    `SELECT o.id AS asked, n.id FROM unnest($1::uuid[], $2::text[], $3::text[]) AS o (id, object, condition)
     JOIN incidents n ON n.kind = 'condition' AND n.home IS NULL AND n.cause_object = o.object AND n.condition = o.condition AND n.state IN ('open', 'acknowledged')`,
    [openings.map(({ id }) => id), openings.map(({ object }) => object), openings.map(({ facts }) => facts.condition)],
  );
  return result.rows.map(({ asked, id }) => [asked, id]);
}

/**
 * Resolves incidents with their lines in the timeline, their log rows and the notices that they were resolved. One that a person
 * resolved or closed before is left alone. Answers with the ids of those that were under way.
 */
export async function resolveConditionIncidents(tx: Queryable, endings: readonly ConditionEnding[], now: number): Promise<Set<string>> {
  if (endings.length === 0) return new Set();
  const result = await tx.query<Written>(
    `UPDATE incidents SET state = 'resolved', resolved_at = greatest(r.at, incidents.started_at), facts = coalesce(nullif(r.facts, 'null'), incidents.facts), revision = revision + 1
     FROM jsonb_to_recordset($1) AS r (id uuid, at bigint, facts jsonb)
     WHERE incidents.id = r.id AND incidents.kind = 'condition' AND incidents.state IN ('open', 'acknowledged')
     RETURNING incidents.id, incidents.number, incidents.state, incidents.severity, incidents.cause_object AS object, incidents.facts`,
    [JSON.stringify(endings)],
  );
  const written = new Map(result.rows.map((row) => [row.id, row]));
  const ended = endings.filter(({ id }) => written.has(id));
  await insertIncidentEvents(
    tx,
    ended.map(({ id, resolution }) => eventOf(id, 'resolved', { reason: resolution, condition: written.get(id)?.facts }, now)),
  );
  await appendLog(
    tx,
    ended.flatMap(({ id, at }) => logOf(written.get(id), 'resolved', at)),
    now,
  );
  const noticed = { step: 'resolved', occasion: '', decidedAt: now, dueAt: now } as const;
  await insertNotices(
    tx,
    ended.map(({ id, resolution }) => ({ ...noticed, incident: id, body: { resolution } })),
    now,
  );
  return new Set(written.keys());
}

/** Notes what was last seen in incidents that are under way; neither their revision nor their timeline changes. */
export async function noteConditionValues(
  tx: Queryable,
  seen: readonly { readonly id: string; readonly value: number; readonly worst: number }[],
): Promise<void> {
  if (seen.length === 0) return;
  await tx.query(
    `UPDATE incidents SET facts = facts || jsonb_build_object('value', s.value, 'worst', s.worst)
     FROM unnest($1::uuid[], $2::float8[], $3::float8[]) AS s (id, value, worst)
     WHERE incidents.id = s.id AND incidents.kind = 'condition' AND incidents.state IN ('open', 'acknowledged')`,
    [seen.map(({ id }) => id), seen.map(({ value }) => value), seen.map(({ worst }) => worst)],
  );
}

function eventOf(incident: string, kind: 'opened' | 'resolved', detail: NewIncidentEvent['detail'], at: number): NewIncidentEvent {
  return { incident, at, kind, actor: 'system', detail };
}

function logOf(row: Written | undefined, change: 'opened' | 'resolved', eventAt: number): NewLogEntry[] {
  if (row === undefined) return [];
  const { id, number, state, severity, object } = row;
  const body: IncidentBody = { incident: id, number, change, state, severity, cause: object, object: null, kind: 'condition' };
  return [{ kind: 'incident', subject: id, body, eventAt }];
}
