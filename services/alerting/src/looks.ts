import { type Database, readCheckKeysOf, readJudgedOffsets } from '@beacontower/database';
import { type Look, partitionOf } from '@beacontower/domain';
import { appendEntries, type Keys, type RoundQueues, requestLook } from '@beacontower/queue';
import type { Clock } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import type { LookRequester } from './ports.ts';

export interface LookRequesterDependencies {
  readonly database: Database;
  readonly redis: Redis;
  readonly keys: Keys;
  readonly queues: RoundQueues;
  readonly partitions: number;
  readonly clock: Clock;
}

/** An extra round that could not start within this time has been overtaken by the ordinary ones. */
const WORTH_STARTING_MS = 5_000;
const CHUNK = 1_000;

/**
 * Asks for fresh looks: a request in each object's partition stream (so that the pipeline reports the next observation whether
 * or not it changes anything), then an extra round at the objects' checks, ahead of ordinary ones. Knows from the streams and the
 * record what the pipeline has not judged yet.
 */
export function createLookRequester(deps: LookRequesterDependencies): LookRequester {
  const { database, redis, keys, queues, partitions, clock } = deps;
  return {
    async request(looks) {
      const now = clock.now();
      const byPartition = new Map<number, Look[]>();
      for (const look of looks) {
        const partition = partitionOf(look.object, partitions);
        const list = byPartition.get(partition);
        if (list) list.push(look);
        else byPartition.set(partition, [look]);
      }
      for (const [partition, list] of byPartition) {
        for (let from = 0; from < list.length; from += CHUNK) {
          const entries = list.slice(from, from + CHUNK).map((look) => ({ type: 'look' as const, ...look, requestedAt: now }));
          await appendEntries(redis, keys.observations(partition), entries);
        }
      }
      const checks = await readCheckKeysOf(
        database,
        looks.map((look) => look.object),
      );
      for (let from = 0; from < checks.length; from += CHUNK) {
        await requestLook({ redis, keys, queues }, { checks: checks.slice(from, from + CHUNK), startBefore: now + WORTH_STARTING_MS });
      }
    },
    async unjudged(before) {
      const judged = await readJudgedOffsets(database);
      const pipeline = redis.pipeline();
      for (let partition = 0; partition < partitions; partition++) {
        pipeline.xrange(keys.observations(partition), `(${judged.get(partition) ?? '0-0'}`, String(before), 'COUNT', 1);
      }
      const replies = (await pipeline.exec()) ?? [];
      return replies.some(([error, entries]) => error === null && Array.isArray(entries) && entries.length > 0);
    },
  };
}
