import type { IncidentSummary } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from '../queries/conditions.ts';
import { INCIDENT_COLUMNS, type IncidentViewRow, summaryOfIncident } from '../queries/incidents.ts';

/** An incident under way, as much as it takes to count and to order it. */
export interface IncidentUnderWay {
  readonly id: string;
  readonly division: string;
  readonly severity: IncidentSummary['severity'];
  readonly acknowledged: boolean;
  /** This tier works on it; false: it is only told of it, and another has it. */
  readonly taken: boolean;
  /** Worked on in another. */
  readonly merged: boolean;
}

/** Every incident of the scope that is open or acknowledged, the most severe first, of those what this tier works on, then the longest. */
export async function readIncidentsUnderWay(db: Queryable, scope: Scope): Promise<IncidentUnderWay[]> {
  const where = new Conditions();
  where.add("n.state IN ('open', 'acknowledged')");
  where.within('n.division', scope);
  const { rows } = await db.query<{ [K in keyof IncidentUnderWay]: IncidentUnderWay[K] }>(
    `SELECT n.id, n.division, n.severity, n.state = 'acknowledged' AS acknowledged, n.taken, n.merged_into IS NOT NULL AS merged FROM incidents n ${where}
     ORDER BY array_position('{critical,major,minor,warning}'::text[], n.severity), n.taken DESC, n.started_at, n.number`,
    where.values,
  );
  return rows;
}

/** The incidents by id; those that are not there are absent. */
export async function readIncidentSummaries(db: Queryable, ids: readonly string[]): Promise<Map<string, IncidentSummary>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<IncidentViewRow>(`SELECT ${INCIDENT_COLUMNS} FROM incidents n WHERE n.id = ANY ($1::uuid[])`, [ids]);
  return new Map(rows.map((row) => [row.id, summaryOfIncident(row)]));
}
