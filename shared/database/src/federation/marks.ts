/** Places of logs that are remembered, by which a node that went on from a back-up finds the last that it has in common with here. */
import type { LogPlace } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';

/** A mark is set when the last one is so many lines, or so long, ago: between two marks lines are told again, which does no harm. */
const LINES_APART = 1_000;
const MS_APART = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST = 5_000;

/** Sets a mark where one is due. */
export async function rememberPlace(tx: Queryable, node: string, { incarnation, sequence, hash }: LogPlace, now: number): Promise<void> {
  await tx.query(
    `INSERT INTO federation_marks (node, incarnation, sequence, hash, at) SELECT $1, $2, $3, $4, $5
     WHERE NOT EXISTS (SELECT FROM (SELECT sequence, at FROM federation_marks WHERE node = $1 AND incarnation = $2 ORDER BY sequence DESC LIMIT 1) AS last
       WHERE last.sequence > $3::bigint - $6 AND last.at > $5::bigint - $7)
     ON CONFLICT DO NOTHING`,
    [node, incarnation, sequence, hash, now, LINES_APART, MS_APART],
  );
}

/** The places that are remembered of an incarnation, newest first; the one that is applied, or where it ended, among them. */
export async function readMarks(db: Queryable, node: string, incarnation: string): Promise<LogPlace[]> {
  const { rows } = await db.query<LogPlace & { readonly [column: string]: unknown }>(
    `SELECT incarnation::text AS incarnation, sequence, hash FROM (
       SELECT incarnation, sequence, hash FROM federation_marks WHERE node = $1 AND incarnation = $2
       UNION SELECT incarnation, sequence, hash FROM federation_nodes WHERE node = $1 AND incarnation = $2
       UNION SELECT incarnation, sequence, hash FROM federation_incarnations WHERE node = $1 AND incarnation = $2 AND superseded_at IS NOT NULL) AS known
     WHERE hash IS NOT NULL ORDER BY sequence DESC LIMIT $3`,
    [node, incarnation, MOST],
  );
  return rows.map((row) => ({ incarnation: row.incarnation, sequence: row.sequence, hash: row.hash }));
}

/** Thins marks out with age: one an hour after a day, one a day after a month. Returns how many went. */
export async function thinMarks(db: Queryable, now: number): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM federation_marks m USING (
       SELECT node, incarnation, sequence, row_number() OVER (PARTITION BY node, incarnation,
         CASE WHEN at < $2 THEN -1 - at / $4 WHEN at < $1 THEN at / $3 END ORDER BY sequence DESC) AS position
       FROM federation_marks WHERE at < $1) AS old
     WHERE m.node = old.node AND m.incarnation = old.incarnation AND m.sequence = old.sequence AND old.position > 1`,
    [now - DAY_MS, now - 30 * DAY_MS, HOUR_MS, DAY_MS],
  );
  return rowCount ?? 0;
}
