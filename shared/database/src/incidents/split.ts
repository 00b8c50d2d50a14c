import type { Queryable } from '../pool.ts';

/** Objects that a person split off: each is kept out of the incident it came from as long as that one goes on. */
export async function readApart(tx: Queryable): Promise<{ readonly object: string; readonly incident: string }[]> {
  const result = await tx.query<{ object: string; incident: string }>(
    `SELECT DISTINCT n.cause_object AS object, n.split_from AS incident FROM incidents n JOIN incidents o ON o.id = n.split_from
     WHERE o.state IN ('open', 'acknowledged')`,
  );
  return result.rows;
}
