/** Incidents of kind `flapping`: objects that come and go, told once while their outages are recorded and withheld. */
import type { OwnChange, Severity } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';

/** An incident under way that says that an object comes and goes. */
export interface FlappingRow {
  readonly object: string;
  readonly incident: string;
  readonly severity: Severity;
  readonly [column: string]: unknown;
}

export async function readFlappingRows(tx: Queryable): Promise<FlappingRow[]> {
  const result = await tx.query<FlappingRow>(
    `SELECT cause_object AS object, id AS incident, severity FROM incidents WHERE kind = 'flapping' AND home IS NULL AND state IN ('open', 'acknowledged')`,
  );
  return result.rows;
}

/** The objects that flap: object → the incident under way that says so. */
export async function readFlapping(tx: Queryable): Promise<ReadonlyMap<string, string>> {
  return new Map((await readFlappingRows(tx)).map(({ object, incident }) => [object, incident]));
}

/**
 * When outages of objects' own began and ended, of those opened at or after `from` (epoch ms), oldest first. What a person split off or
 * ended is no change of the object's, nor is what came before a person ended its flapping.
 */
export async function readOwnChanges(tx: Queryable, from: number): Promise<Map<string, OwnChange[]>> {
  const result = await tx.query<{ object: string; at: number; severity: Severity }>(
    `WITH outages AS (
       SELECT id, cause_object AS object, started_at, resolved_at, severity FROM incidents
       WHERE kind = 'outage' AND home IS NULL AND opened_at >= $1 AND split_from IS NULL),
     by_hand AS (
       SELECT DISTINCT incident_id AS id FROM incident_events WHERE at >= $1 AND kind = 'resolved' AND actor <> 'system'),
     ended AS (
       SELECT n.cause_object AS object, max(n.resolved_at) AS at FROM incidents n JOIN by_hand USING (id)
       WHERE n.kind = 'flapping' AND n.home IS NULL GROUP BY n.cause_object)
     SELECT c.object, c.at, c.severity FROM (
       SELECT object, started_at AS at, severity FROM outages
       UNION ALL
       SELECT object, resolved_at, severity FROM outages WHERE resolved_at IS NOT NULL AND id NOT IN (SELECT id FROM by_hand)) c
     WHERE c.at > coalesce((SELECT e.at FROM ended e WHERE e.object = c.object), 0) ORDER BY c.at`,
    [from],
  );
  const changes = new Map<string, OwnChange[]>();
  for (const { object, at, severity } of result.rows) {
    const list = changes.get(object);
    if (list) list.push({ at, severity });
    else changes.set(object, [{ at, severity }]);
  }
  return changes;
}
