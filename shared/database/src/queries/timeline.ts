import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from './conditions.ts';

/** When an object was part of an incident, whose outage it was, and who is charged. Epoch ms; `to` null: still is. */
export interface IncidentSpan {
  readonly from: number;
  readonly to: number | null;
  readonly cause: string;
  readonly party: string | null;
}

/** The incidents an object was part of in `[from, to)`, as the cause or a symptom, oldest first. */
export async function readIncidentSpans(db: Queryable, object: string, from: number, to: number): Promise<IncidentSpan[]> {
  const result = await db.query<{ [K in keyof IncidentSpan]: IncidentSpan[K] }>(
    `SELECT least(n.started_earliest, m.joined_at) AS from, coalesce(m.left_at, n.resolved_at, n.closed_at) AS to,
       n.cause_object AS cause, coalesce(n.charged_party, n.party) AS party
     FROM incident_members m JOIN incidents n ON n.id = m.incident_id
     WHERE m.object_id = $1 AND least(n.started_earliest, m.joined_at) < $3 AND coalesce(m.left_at, n.resolved_at, n.closed_at, $3) >= $2
     ORDER BY 1, n.number`,
    [object, from, to],
  );
  return result.rows;
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
