import type { ChargingIncident } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';

/** The incidents that objects were part of in `[from, to)`, as the cause or a symptom, by object. Early warnings are none. */
export async function readChargingIncidents(
  db: Queryable,
  objects: readonly string[],
  from: number,
  to: number,
): Promise<Map<string, ChargingIncident[]>> {
  const { rows } = await db.query<ChargingIncident & { object: string; [column: string]: unknown }>(
    `SELECT m.object_id AS object, n.id AS incident, least(n.started_earliest, m.joined_at) AS from,
       coalesce(m.left_at, n.resolved_at, n.closed_at) AS to, n.cause_object AS cause, coalesce(n.charged_party, n.party) AS party
     FROM incident_members m JOIN incidents n ON n.id = m.incident_id
     WHERE m.object_id = ANY ($1) AND n.kind = 'outage'
       AND least(n.started_earliest, m.joined_at) < $3 AND coalesce(m.left_at, n.resolved_at, n.closed_at, $3) >= $2
     ORDER BY m.object_id, 3, n.number`,
    [objects, from, to],
  );
  const found = new Map<string, ChargingIncident[]>();
  for (const { object, ...incident } of rows) {
    const list = found.get(object);
    if (list === undefined) found.set(object, [incident]);
    else list.push(incident);
  }
  return found;
}
