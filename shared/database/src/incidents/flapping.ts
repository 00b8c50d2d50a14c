/** Incidents of kind `flapping`: objects that come and go, told once while their outages are recorded and withheld. */
import type { Queryable } from '../pool.ts';

/** The objects that flap: object → the incident under way that says so. */
export async function readFlapping(tx: Queryable): Promise<ReadonlyMap<string, string>> {
  const result = await tx.query<{ object: string; id: string }>(
    `SELECT cause_object AS object, id FROM incidents WHERE kind = 'flapping' AND state IN ('open', 'acknowledged')`,
  );
  return new Map(result.rows.map(({ object, id }) => [object, id]));
}
