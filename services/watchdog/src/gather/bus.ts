import type { SelfFacts } from '@beacontower/contracts';
import {
  DELIVERIES_QUEUE,
  type Keys,
  parseShard,
  readBehind,
  readPlanVersions,
  readQueueDepths,
  readTicks,
  roundsQueue,
} from '@beacontower/queue';
import type { Redis } from 'ioredis';

/** A shard that is planned, by the parts of its name. */
export interface PlannedShard {
  readonly shard: string;
  readonly partition: number;
  readonly kind: string;
  readonly zone: string;
  readonly intervalMs: number;
}

export async function readShards(redis: Redis, keys: Keys): Promise<PlannedShard[]> {
  const versions = await readPlanVersions(redis, keys);
  return [...versions.keys()].flatMap((shard) => {
    const name = parseShard(shard);
    return name ? [{ shard, ...name }] : [];
  });
}

/** A tick is over an interval after it; the scheduler closes it at most two seconds later. */
const CLOSING_MS = 2_000;

/** How fresh the closed ticks are. `now` is Redis's time. */
export async function readClosing(redis: Redis, keys: Keys, shards: readonly PlannedShard[], now: number): Promise<SelfFacts['ticks']> {
  const ticks = await readTicks(
    redis,
    keys,
    shards.map(({ shard }) => shard),
  );
  let newest: number | null = null;
  let worst = 0;
  for (const { shard, intervalMs } of shards) {
    const closed = ticks.get(shard)?.closed;
    if (closed === undefined) continue;
    newest = Math.max(newest ?? 0, closed + intervalMs);
    // The next one is closed an interval later than this one was.
    worst = Math.max(worst, now - (closed + 2 * intervalMs + CLOSING_MS));
  }
  return {
    shards: shards.length,
    newestAgeMs: newest === null ? null : Math.max(0, Math.round(now - newest)),
    worstOverdueMs: Math.round(worst),
  };
}

/** Most entries of a partition's stream that are counted; those of samples are large, and lag is what is judged by. */
const MOST_COUNTED = { observations: 200, samples: 10 } as const;

/** How far readers are behind in the streams of one kind; a partition of which nobody told an offset does not count. */
export async function readStream(
  redis: Redis,
  stream: 'observations' | 'samples',
  keyOf: (partition: number) => string,
  offsets: ReadonlyMap<number, string> | null,
  now: number,
): Promise<NonNullable<SelfFacts['streams']>[number]> {
  const behind = await Promise.all(
    [...(offsets ?? [])].map(([partition, offset]) => readBehind(redis, keyOf(partition), offset, MOST_COUNTED[stream])),
  );
  return {
    stream,
    entries: behind.reduce((sum, { entries }) => sum + entries, 0),
    lagMs: Math.round(Math.max(0, ...behind.map(({ oldest }) => (oldest === null ? 0 : now - oldest)))),
    known: offsets !== null && offsets.size > 0,
  };
}

/** Depths of the queues of rounds there are plans for, and of the queue of deliveries. */
export function readQueues(redis: Redis, keys: Keys, shards: readonly PlannedShard[]) {
  const rounds = [...new Set(shards.map(({ kind, zone }) => roundsQueue(kind, zone)))].sort();
  return readQueueDepths(redis, keys, [...rounds, DELIVERIES_QUEUE]);
}

/** Where the sample store says in Redis how far it is. */
export async function readStored(redis: Redis, keys: Keys): Promise<Map<number, string> | null> {
  const stored = Object.entries(await redis.hgetall(keys.stored));
  return stored.length === 0 ? null : new Map(stored.map(([partition, offset]) => [Number(partition), offset]));
}
