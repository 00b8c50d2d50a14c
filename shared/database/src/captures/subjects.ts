/** Which incidents ask for captures, and what of their causes can be looked at. */
import { ObjectBody } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { CURRENT_OBJECTS } from '../queries/objects.ts';

/** An outage that was opened. Epoch ms. */
export interface OpenedOutage {
  readonly incident: string;
  readonly cause: string;
  readonly openedAt: number;
  readonly [column: string]: unknown;
}

/** Outages that the log says were opened, in `(after, upTo]`; `sequence` is how far that was read. */
export async function readOpenedOutages(
  db: Queryable,
  after: number,
  upTo: number,
  limit: number,
): Promise<{ readonly outages: readonly OpenedOutage[]; readonly sequence: number }> {
  const opened = await db.query<{ sequence: number; incident: string }>(
    `SELECT sequence, subject AS incident FROM log
     WHERE sequence > $1 AND sequence <= $2 AND kind = 'incident' AND body ->> 'change' = 'opened' ORDER BY sequence LIMIT $3`,
    [after, upTo, limit],
  );
  const sequence = opened.rows.length < limit ? upTo : (opened.rows.at(-1)?.sequence ?? upTo);
  if (opened.rows.length === 0) return { outages: [], sequence };
  const outages = await db.query<OpenedOutage>(
    `SELECT id AS incident, cause_object AS cause, opened_at AS "openedAt" FROM incidents
     WHERE id = ANY ($1::uuid[]) AND kind = 'outage' AND home IS NULL ORDER BY number`,
    [opened.rows.map((row) => row.incident)],
  );
  return { outages: outages.rows, sequence };
}

/** Objects by id, as the inventory has them now. */
export async function readObjectBodies(db: Queryable, ids: readonly string[]): Promise<Map<string, ObjectBody>> {
  const result = await db.query<{ id: string; body: unknown }>(
    `SELECT i.id, i.body FROM inventory i WHERE ${CURRENT_OBJECTS} AND i.id = ANY ($1::text[])`,
    [ids],
  );
  return new Map(result.rows.map(({ id, body }) => [id, ObjectBody.parse(body)]));
}

/** An interface whose counters are sampled. */
export interface SampledInterface {
  readonly object: string;
  readonly name: string;
  /** Key of its check. */
  readonly key: number;
  readonly [column: string]: unknown;
}

/** The interfaces of an object: those of a device, those at the ends of a circuit, an interface itself. The first `limit` by id. */
export async function readInterfacesOf(db: Queryable, object: ObjectBody, limit: number): Promise<SampledInterface[]> {
  const devices = object.checks.flatMap((check) => (check.kind === 'interface' ? [{ device: check.device, ifName: check.ifName }] : []));
  const result = await db.query<SampledInterface>(
    `SELECT i.id AS object, i.name, min(c.key) AS key FROM inventory i JOIN checks c ON c.object_id = i.id
     WHERE ${CURRENT_OBJECTS} AND i.kind = 'interface'
       AND (i.id = $1 OR i.body -> 'dependency' -> 'parents' ? $1::text
         OR EXISTS (SELECT 1 FROM jsonb_to_recordset($2) AS e (device text, "ifName" text)
              WHERE i.body -> 'dependency' -> 'parents' ? e.device
                AND i.body -> 'checks' @> jsonb_build_array(jsonb_build_object('device', e.device, 'ifName', e."ifName"))))
     GROUP BY i.id, i.name ORDER BY i.id LIMIT $3`,
    [object.id, JSON.stringify(devices), limit],
  );
  return result.rows;
}
