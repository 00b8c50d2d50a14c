import type { Interval } from '@beacontower/domain';
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
  const pinged = await readPinged(db, [...new Set(rows.flatMap((row) => row.combined ?? []))]);
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
    result.set(id, { versions, judgedUntil: Math.max(last.since ?? 0, untilOf(last, judged, pinged)) });
  }
  return result;
}

/** A composite cannot be known past any of those it is composed of. */
function untilOf(row: Row, judged: Judged, pinged: ReadonlyMap<string, boolean>): number {
  if (row.combined === null || row.combined.length === 0) return judged.untilFor(row.id, row.pinged);
  return Math.min(...row.combined.map((member) => judged.untilFor(member, pinged.get(member) ?? false)));
}

async function readPinged(db: Queryable, objects: readonly string[]): Promise<Map<string, boolean>> {
  if (objects.length === 0) return new Map();
  const { rows } = await db.query<{ id: string; pinged: boolean }>(
    `SELECT id, pinged FROM inventory WHERE entity = 'object' AND id = ANY ($1) AND superseded_at IS NULL AND valid_to IS NULL`,
    [objects],
  );
  return new Map(rows.map((row) => [row.id, row.pinged]));
}
