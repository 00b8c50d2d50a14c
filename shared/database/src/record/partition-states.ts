import type { Queryable } from '../pool.ts';

/** What a partition's reader knew at its last commit. `snapshot` is opaque here. */
export interface StoredPartition {
  readonly partition: number;
  readonly offset: string;
  readonly snapshot: Uint8Array;
  /** Event time, epoch ms, before which everything of the partition that is pinged has been judged; of all where nothing is pinged. */
  readonly watermark: number;
  /** The same of agents and interfaces, which are asked far less often; null where there are none. */
  readonly agentsWatermark: number | null;
}

export async function readPartitionStates(db: Queryable, partitions: readonly number[]): Promise<Map<number, StoredPartition>> {
  const result = await db.query<{ partition: number; stream_offset: string; snapshot: Buffer; watermark: number; agents: number | null }>(
    'SELECT partition, stream_offset, snapshot, watermark, agents_watermark AS agents FROM partition_states WHERE partition = ANY ($1)',
    [partitions],
  );
  return new Map(
    result.rows.map((row) => [
      row.partition,
      {
        partition: row.partition,
        offset: row.stream_offset,
        snapshot: row.snapshot,
        watermark: row.watermark,
        agentsWatermark: row.agents,
      },
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
      `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at, agents_watermark, judged_offset)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $3)
       ON CONFLICT (partition) DO UPDATE SET epoch = excluded.epoch, stream_offset = excluded.stream_offset, snapshot = excluded.snapshot,
         watermark = excluded.watermark, saved_at = excluded.saved_at, agents_watermark = excluded.agents_watermark,
         judged_offset = excluded.judged_offset`,
      [state.partition, state.epoch, state.offset, state.snapshot, state.watermark, savedAt, state.agentsWatermark],
    );
  }
}

/** How far each partition is judged: id of the last entry of its stream whose judgement is in the record. */
export async function readJudgedOffsets(db: Queryable): Promise<Map<number, string>> {
  const result = await db.query<{ partition: number; judged: string }>(
    'SELECT partition, coalesce(judged_offset, stream_offset) AS judged FROM partition_states',
  );
  return new Map(result.rows.map((row) => [row.partition, row.judged]));
}

/** Moves forward how far partitions are judged, and nothing else of them; `offset` is here that of the last entry judged. */
export async function writeWatermarks(tx: Queryable, states: readonly Omit<StoredPartition, 'snapshot'>[], savedAt: number): Promise<void> {
  await tx.query(
    `UPDATE partition_states s SET watermark = n.watermark, agents_watermark = n.agents, judged_offset = n.judged, saved_at = $5
     FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::text[]) AS n (partition, watermark, agents, judged)
     WHERE s.partition = n.partition`,
    [
      states.map((each) => each.partition),
      states.map((each) => each.watermark),
      states.map((each) => each.agentsWatermark),
      states.map((each) => each.offset),
      savedAt,
    ],
  );
}

/** Event time up to which each partition has been judged, and of agents and interfaces in it. */
export async function readWatermarks(db: Queryable): Promise<Map<number, { pinged: number; all: number }>> {
  const result = await db.query<{ partition: number; pinged: number; all: number }>(
    'SELECT partition, watermark AS pinged, least(watermark, agents_watermark) AS all FROM partition_states',
  );
  return new Map(result.rows.map(({ partition, pinged, all }) => [partition, { pinged, all }]));
}
