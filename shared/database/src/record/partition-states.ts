import type { Queryable } from '../pool.ts';

/** What a partition's reader knew at its last commit. `snapshot` is opaque here. */
export interface StoredPartition {
  readonly partition: number;
  readonly offset: string;
  readonly snapshot: Uint8Array;
  /** Event time, epoch ms, before which everything of the partition has been judged. */
  readonly watermark: number;
}

export async function readPartitionStates(db: Queryable, partitions: readonly number[]): Promise<Map<number, StoredPartition>> {
  const result = await db.query<{ partition: number; stream_offset: string; snapshot: Buffer; watermark: number }>(
    'SELECT partition, stream_offset, snapshot, watermark FROM partition_states WHERE partition = ANY ($1)',
    [partitions],
  );
  return new Map(
    result.rows.map((row) => [
      row.partition,
      { partition: row.partition, offset: row.stream_offset, snapshot: row.snapshot, watermark: row.watermark },
    ]),
  );
}

export async function writePartitionStates(
  tx: Queryable,
  states: readonly (StoredPartition & { epoch: number })[],
  savedAt: number,
): Promise<void> {
  for (const state of states) {
    await tx.query(
      `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (partition) DO UPDATE SET epoch = excluded.epoch, stream_offset = excluded.stream_offset, snapshot = excluded.snapshot,
         watermark = excluded.watermark, saved_at = excluded.saved_at`,
      [state.partition, state.epoch, state.offset, state.snapshot, state.watermark, savedAt],
    );
  }
}

/** Event time up to which each partition has been judged. */
export async function readWatermarks(db: Queryable): Promise<Map<number, number>> {
  const result = await db.query<{ partition: number; watermark: number }>('SELECT partition, watermark FROM partition_states');
  return new Map(result.rows.map((row) => [row.partition, row.watermark]));
}
