import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from './conditions.ts';
import { CURRENT_OBJECTS } from './objects.ts';

/** A check whose samples can be asked for. */
export interface SampledCheck {
  readonly object: string;
  readonly check: string;
  readonly key: number;
}

/** The interface that a device has under a name now, as an object; undefined when it is none (yet). */
export async function findInterface(db: Queryable, device: string, ifName: string): Promise<SampledCheck | undefined> {
  const result = await db.query<SampledCheck>(
    `SELECT i.id AS object, c.id AS check, c.key FROM inventory i JOIN checks c ON c.object_id = i.id
     WHERE ${CURRENT_OBJECTS} AND i.kind = 'interface' AND i.body -> 'dependency' -> 'parents' ? $1
       AND i.body -> 'checks' @> jsonb_build_array(jsonb_build_object('device', $1::text, 'ifName', $2::text))
     ORDER BY i.id LIMIT 1`,
    [device, ifName],
  );
  return result.rows[0];
}

/** Ids of some interfaces of a device within the scope, and how many there are. */
export async function listInterfaces(
  db: Queryable,
  device: string,
  scope: Scope,
  limit: number,
): Promise<{ ids: string[]; count: number }> {
  const where = new Conditions();
  where.add(CURRENT_OBJECTS);
  where.equal('i.kind', 'interface');
  where.add(`i.body -> 'dependency' -> 'parents' ? ${where.value(device)}`);
  where.within('i.division', scope);
  const result = await db.query<{ id: string; count: number }>(
    `SELECT i.id, count(*) OVER () AS count FROM inventory i ${where} ORDER BY i.id LIMIT ${where.value(limit)}`,
    where.values,
  );
  return { ids: result.rows.map((row) => row.id), count: result.rows[0]?.count ?? 0 };
}
