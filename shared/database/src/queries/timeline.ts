import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from './conditions.ts';

/** When an object was part of an incident, whose outage it was, and who is charged. Epoch ms; `to` null: still is. */
export interface IncidentSpan {
  readonly from: number;
  readonly to: number | null;
  /** Null when it lies outside the scope. */
  readonly cause: string | null;
  readonly party: string | null;
}

/** The incidents an object was part of in `[from, to)`, as the cause or a symptom, oldest first. */
export async function readIncidentSpans(db: Queryable, object: string, from: number, to: number, scope: Scope): Promise<IncidentSpan[]> {
  const where = new Conditions();
  where.equal('m.object_id', object);
  const [start, end] = [where.value(from), where.value(to)];
  where.add(`least(n.started_earliest, m.joined_at) < ${end} AND coalesce(m.left_at, n.resolved_at, n.closed_at, ${end}) >= ${start}`);
  const result = await db.query<{ [K in keyof IncidentSpan]: IncidentSpan[K] }>(
    `SELECT least(n.started_earliest, m.joined_at) AS from, coalesce(m.left_at, n.resolved_at, n.closed_at) AS to,
       CASE WHEN ${where.coverage('n.division', scope)} THEN n.cause_object END AS cause, coalesce(n.charged_party, n.party) AS party
     FROM incident_members m JOIN incidents n ON n.id = m.incident_id
     ${where}
     ORDER BY 1, n.number`,
    where.values,
  );
  return result.rows;
}

/** Which of these incidents lie inside the scope. */
export async function visibleIncidents(db: Queryable, ids: readonly string[], scope: Scope): Promise<ReadonlySet<string>> {
  if (ids.length === 0 || scope.includes('')) return new Set(ids);
  const where = new Conditions();
  where.add(`n.id = ANY (${where.value(ids)}::uuid[])`);
  where.within('n.division', scope);
  const result = await db.query<{ id: string }>(`SELECT n.id FROM incidents n ${where}`, where.values);
  return new Set(result.rows.map(({ id }) => id));
}

/** The party of an object that is or once was in the inventory, inside the scope; undefined when there was none such. */
export async function findObjectEver(db: Queryable, id: string, scope: Scope): Promise<{ party: string | null } | undefined> {
  const where = new Conditions();
  where.add("i.entity = 'object' AND i.superseded_at IS NULL");
  where.equal('i.id', id);
  where.within('i.division', scope);
  const result = await db.query<{ party: string | null }>(
    `SELECT i.body ->> 'party' AS party FROM inventory i ${where} ORDER BY i.valid_from DESC LIMIT 1`,
    where.values,
  );
  return result.rows[0];
}
