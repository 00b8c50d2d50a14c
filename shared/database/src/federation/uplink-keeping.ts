/** How long lines are kept once the node above has them, and what they take of the disk. */
import type { Queryable } from '../pool.ts';

/** What a line takes beside its text: the row, its hash, its place in the index. */
const ROW_BYTES = 200;

/** What the log to the node above takes. */
export interface UplinkStore {
  /** Lines that the node above does not have yet. */
  readonly behind: number;
  /** When the oldest of them was made, epoch ms; null: there is none. */
  readonly oldestAt: number | null;
  readonly bytes: number;
  readonly [column: string]: unknown;
}

/** Null when this node reports to none. */
export async function readUplinkStore(db: Queryable): Promise<UplinkStore | null> {
  const { rows } = await db.query<UplinkStore>(
    `SELECT built - acknowledged + (SELECT coalesce(sum((range ->> 'last')::bigint - (range ->> 'after')::bigint), 0)::bigint
         FROM jsonb_array_elements(building -> 'before') AS range) AS behind, pg_total_relation_size('uplink_log') AS bytes,
       (SELECT at FROM uplink_log WHERE sequence > acknowledged ORDER BY sequence LIMIT 1) AS "oldestAt" FROM uplink`,
  );
  return rows[0] ?? null;
}

/** The last line that was acknowledged at or before a moment; 0 when that is not known. */
export async function acknowledgedBy(db: Queryable, moment: number): Promise<number> {
  const { rows } = await db.query<{ sequence: number | null }>(
    `SELECT max((day ->> 1)::bigint) AS sequence FROM uplink, jsonb_array_elements(acknowledged_days) AS day WHERE (day ->> 0)::bigint <= $1`,
    [moment],
  );
  return rows[0]?.sequence ?? 0;
}

/** Removes acknowledged lines before one, at most so many; the last acknowledged one stays whatever is asked. Returns how many went. */
export async function pruneUplinkLog(db: Queryable, before: number, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM uplink_log WHERE sequence IN (
       SELECT sequence FROM uplink_log WHERE sequence < least($1, (SELECT acknowledged FROM uplink)) ORDER BY sequence LIMIT $2)`,
    [before, limit],
  );
  return rowCount ?? 0;
}

/** Forgets acknowledgements that say nothing about lines that are still kept; the newest before the moment stays. */
export async function forgetAcknowledgements(db: Queryable, before: number): Promise<void> {
  await db.query(
    `UPDATE uplink SET acknowledged_days = (SELECT coalesce(jsonb_agg(day ORDER BY (day ->> 0)::bigint), '[]') FROM jsonb_array_elements(acknowledged_days) AS day
       WHERE (day ->> 0)::bigint >= (SELECT coalesce(max((d ->> 0)::bigint), 0) FROM jsonb_array_elements(acknowledged_days) AS d WHERE (d ->> 0)::bigint <= $1))
     WHERE jsonb_array_length(acknowledged_days) > 40`,
    [before],
  );
}

/** By how many of the newest lines their length is judged. */
const SAMPLE = 10_000;

/** The last line that would have to go so that the rest takes about so many bytes; 0: none has to. All lines are not looked at: they are many then. */
export async function lineBeyond(db: Queryable, bytes: number): Promise<number> {
  const { rows } = await db.query<{ sequence: number | null }>(
    `SELECT max(sequence) - floor($1 / avg(octet_length(line) + ${ROW_BYTES}))::bigint AS sequence
     FROM (SELECT sequence, line FROM uplink_log ORDER BY sequence DESC LIMIT ${SAMPLE}) AS newest`,
    [bytes],
  );
  return Math.max(0, rows[0]?.sequence ?? 0);
}
