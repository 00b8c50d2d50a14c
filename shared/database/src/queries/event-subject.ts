import type { EventSubject, ExplainRequest } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from './conditions.ts';

/**
 * What is known of the incident (by id or number) or the object that a dry run of routing names; null when it names neither, undefined when there is no such
 * thing within the scope.
 */
export async function findEventSubject(
  db: Queryable,
  { incident, number, object }: Pick<ExplainRequest, 'incident' | 'object'> & { readonly number?: number },
  scope: Scope,
): Promise<EventSubject | null | undefined> {
  const where = new Conditions();
  if (incident !== undefined || number !== undefined) {
    where.equal('n.id', incident);
    where.equal('n.number', number);
    where.within('n.division', scope);
    const result = await db.query<EventSubject & { [column: string]: unknown }>(
      `SELECT n.id AS incident, n.cause_object AS object, n.kind, n.severity, n.class, n.division, n.party, n.merged_into AS "mergedInto"
       FROM incidents n ${where}`,
      where.values,
    );
    return result.rows[0];
  }
  if (object === undefined) return null;
  where.add("i.entity = 'object' AND i.superseded_at IS NULL AND i.valid_to IS NULL");
  where.equal('i.id', object);
  where.within('i.division', scope);
  const result = await db.query<EventSubject & { [column: string]: unknown }>(
    `SELECT i.id AS object, i.class, i.division, i.body ->> 'party' AS party FROM inventory i ${where}`,
    where.values,
  );
  return result.rows[0];
}
