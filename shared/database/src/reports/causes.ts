import type { Queryable } from '../pool.ts';

/** An incident that an object was part of, with what was found to have caused it. Epoch ms; `to` null: it lasts. */
export interface IncidentOfObject {
  readonly object: string;
  readonly incident: string;
  readonly number: number;
  readonly from: number;
  readonly to: number | null;
  readonly cause: string;
  readonly party: string | null;
  /** What caused it, as it was said when the incident was closed. */
  readonly category: string | null;
  readonly [column: string]: unknown;
}

/** The incidents of outages (no early warnings) that the objects were part of in `[from, to)`, by object, the oldest first. */
export async function readIncidentsOfObjects(
  db: Queryable,
  objects: readonly string[],
  from: number,
  to: number,
): Promise<Map<string, IncidentOfObject[]>> {
  const result = await db.query<IncidentOfObject>(
    `SELECT m.object_id AS object, n.id AS incident, n.number, least(n.started_earliest, m.joined_at) AS from,
       coalesce(m.left_at, n.resolved_at, n.closed_at) AS to, n.cause_object AS cause, coalesce(n.charged_party, n.party) AS party,
       n.cause_category AS category
     FROM incident_members m JOIN incidents n ON n.id = m.incident_id
     WHERE m.object_id = ANY ($1::text[]) AND n.kind = 'outage' AND least(n.started_earliest, m.joined_at) < $3
       AND coalesce(m.left_at, n.resolved_at, n.closed_at, $3) >= $2
     ORDER BY m.object_id, 4, n.number`,
    [objects, from, to],
  );
  const byObject = new Map<string, IncidentOfObject[]>();
  for (const row of result.rows) {
    const list = byObject.get(row.object);
    if (list) list.push(row);
    else byObject.set(row.object, [row]);
  }
  return byObject;
}

/** Planned work that touches a period, cancelled before it began or not approved in time included. Epoch ms. */
export interface ReportedWork {
  readonly id: string;
  readonly title: string;
  readonly objects: readonly string[];
  readonly divisions: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly approvedAt: number | null;
  readonly approvedBy: string | null;
  readonly cancelledAt: number | null;
  readonly [column: string]: unknown;
}

/** Planned work in `[from, to)` that concerns a division, the longest first; how many there are in all. */
export async function readReportedWork(
  db: Queryable,
  { from, to, division, limit }: { readonly from: number; readonly to: number; readonly division: string; readonly limit: number },
): Promise<{ items: ReportedWork[]; total: number }> {
  const result = await db.query<ReportedWork & { total: number }>(
    `SELECT p.id, p.title, p.objects, p.divisions, p.starts_at AS from, p.ends_at AS to, p.approved_at AS "approvedAt",
       p.approved_by AS "approvedBy", p.cancelled_at AS "cancelledAt", count(*) OVER () AS total
     FROM maintenance p WHERE p.starts_at < $2 AND p.ends_at > $1
       AND (EXISTS (SELECT 1 FROM unnest(p.divisions) AS d (path)
              WHERE d.path = $3 OR starts_with(d.path, $3 || '.') OR starts_with($3, d.path || '.'))
         OR EXISTS (SELECT 1 FROM inventory i WHERE i.entity = 'object' AND i.superseded_at IS NULL AND i.id = ANY (p.objects)
              AND (i.division = $3 OR starts_with(i.division, $3 || '.'))))
     ORDER BY p.ends_at - p.starts_at DESC, p.id LIMIT $4`,
    [from, to, division, limit],
  );
  return { items: result.rows.map(({ total: _total, ...row }) => row), total: result.rows[0]?.total ?? 0 };
}
