/** How far the composer has taken what the pipeline judged into the transitions of composites. */
import type { Queryable } from '../pool.ts';
import { readWatermarks } from './partition-states.ts';

/** The reader of the log whose place this is; the lease of the composer has the same name. */
export const COMPOSER_READER = 'composer';

/** Epoch ms: up to when all is composed that was judged by ICMP, and by agents as well. */
export interface Composed {
  readonly pinged: number;
  readonly all: number;
}

/** What is composed once the log has been read up to `row`: taken before it is. */
export interface ComposedMark extends Composed {
  readonly row: number;
}

/** Null when nothing has ever been composed. */
export async function readComposed(db: Queryable): Promise<Composed | null> {
  const { rows } = await db.query<{ pinged: number | null; all: number | null }>(
    'SELECT composed_pinged AS pinged, composed_all AS all FROM log_readers WHERE name = $1',
    [COMPOSER_READER],
  );
  const [{ pinged, all } = { pinged: null, all: null }] = rows;
  return pinged === null || all === null ? null : { pinged, all };
}

/** How far everything is judged now. What was judged is in the log by then: both are written in one transaction. */
export async function takeMark(db: Queryable): Promise<ComposedMark | null> {
  const watermarks = [...(await readWatermarks(db)).values()];
  if (watermarks.length === 0) return null;
  const { rows } = await db.query<{ row: number }>('SELECT coalesce(max(id), 0) AS row FROM log');
  return {
    pinged: Math.min(...watermarks.map((each) => each.pinged)),
    all: Math.min(...watermarks.map((each) => each.all)),
    row: rows[0]?.row ?? 0,
  };
}

/** Saves a mark when every entry of the log up to its row has been read, that is, has a sequence no greater than `sequence`. */
export async function reachMark(db: Queryable, mark: ComposedMark, sequence: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE log_readers SET composed_pinged = $2, composed_all = $3 WHERE name = $1
       AND NOT EXISTS (SELECT FROM log WHERE sequence IS NULL AND id <= $4) AND NOT EXISTS (SELECT FROM log WHERE sequence > $5 AND id <= $4)`,
    [COMPOSER_READER, mark.pinged, mark.all, mark.row, sequence],
  );
  return rowCount === 1;
}
