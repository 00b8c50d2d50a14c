import { type Interval, nodeOfObject } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import type { CommissionSpan } from './coverage.ts';
import type { Judged } from './judged.ts';

/** When an object was in commission, and up to when it has been judged. */
export interface Commission {
  readonly versions: readonly CommissionSpan[];
  readonly judgedUntil: number;
}

interface Row {
  readonly id: string;
  readonly from: number;
  readonly to: number | null;
  readonly division: string;
  readonly party: string | null;
  readonly pinged: boolean;
  readonly combined: string[] | null;
  readonly since: number | null;
  readonly [column: string]: unknown;
}

/** Every version of the objects that are in commission at some time of the span; the others are absent. */
export async function readCommissions(
  db: Queryable,
  objects: readonly string[],
  span: Interval,
  judged: Judged,
): Promise<Map<string, Commission>> {
  const { rows } = await db.query<Row>(
    `SELECT i.id, i.valid_from AS from, i.valid_to AS to, i.division, i.party, i.pinged,
       CASE WHEN i.leans THEN i.body -> 'combines' -> 'of' END AS combined, c.since
     FROM inventory i LEFT JOIN current_states c ON c.subject = i.id
     WHERE i.entity = 'object' AND i.id = ANY ($1) AND i.superseded_at IS NULL ORDER BY i.id, i.valid_from`,
    [objects],
  );
  const parts = await readParts(
    db,
    rows.flatMap((row) => row.combined ?? []),
  );
  const found = new Map<string, { versions: CommissionSpan[]; last: Row }>();
  for (const row of rows) {
    const version = { from: row.from, to: row.to ?? Number.MAX_SAFE_INTEGER, division: row.division, party: row.party };
    const known = found.get(row.id);
    if (known === undefined) found.set(row.id, { versions: [version], last: row });
    else {
      known.versions.push(version);
      known.last = row;
    }
  }
  const result = new Map<string, Commission>();
  for (const [id, { versions, last }] of found) {
    if (!versions.some((version) => version.from < span.to && version.to > span.from)) continue;
    // The present state of another node's object is told ahead of its record: it does not say that all before it is known.
    const since = judged.nodes.has(nodeOfObject(id)) ? 0 : (last.since ?? 0);
    result.set(id, { versions, judgedUntil: Math.max(since, untilOf(last, judged, parts)) });
  }
  return result;
}

/** What composites are made of, and what these are made of in turn. */
interface Part {
  readonly pinged: boolean;
  readonly combined: readonly string[] | null;
}

/** A composite cannot be known past any of those it is composed of, at whatever depth, nor past what has been composed of them. */
function untilOf(of: Part & { readonly id: string }, judged: Judged, parts: ReadonlyMap<string, Part>): number {
  const { combined } = of;
  if (combined === null || combined.length === 0) return judged.untilFor(of.id, of.pinged);
  return Math.min(
    ...combined.map((id) => {
      const part = { pinged: false, combined: null, ...parts.get(id), id };
      return Math.min(untilOf(part, judged, parts), judged.composedUntil(of.id, part.pinged));
    }),
  );
}

/** The objects named and all that they are composed of; the configuration refuses composites that go round in a circle. */
async function readParts(db: Queryable, objects: readonly string[]): Promise<Map<string, Part>> {
  if (objects.length === 0) return new Map();
  const { rows } = await db.query<Part & { id: string; [column: string]: unknown }>(
    `WITH RECURSIVE part AS (
       SELECT DISTINCT id FROM unnest($1::text[]) AS o (id)
       UNION
       SELECT jsonb_array_elements_text(i.body -> 'combines' -> 'of') FROM part JOIN inventory i
         ON i.entity = 'object' AND i.id = part.id AND i.leans AND i.superseded_at IS NULL AND i.valid_to IS NULL)
     SELECT id, i.pinged, CASE WHEN i.leans THEN i.body -> 'combines' -> 'of' END AS combined FROM part JOIN inventory i USING (id)
     WHERE i.entity = 'object' AND i.superseded_at IS NULL AND i.valid_to IS NULL`,
    [objects],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
