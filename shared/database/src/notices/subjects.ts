import { BlastRadius, IncidentFacts } from '@beacontower/contracts';
import { type IncidentRow, readIncidents } from '../incidents/incidents.ts';
import type { Queryable } from '../pool.ts';

/** What routing and messages need of an incident beside its row. Times are epoch ms. */
interface Telling {
  readonly mergedInto: string | null;
  readonly owner: string | null;
  readonly respondBy: number | null;
  readonly repairBy: number | null;
  /** Of a condition or of flapping. */
  readonly facts: IncidentFacts | null;
  readonly blast: BlastRadius | null;
  /** Whether this tier acts on it; of what it is only told nobody is woken. */
  readonly taken: boolean;
  /** The node where it was opened; null: this one. */
  readonly home: string | null;
  /** When another tier asked for it: clocks run from then on. Null: it was opened here. */
  readonly askedAt: number | null;
  /** Its end has been told to whoever knew of it: no alarm of it comes after that. */
  readonly isEndTold: boolean;
}

/** An incident a notice is about. */
export type NoticeSubject = IncidentRow & Telling;

type TellingRow = Omit<Telling, 'facts' | 'blast'> & { readonly facts: unknown; readonly blast: unknown };

/** The incidents notices are about, by id. */
export async function readNoticeSubjects(tx: Queryable, ids: readonly string[]): Promise<Map<string, NoticeSubject>> {
  const incidents = await readIncidents(tx, ids);
  const result = await tx.query<TellingRow & { readonly id: string; readonly [column: string]: unknown }>(
    `SELECT id, merged_into AS "mergedInto", owner, respond_by AS "respondBy", repair_by AS "repairBy", facts, blast,
       taken, home, coalesce(CASE WHEN handed -> 'from' ->> 'state' IN ('offered', 'accepted') THEN (handed -> 'from' ->> 'at')::bigint END,
         (asked ->> 'takenAt')::bigint) AS "askedAt",
       EXISTS (SELECT FROM notices WHERE incident_id = incidents.id AND step = 'resolved' AND taken_at IS NOT NULL) AS "isEndTold"
     FROM incidents WHERE id = ANY ($1::uuid[])`,
    [ids],
  );
  const subjects = new Map<string, NoticeSubject>();
  for (const { id, mergedInto, owner, respondBy, repairBy, taken, home, askedAt, isEndTold, ...kept } of result.rows) {
    const incident = incidents.get(id);
    const facts = kept.facts === null ? null : IncidentFacts.parse(kept.facts);
    const blast = kept.blast === null ? null : BlastRadius.parse(kept.blast);
    if (incident) subjects.set(id, { ...incident, mergedInto, owner, respondBy, repairBy, facts, blast, taken, home, askedAt, isEndTold });
  }
  return subjects;
}

/** What routing fixes of an incident when it is told: the routes of its first notice, and its deadlines. */
export interface RoutedIncident {
  readonly incident: string;
  /** Null: as they are. */
  readonly routes: readonly string[] | null;
  readonly respondBy: number | null;
  readonly repairBy: number | null;
}

export async function saveRouted(tx: Queryable, routed: readonly RoutedIncident[]): Promise<void> {
  if (routed.length === 0) return;
  await tx.query(
    `UPDATE incidents SET routes = CASE WHEN jsonb_typeof(r.routes) = 'array' THEN ARRAY(SELECT jsonb_array_elements_text(r.routes)) ELSE incidents.routes END,
       respond_by = r."respondBy", repair_by = r."repairBy"
     FROM jsonb_to_recordset($1) AS r (incident uuid, routes jsonb, "respondBy" bigint, "repairBy" bigint) WHERE incidents.id = r.incident`,
    [JSON.stringify(routed)],
  );
}

/** Incidents under way that nobody has acknowledged and that stand for themselves, the oldest first. */
export async function readUnacknowledged(db: Queryable): Promise<string[]> {
  const result = await db.query<{ id: string }>(
    `SELECT id FROM incidents WHERE state = 'open' AND taken AND merged_into IS NULL ORDER BY opened_at, number`,
  );
  return result.rows.map(({ id }) => id);
}
