import type { Database } from '@beacontower/database';
import { partitionOf } from '@beacontower/domain';
import { createKeys, createRedis, RoundQueues, readEntries, roundsQueue } from '@beacontower/queue';
import { SystemClock } from '@beacontower/runtime';
import { startDatabase, startRedis, type TestDatabase, type TestServer } from '@beacontower/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLookRequester } from './looks.ts';

let postgres: TestDatabase;
let redisServer: TestServer;
let database: Database;

beforeAll(async () => {
  [postgres, redisServer] = await Promise.all([startDatabase(), startRedis()]);
  ({ database } = postgres);
});
afterAll(async () => {
  await Promise.all([postgres?.stop(), redisServer?.stop()]);
});

it('asks in the partition of each object, and adds an extra round at its checks ahead of others', async () => {
  const keys = createKeys('bt');
  const redis = createRedis(redisServer.url, () => undefined);
  const queues = new RoundQueues({ redisUrl: redisServer.url, keys, onError: () => undefined });
  try {
    await database.query(
      `INSERT INTO checks (id, object_id, first_seen) VALUES ('n:a/icmp4', 'n:a', 0), ('n:a/icmp6', 'n:a', 0), ('n:b/icmp4', 'n:b', 0)`,
    );
    const shard = `${partitionOf('n:a', 4)}.z.icmp.1000`;
    await redis.hset(keys.plans, shard, 3);
    await redis.hset(`${keys.plans}:checks`, '1', shard, '2', shard);
    const requester = createLookRequester({ database, redis, keys, queues, partitions: 4, clock: new SystemClock() });
    await requester.request([
      { object: 'n:a', after: 500 },
      { object: 'n:b', after: 600 },
    ]);
    for (const [object, after] of [
      ['n:a', 500],
      ['n:b', 600],
    ] as const) {
      const stream = keys.observations(partitionOf(object, 4));
      const entries = await readEntries(redis, new Map([[stream, '0']]), { count: 10, blockMs: 1 });
      expect(entries.map(({ entry }) => entry)).toContainEqual(expect.objectContaining({ type: 'look', object, after }));
    }
    const jobs = await redis.lrange(`${keys.bull}:${roundsQueue('icmp', 'z')}:wait`, 0, -1);
    expect(jobs.length).toBe(1);
    const data = await redis.hget(`${keys.bull}:${roundsQueue('icmp', 'z')}:${jobs[0]}`, 'data');
    expect(JSON.parse(data ?? '')).toMatchObject({ shard, planVersion: 3, tick: null, checks: [1, 2] });
    const stream = keys.observations(partitionOf('n:a', 4));
    const last = (await readEntries(redis, new Map([[stream, '0']]), { count: 10, blockMs: 1 })).at(-1)?.id ?? '';
    const appendedAt = Number(last.split('-')[0]);
    expect(await requester.unjudged(Date.now())).toBe(true);
    await database.query(
      `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at, judged_offset)
       SELECT p, 1, '0-0', '', 0, 0, $1 FROM generate_series(0, 3) AS p`,
      // Beyond all of them: they need not have been written in one millisecond.
      [`${Date.now() + 60_000}-0`],
    );
    expect(await requester.unjudged(Date.now())).toBe(false);
    // What came after the moment asked about does not count.
    await database.query(`UPDATE partition_states SET judged_offset = NULL`);
    expect(await requester.unjudged(appendedAt - 1_000)).toBe(false);
  } finally {
    await queues.close();
    redis.disconnect();
  }
});
