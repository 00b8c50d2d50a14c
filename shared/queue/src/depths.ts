import type { Redis } from 'ioredis';
import type { Keys } from './keys.ts';

/** How many jobs of a BullMQ queue are in each of its places. */
export interface QueueDepth {
  readonly queue: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

/** Reads the depths of some queues in one round trip, on the caller's connection; a queue that is not there is empty. */
export async function readQueueDepths(redis: Redis, keys: Keys, queues: readonly string[]): Promise<QueueDepth[]> {
  const pipeline = redis.pipeline();
  for (const queue of queues) {
    const key = (part: string) => `${keys.bull}:${queue}:${part}`;
    pipeline.llen(key('wait')).llen(key('paused')).llen(key('active')).zcard(key('delayed')).zcard(key('failed'));
  }
  const counts = ((await pipeline.exec()) ?? []).map(([error, value]) => {
    if (error) throw error;
    return Number(value);
  });
  return queues.map((queue, index) => {
    const [waiting = 0, paused = 0, active = 0, delayed = 0, failed = 0] = counts.slice(index * 5, index * 5 + 5);
    return { queue, waiting: waiting + paused, active, delayed, failed };
  });
}

// Counted where they lie: the entries themselves would be megabytes. Even so Redis copies what it counts, and does nothing else
// meanwhile: hence the caller says how many are worth it.
const BEHIND = `
local rows = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])
if #rows == 0 then return {0, ''} end
return {#rows, rows[1][1]}`;

/** How many entries of a stream lie after `offset` (at most `most` are counted), and when the first of them was appended, epoch ms. */
export async function readBehind(
  redis: Redis,
  stream: string,
  offset: string,
  most: number,
): Promise<{ entries: number; oldest: number | null }> {
  const [entries, id] = (await redis.eval(BEHIND, 1, stream, offset, most)) as [number, string];
  return { entries: Number(entries), oldest: entries === 0 ? null : Number(String(id).split('-')[0]) };
}
