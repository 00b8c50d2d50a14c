/** What an outage is told with: the incident it belongs to, and the name of what caused it. */
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from '../queries/conditions.ts';

/** An incident as an outage refers to it. */
export interface OutageIncident {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  /** The object that caused it, with its name of today (or its last). */
  readonly cause: string | null;
  readonly causeName: string | null;
}

/** Those of the incidents that the scope may see, by id. */
export async function readOutageIncidents(db: Queryable, ids: readonly string[], scope: Scope): Promise<Map<string, OutageIncident>> {
  if (ids.length === 0) return new Map();
  const where = new Conditions();
  where.add(`n.id = ANY (${where.value([...new Set(ids)])}::uuid[])`);
  where.within('n.division', scope);
  const { rows } = await db.query<OutageIncident & { readonly [column: string]: unknown }>(
    `SELECT n.id, n.number, n.title, n.cause_object AS cause, (
       SELECT i.name FROM inventory i WHERE i.entity = 'object' AND i.id = n.cause_object AND i.superseded_at IS NULL
       ORDER BY i.valid_from DESC LIMIT 1) AS "causeName"
     FROM incidents n ${where}`,
    where.values,
  );
  return new Map(rows.map(({ id, number, title, cause, causeName }) => [id, { id, number, title, cause, causeName }]));
}
