import type { ObjectClass } from '@beacontower/domain';
import type { Transaction } from '../pool.ts';

/** What the lines come to for the objects of one class. */
export interface ClassSummary {
  readonly class: ObjectClass;
  /** Objects whose record is complete over some span. */
  readonly objects: number;
  readonly outages: number;
  readonly downMs: number;
  readonly degradedMs: number;
  readonly unknownMs: number;
  /** Planned work; it is counted neither as up nor as down. */
  readonly plannedMs: number;
  /** Mean of the objects' availabilities over their spans, by the file alone; null when nothing is known of any. */
  readonly availability: number | null;
}

/**
 * Sums by class. The availability is what the lines of this file alone come to, so that a dry run can be held against the figure that is
 * expected; calendars, and what else is known of the time, are not in it.
 */
export async function summarise(tx: Transaction): Promise<ClassSummary[]> {
  const { rows } = await tx.query<{ [K in keyof ClassSummary]: ClassSummary[K] }>(
    `WITH spans AS (SELECT object, sum(ends - starts) AS total FROM staged_span GROUP BY object),
     lines AS (
       SELECT object, count(*) FILTER (WHERE state IN ('down', 'degraded')) AS outages,
         sum(ends - starts) FILTER (WHERE state = 'down' AND NOT planned) AS down, sum(ends - starts) FILTER (WHERE state = 'degraded' AND NOT planned) AS degraded,
         sum(ends - starts) FILTER (WHERE state = 'unknown') AS unknown, sum(ends - starts) FILTER (WHERE planned) AS planned
       FROM staged WHERE state <> 'complete' GROUP BY object),
     objects AS (
       SELECT s.object, s.total, coalesce(l.outages, 0) AS outages, coalesce(l.down, 0) AS down, coalesce(l.degraded, 0) AS degraded,
         coalesce(l.unknown, 0) AS unknown, coalesce(l.planned, 0) AS planned,
         (SELECT class FROM inventory i WHERE i.entity = 'object' AND i.id = s.object AND i.superseded_at IS NULL ORDER BY valid_from DESC LIMIT 1) AS class
       FROM spans s LEFT JOIN lines l USING (object))
     SELECT class, count(*) AS objects, sum(outages)::bigint AS outages, sum(down)::bigint AS "downMs", sum(degraded)::bigint AS "degradedMs",
       sum(unknown)::bigint AS "unknownMs", sum(planned)::bigint AS "plannedMs",
       avg(1 - down::float8 / nullif(total - unknown - planned, 0)::float8) AS availability
     FROM objects GROUP BY class ORDER BY class`,
  );
  return rows;
}
