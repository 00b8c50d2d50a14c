import {
  type IncidentDetail,
  type IncidentQuery,
  type IncidentSummary,
  type Page,
  timestamp,
  timestampOrNull,
} from '@beacontower/contracts';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from './conditions.ts';
import { decodeCursor, NumberKey, toPage } from './cursor.ts';

interface Row {
  id: string;
  number: number;
  kind: IncidentSummary['kind'];
  objective: string | null;
  state: IncidentSummary['state'];
  severity: IncidentSummary['severity'];
  cause_object: string;
  division: string;
  party: string | null;
  class: IncidentSummary['class'];
  title: string;
  started_at: number;
  started_earliest: number;
  started_latest: number;
  opened_at: number;
  acknowledged_at: number | null;
  resolved_at: number | null;
  closed_at: number | null;
  owner: string | null;
  first_receiver: string | null;
  pending_owner: string | null;
  cause_category: string | null;
  charged_party: string | null;
  revision: number;
  affected: number;
}

const AFFECTED = '(SELECT count(DISTINCT m.object_id) FROM incident_members m WHERE m.incident_id = n.id) AS affected';

/** One page of incidents, newest first. An incident lies in the division of its cause. */
export async function listIncidents(db: Queryable, query: IncidentQuery, scope: Scope): Promise<Page<IncidentSummary>> {
  const before = decodeCursor('incidents', NumberKey, query.cursor);
  const where = new Conditions();
  where.within('n.division', scope);
  if (query.division !== undefined) where.within('n.division', [query.division]);
  where.equal('n.state', query.state);
  where.equal('n.severity', query.severity);
  where.equal('n.kind', query.kind);
  if (query.to !== undefined) where.add(`n.started_at < ${where.value(query.to)}`);
  if (query.from !== undefined) where.add(`coalesce(n.resolved_at, n.closed_at, 9223372036854775807) > ${where.value(query.from)}`);
  if (before) where.add(`n.number < ${where.value(before[0])}`);
  const limit = where.value(query.limit + 1);
  const result = await db.query<Row>(
    `SELECT n.*, ${AFFECTED} FROM incidents n ${where} ORDER BY n.number DESC LIMIT ${limit}`,
    where.values,
  );
  return toPage(result.rows, query.limit, 'incidents', (row) => [row.number], summaryOf);
}

/** One incident with its objects (those of the scope) and its timeline; undefined when unknown or outside the scope. */
export async function findIncident(db: Queryable, id: string, scope: Scope, now: number): Promise<IncidentDetail | undefined> {
  const row = await findRow(db, id, scope);
  if (!row) return undefined;
  const [objects, timeline] = await Promise.all([membersOf(db, id, scope), eventsOf(db, id)]);
  const ended = row.closed_at ?? row.resolved_at ?? now;
  return {
    ...summaryOf(row),
    objects,
    timeline,
    clocks: {
      toAcknowledgeMs: row.acknowledged_at === null ? null : Math.max(0, row.acknowledged_at - row.opened_at),
      toRepairMs: row.resolved_at === null ? null : Math.max(0, row.resolved_at - row.started_at),
      openMs: Math.max(0, ended - row.opened_at),
    },
  };
}

/** Revision and division of an incident inside the scope. */
export async function findIncidentHead(
  db: Queryable,
  id: string,
  scope: Scope,
): Promise<{ revision: number; state: IncidentSummary['state'] } | undefined> {
  const row = await findRow(db, id, scope);
  return row && { revision: row.revision, state: row.state };
}

async function findRow(db: Queryable, id: string, scope: Scope): Promise<Row | undefined> {
  const where = new Conditions();
  where.equal('n.id', id);
  where.within('n.division', scope);
  const result = await db.query<Row>(`SELECT n.*, ${AFFECTED} FROM incidents n ${where}`, where.values);
  return result.rows[0];
}

async function membersOf(db: Queryable, id: string, scope: Scope): Promise<IncidentDetail['objects']> {
  const where = new Conditions();
  where.equal('m.incident_id', id);
  where.within('o.division', scope);
  const result = await db.query<{ id: string; name: string | null; role: 'cause' | 'symptom'; joined_at: number; left_at: number | null }>(
    `SELECT m.object_id AS id, o.name, m.role, m.joined_at, m.left_at
     FROM incident_members m LEFT JOIN LATERAL (
       SELECT i.name, i.division FROM inventory i
       WHERE i.entity = 'object' AND i.id = m.object_id AND i.superseded_at IS NULL ORDER BY i.valid_from DESC LIMIT 1
     ) o ON true ${where} ORDER BY m.joined_at, m.role, m.object_id`,
    where.values,
  );
  return result.rows.map((row) => ({
    id: row.id,
    name: row.name,
    role: row.role,
    joinedAt: timestamp(row.joined_at),
    leftAt: timestampOrNull(row.left_at),
  }));
}

async function eventsOf(db: Queryable, id: string): Promise<IncidentDetail['timeline']> {
  const result = await db.query<{ at: number; kind: string; actor: string; detail: Record<string, unknown> }>(
    'SELECT at, kind, actor, detail FROM incident_events WHERE incident_id = $1 ORDER BY id',
    [id],
  );
  return result.rows.map((row) => ({ ...row, at: timestamp(row.at), detail: detailOf(row.detail) }));
}

const EdgeDetail = z.object({ at: z.number(), earliest: z.number(), latest: z.number() });

// The record keeps an edge in epoch ms; an answer has all its times in RFC 3339.
function detailOf(detail: Record<string, unknown>): Record<string, unknown> {
  const edge = EdgeDetail.safeParse(detail.edge).data;
  if (!edge) return detail;
  return { ...detail, edge: { at: timestamp(edge.at), earliest: timestamp(edge.earliest), latest: timestamp(edge.latest) } };
}

function summaryOf(row: Row): IncidentSummary {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    objective: row.objective,
    state: row.state,
    severity: row.severity,
    title: row.title,
    cause: row.cause_object,
    division: row.division,
    party: row.party,
    class: row.class,
    startedAt: timestamp(row.started_at),
    startedEarliest: timestamp(row.started_earliest),
    startedLatest: timestamp(row.started_latest),
    openedAt: timestamp(row.opened_at),
    acknowledgedAt: timestampOrNull(row.acknowledged_at),
    resolvedAt: timestampOrNull(row.resolved_at),
    closedAt: timestampOrNull(row.closed_at),
    owner: row.owner,
    firstReceiver: row.first_receiver,
    pendingOwner: row.pending_owner,
    causeCategory: row.cause_category,
    chargedParty: row.charged_party,
    affected: row.affected,
    revision: row.revision,
  };
}
