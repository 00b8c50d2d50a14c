import { readDueDeliveries } from '../incidents/deliveries.ts';
import type { Queryable } from '../pool.ts';

/** How the record is doing, for the node's watch over itself. Times are epoch ms. */
export interface RecordHealth {
  readonly node: string | null;
  /** Partition → the last stream entry whose effects are committed. */
  readonly offsets: ReadonlyMap<number, string>;
  /** When a judge last committed; null when none ever has. */
  readonly committedAt: number | null;
  /** When the oldest log row was written that has no sequence yet; null when all have one. */
  readonly undispatchedSince: number | null;
  /** When the most overdue delivery should have been sent; null when none is due. */
  readonly deliveryDueAt: number | null;
  /** Deliveries given up since `deadSince`. */
  readonly deadDeliveries: number;
}

export async function readRecordHealth(db: Queryable, now: number, deadSince: number): Promise<RecordHealth> {
  const [identity, partitions, log, due, dead] = await Promise.all([
    db.query<{ node: string }>('SELECT node FROM node_identity'),
    db.query<{ partition: number; judged: string; saved_at: number }>(
      'SELECT partition, coalesce(judged_offset, stream_offset) AS judged, saved_at FROM partition_states',
    ),
    db.query<{ recorded_at: number }>('SELECT recorded_at FROM log WHERE sequence IS NULL ORDER BY id LIMIT 1'),
    readDueDeliveries(db, now, 1),
    db.query<{ count: number }>("SELECT count(*) AS count FROM deliveries WHERE state = 'dead' AND finished_at >= $1", [deadSince]),
  ]);
  return {
    node: identity.rows[0]?.node ?? null,
    offsets: new Map(partitions.rows.map((row) => [row.partition, row.judged])),
    committedAt: partitions.rows.length === 0 ? null : Math.max(...partitions.rows.map((row) => row.saved_at)),
    undispatchedSince: log.rows[0]?.recorded_at ?? null,
    deliveryDueAt: due[0]?.dueAt ?? null,
    deadDeliveries: dead.rows[0]?.count ?? 0,
  };
}
