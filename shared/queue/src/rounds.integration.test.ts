import type { RoundJob, SampleBatch, ShardPlan, TickClosed } from '@beacontower/contracts';
import { programsPresent, startRedis, type TestServer, waitFor } from '@beacontower/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packUint16, packUint32 } from './codec.ts';
import { readBehind, readQueueDepths } from './depths.ts';
import { createKeys } from './keys.ts';
import { readPlan, readPlanVersions, writePlans } from './plans.ts';
import { createRedis } from './redis.ts';
import { closeTicks, createRoundWorker, parseShard, RoundQueues, type RoundWorker, readTicks, requestLook } from './rounds.ts';
import { appendSamples } from './samples.ts';
import { readEntries } from './streams.ts';

const keys = createKeys('test');
const SHARD = '3.zone.a.icmp.10000';
const plan = (shard: string, checks: number[], version = 1): ShardPlan => ({
  version,
  shard,
  partition: 3,
  zone: 'zone.a',
  kind: 'icmp',
  intervalMs: 10_000,
  phaseMs: 0,
  anchors: [],
  policies: [{ probes: 1, periodMs: 1, timeoutMs: 1, confirmPasses: 0, degradedLoss: 1 }],
  checks,
  addresses: checks.map(() => '127.0.0.1'),
  policy: checks.map(() => 0),
});

describe.runIf(programsPresent('redis-server'))('rounds, plans and samples, with a real Redis', () => {
  let server: TestServer;
  let redis: Redis;
  let queues: RoundQueues;
  const workers: RoundWorker[] = [];

  beforeAll(async () => {
    server = await startRedis();
    redis = createRedis(server.url, () => undefined);
    queues = new RoundQueues({ redisUrl: server.url, keys, onError: () => undefined });
  });
  afterAll(async () => {
    await queues.close();
    redis.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await redis.flushall();
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close(1_000)));
  });

  const round = (tick: number): RoundJob => ({ shard: SHARD, planVersion: 1, tick, startBefore: tick + 10_000, checks: null });
  const work = (take: (job: RoundJob) => Promise<void>) => {
    const options = { redisUrl: server.url, keys, kind: 'icmp', zone: 'zone.a', concurrency: 1, onError: () => undefined };
    workers.push(createRoundWorker({ ...options, take }));
  };

  it('takes a shard apart, dots in the zone included', () => {
    expect(parseShard(SHARD)).toEqual({ partition: 3, zone: 'zone.a', kind: 'icmp', intervalMs: 10_000 });
    expect(parseShard('x.icmp.1')).toBeNull();
  });

  it('counts what lies behind a place in a stream, and how old that is', async () => {
    expect(await readBehind(redis, 'stream', '0', 9)).toEqual({ entries: 0, oldest: null });
    for (const id of ['1000-0', '2000-0', '3000-5']) await redis.xadd('stream', id, 'e', 'x');
    expect(await readBehind(redis, 'stream', '1000-0', 9)).toEqual({ entries: 2, oldest: 2_000 });
    expect(await readBehind(redis, 'stream', '1000-0', 1)).toEqual({ entries: 1, oldest: 2_000 });
    expect(await readBehind(redis, 'stream', '3000-5', 9)).toEqual({ entries: 0, oldest: null });
  });

  it('drops a backlog that nobody takes, and only that', async () => {
    await queues.add(Array.from({ length: 30 }, (_, tick) => round(tick)));
    expect(await queues.dropBacklog(30)).toEqual([]);
    expect(await queues.dropBacklog(29)).toEqual([{ kind: 'icmp', zone: 'zone.a', rounds: 30 }]);
    await queues.add([round(31)]);
    expect(await readQueueDepths(redis, keys, ['rounds-icmp-zone.a', 'none'])).toEqual([
      { queue: 'rounds-icmp-zone.a', waiting: 1, active: 0, delayed: 0, failed: 0 },
      { queue: 'none', waiting: 0, active: 0, delayed: 0, failed: 0 },
    ]);
    const taken: (number | null)[] = [];
    work(async (job) => {
      taken.push(job.tick);
    });
    await waitFor(() => taken.length > 0, { what: 'the next round' });
    expect(taken).toEqual([31]);
  });

  it('adds a round once, however often it is added, and an extra look before all of them', async () => {
    await writePlans(redis, keys, { written: [plan(SHARD, [1, 2, 3])], removed: [], orphans: [] });
    await queues.add([round(1), round(2)]);
    await queues.add([round(2)]);
    expect(await requestLook({ redis, keys, queues }, { checks: [2, 9], startBefore: 77 })).toEqual([9]);
    const taken: RoundJob[] = [];
    work(async (job) => {
      taken.push(job);
    });
    await waitFor(() => taken.length === 3, { what: 'three rounds' });
    expect(taken).toEqual([{ ...round(1), tick: null, startBefore: 77, checks: [2] }, round(1), round(2)]);
    await waitFor(async () => (await redis.keys(`${keys.bull}:*:${SHARD}.*`)).length === 0, { what: 'finished jobs to be gone' });
  });

  it('offers a round again that its worker let go of', async () => {
    let begun = 0;
    const never = new Promise<void>(() => undefined);
    work(() => {
      begun++;
      return never;
    });
    await queues.add([round(1)]);
    await waitFor(() => begun === 1, { what: 'the round to begin' });
    await workers.pop()?.close(50);
    work(async () => {
      begun++;
    });
    await waitFor(() => begun === 2, { timeoutMs: 20_000, what: 'the round to begin again' });
  }, 30_000);

  it('asks seldom while Redis refuses what it is asked, and goes on when it does not', async () => {
    let refusals = 0;
    const taken: number[] = [];
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    workers.push(
      createRoundWorker({
        ...{ redisUrl: server.url, keys, kind: 'icmp', zone: 'zone.a', concurrency: 1 },
        onError: () => {
          refusals++;
        },
        take: async (job) => {
          taken.push(job.tick ?? 0);
          await held;
        },
      }),
    );
    await queues.add([round(1), round(2)]);
    await waitFor(() => taken.length === 1, { what: 'the first round' });
    // As with a disk that is full: every write is refused, and answered at once.
    await redis.config('SET', 'min-replicas-to-write', '1');
    try {
      letGo();
      await waitFor(() => refusals > 0, { timeoutMs: 20_000, what: 'a refusal' });
      refusals = 0;
      // Nothing to wait for: how often it is asked can only be seen by letting time pass.
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect(refusals).toBeLessThan(40);
    } finally {
      await redis.config('SET', 'min-replicas-to-write', '0');
    }
    await queues.add([round(3)]);
    await waitFor(() => taken.includes(3), { timeoutMs: 10_000, what: 'the next round' });
  }, 40_000);

  it('writes plans and takes them away with all that belongs to them', async () => {
    await writePlans(redis, keys, { written: [plan(SHARD, [1, 2]), plan('0.b.icmp.1000', [3])], removed: [], orphans: [] });
    expect(Object.fromEntries(await readPlanVersions(redis, keys))).toEqual({ [SHARD]: 1, '0.b.icmp.1000': 1 });
    expect(await readPlan(redis, keys, SHARD)).toEqual(plan(SHARD, [1, 2]));
    await redis.set(keys.closed(SHARD), 5);
    await writePlans(redis, keys, { written: [], removed: [SHARD], orphans: [1, 2] });
    expect(await readPlan(redis, keys, SHARD)).toBeNull();
    expect(await redis.exists(keys.closed(SHARD))).toBe(0);
    expect(await redis.hgetall(`${keys.plans}:checks`)).toEqual({ 3: '0.b.icmp.1000' });
  });

  it('closes a tick once, whoever closes it', async () => {
    const close = (fromTick: number, toTick: number): TickClosed & { partition: number } => ({
      type: 'closed',
      shard: SHARD,
      intervalMs: 10,
      fromTick,
      toTick,
      partition: 3,
    });
    expect(await closeTicks(redis, keys, [close(10, 10)])).toBe(1);
    expect(await closeTicks(redis, keys, [close(10, 10)])).toBe(0);
    expect(await closeTicks(redis, keys, [close(20, 40)])).toBe(1);
    const entries = await readEntries(redis, new Map([[keys.observations(3), '0']]), { count: 10, blockMs: 1 });
    expect(entries.map(({ entry }) => entry)).toEqual([
      { type: 'closed', shard: SHARD, intervalMs: 10, fromTick: 10, toTick: 10 },
      { type: 'closed', shard: SHARD, intervalMs: 10, fromTick: 20, toTick: 40 },
    ]);
    expect((await readTicks(redis, keys, [SHARD])).get(SHARD)).toEqual({ closed: 40, added: undefined });
  });

  it('keeps samples within their bytes and counts what had to go', async () => {
    const column = packUint32(new Uint32Array(500));
    const batch: SampleBatch = {
      type: 'icmp',
      shard: SHARD,
      tick: 1,
      startedAt: 1,
      checks: column,
      sent: packUint16(new Uint16Array(500)),
      received: packUint16(new Uint16Array(500)),
      rttMin: column,
      rttAvg: column,
      rttMax: column,
      jitter: column,
    };
    const budget = 1_000_000;
    let dropped = 0;
    let written = 0;
    for (let i = 0; i < 200; i++) {
      const receipt = await appendSamples(redis, keys.samples(3), batch, budget);
      dropped += receipt.dropped;
      written += receipt.bytes;
    }
    const kept = await redis.xlen(keys.samples(3));
    expect(written).toBeGreaterThan(2 * budget);
    expect(kept + dropped).toBe(200);
    expect((kept * written) / 200).toBeLessThan(budget * 1.1);
    expect((kept * written) / 200).toBeGreaterThan(budget * 0.8);
  });
});
