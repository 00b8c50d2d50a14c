import type { Queryable } from '../pool.ts';
import { CURRENT_OBJECTS } from '../queries/objects.ts';

/**
 * Keys of the checks under which the counters of circuits' ends may be found, by circuit: of each end, in order, that of the interface
 * which it is, then its own. An end is sampled as the interface; the circuit itself asks where the device belongs to another partition.
 */
export async function readCircuitEnds(db: Queryable, circuits: readonly string[]): Promise<Map<string, number[]>> {
  if (circuits.length === 0) return new Map();
  const { rows } = await db.query<{ circuit: string; ends: number[] }>(
    `SELECT i.id AS circuit, array_agg(c.key ORDER BY e.id, c.id = e.id) AS ends
     FROM inventory i, jsonb_to_recordset(i.body -> 'checks') AS e (id text, kind text, device text, "ifName" text), checks c
     WHERE ${CURRENT_OBJECTS} AND i.id = ANY ($1) AND e.kind = 'interface'
       AND c.id IN (e.id, e.device || '/' || e."ifName" || '/status') GROUP BY 1`,
    [circuits],
  );
  return new Map(rows.map(({ circuit, ends }) => [circuit, ends]));
}
