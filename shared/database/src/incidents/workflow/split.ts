import type { Database, Queryable } from '../../pool.ts';
import { WorkflowFault } from './fault.ts';
import { type Act, perform } from './perform.ts';
import { refuseEnded, refuseForeign, withNote } from './rules.ts';

/** Objects that a line of the timeline names. */
const NAMED = 20;

/**
 * Asks that symptoms of an outage become an incident each of their own, since somebody knows that they have nothing to do with its cause.
 * Correlation alone keeps the world, so it does it, when it reads this in the log: within a second.
 */
export function splitIncident(db: Database, act: Act, objects: readonly string[], note?: string): Promise<number> {
  return perform(db, act, 'incident.split', async (incident, { tx }) => {
    if (incident.kind !== 'outage') throw new WorkflowFault('not-an-outage', 'only an outage has symptoms that could be split from it');
    refuseForeign(incident, 'what hangs on its cause is decided there');
    refuseEnded(incident);
    const wanted = [...new Set(objects)];
    const symptoms = await symptomsAmong(tx, incident.id, wanted);
    const stranger = wanted.find((object) => !symptoms.has(object));
    if (stranger !== undefined) {
      const why = stranger === incident.cause ? 'is its cause, which stays' : 'is no symptom of it now';
      throw new WorkflowFault('not-a-symptom', `${stranger} cannot be split from the incident: it ${why}`);
    }
    const detail = { count: wanted.length, objects: wanted.slice(0, NAMED), ...withNote(note) };
    return { change: 'split-asked', set: {}, detail, log: { objects: wanted } };
  });
}

async function symptomsAmong(tx: Queryable, incident: string, objects: readonly string[]): Promise<Set<string>> {
  const result = await tx.query<{ object: string }>(
    `SELECT object_id AS object FROM incident_members
     WHERE incident_id = $1 AND object_id = ANY ($2::text[]) AND role = 'symptom' AND left_at IS NULL`,
    [incident, objects],
  );
  return new Set(result.rows.map((row) => row.object));
}
