import type { IcmpSampleBatch } from '@beacontower/contracts';
import type { Database } from '@beacontower/database';
import { appendSamples, ask, createKeys, createRedis, packUint16, packUint32 } from '@beacontower/queue';
import { type Component, createLogger, createRegistry, type Registry, SystemClock } from '@beacontower/runtime';
import {
  batchOf,
  programsPresent,
  same,
  startDatabase,
  startRedis,
  type TestDatabase,
  type TestServer,
  waitFor,
} from '@beacontower/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRecorder } from './app.ts';
import type { RecorderConfig } from './config.ts';
import { MemoryStore } from './memory-store.fixture.ts';

const keys = createKeys('test');
const T = Date.UTC(2026, 10, 22);
const MINUTE = 60_000;
const PARTITIONS = 3;
const BUDGET = 50_000_000;

/** Poll number `n` of a device of two interfaces: checks 1 and 2 of the partition's thousand. */
const poll = (n: number, partition = 0) =>
  batchOf(
    T + n * MINUTE,
    [1, 2].map((check) => ({ check: partition * 1_000 + check, uptime: 100_000 + n * 6_000, counters: same(BigInt(n * 1_000 * check)) })),
  );

const ping = (n: number): IcmpSampleBatch => ({
  type: 'icmp',
  shard: '0.centre.icmp.10000',
  tick: T,
  startedAt: T + n * 10_000,
  checks: packUint32([7, 8]),
  sent: packUint16([3, 3]),
  received: packUint16([3, 0]),
  rttMin: packUint32([900, 0xffffffff]),
  rttAvg: packUint32([1_000, 0xffffffff]),
  rttMax: packUint32([1_100, 0xffffffff]),
  jitter: packUint32([10, 0xffffffff]),
});

describe.runIf(programsPresent('redis-server'))('the recorder, with a real Redis and PostgreSQL', () => {
  let postgres: TestDatabase;
  let server: TestServer;
  let database: Database;
  let redis: Redis;
  let registry: Registry;
  const connections: Redis[] = [];
  const running: Component[] = [];

  beforeAll(async () => {
    [postgres, server] = await Promise.all([startDatabase(), startRedis()]);
    ({ database } = postgres);
  });
  beforeEach(() => {
    redis = connect();
  });
  afterEach(async () => {
    for (const each of running.splice(0)) await each.stop();
    await redis.flushall();
    for (const connection of connections.splice(0)) connection.disconnect();
  });
  afterAll(async () => {
    await Promise.all([postgres?.stop(), server?.stop()]);
  });

  function connect(): Redis {
    const connection = createRedis(server.url, () => undefined);
    connections.push(connection);
    return connection;
  }

  async function record(store: MemoryStore, instance = 'test/store', config: Partial<RecorderConfig> = {}): Promise<Component> {
    registry = createRegistry({ process: instance }, false);
    const recorder = createRecorder(
      {
        instance,
        collectMs: 100,
        blockMs: 50,
        firstRetryMs: 50,
        longestRetryMs: 200,
        lookMs: 50,
        leaseTtlMs: 1_000,
        maintainMs: 200,
        ...config,
      },
      {
        database,
        redis,
        connectRedis: connect,
        keys,
        partitions: PARTITIONS,
        store,
        clock: new SystemClock(),
        logger: createLogger({ name: 'test', level: 'silent' }),
        registry,
      },
    );
    await recorder.start();
    running.push(recorder);
    return recorder;
  }

  async function stop(recorder: Component): Promise<void> {
    running.splice(running.indexOf(recorder), 1);
    await recorder.stop();
  }

  const send = async (n: number, partition = 0) => appendSamples(redis, keys.samples(partition), poll(n, partition), BUDGET);
  const counted = async (name: string) =>
    ((await registry.getSingleMetric(`beacontower_${name}`)?.get())?.values ?? []).reduce((sum, { value }) => sum + value, 0);
  const octets = (store: MemoryStore, check: number) =>
    [...store.interfaces.values()]
      .filter((row) => row.check === check)
      .map((row) => [(row.at - T) / MINUTE, row.span / MINUTE, row.increments.inOctets]);

  it('stores increments of every partition, and ICMP as it is', async () => {
    const store = new MemoryStore();
    const recorder = await record(store);
    for (let n = 0; n < 4; n++) for (let partition = 0; partition < PARTITIONS; partition++) await send(n, partition);
    await appendSamples(redis, keys.samples(1), ping(0), BUDGET);
    await redis.xadd(keys.samples(1), '*', 'e', 'nonsense');
    await appendSamples(redis, keys.samples(1), ping(1), BUDGET);
    await waitFor(() => store.interfaces.size === 3 * PARTITIONS * 2 && store.icmp.size === 4);
    expect(octets(store, 2_002)).toEqual([
      [1, 1, 2_000],
      [2, 1, 2_000],
      [3, 1, 2_000],
    ]);
    await waitFor(async () => (await counted('recorder_entries_undecodable_total')) === 1);
    expect(await counted('recorder_readings_first_total')).toBe(2 * PARTITIONS);
    expect(await counted('samples_dropped_total')).toBe(0);
    expect(Object.keys(await redis.hgetall(keys.stored)).sort()).toEqual(['0', '1', '2']);
    await waitFor(() => store.maintained > 1);
    expect(recorder.health()).toEqual({ status: 'ok', detail: 'duckdb' });
  });

  it('counts the rows that the store leaves out', async () => {
    const store = new MemoryStore();
    store.refuses = 2;
    await record(store);
    await send(0);
    await waitFor(async () => (await counted('recorder_rows_refused_total')) === 2);
  });

  it.each([
    ['a store that knows how far it is', true],
    ['a store that does not', false],
  ])('goes on after a restart without losing an increment: %s', async (_, tellsOffsets) => {
    const store = new MemoryStore({ tellsOffsets });
    for (let n = 0; n < 3; n++) await send(n);
    const first = await record(store);
    await waitFor(() => store.interfaces.size === 4);
    await stop(first);
    expect(store.isOpen).toBe(false);
    for (let n = 3; n < 6; n++) await send(n);
    await record(store);
    await waitFor(() => store.interfaces.size === 10);
    expect(octets(store, 1)).toEqual([1, 2, 3, 4, 5].map((n) => [n, 1, 1_000]));
    // The last restart primes what it reads again, and writes none of it.
    expect(await counted('recorder_rows_total')).toBe(6);
  });

  it('stores what it has read when it is stopped', async () => {
    const store = new MemoryStore();
    // Nothing but the stop can write what was refused once.
    const recorder = await record(store, 'test/store', { firstRetryMs: 600_000, longestRetryMs: 600_000 });
    await send(0);
    await waitFor(() => store.stored.size === 1);
    store.fault = 'busy';
    await send(1);
    await waitFor(() => recorder.health().detail?.includes('store refuses') === true);
    store.fault = null;
    await stop(recorder);
    expect(octets(store, 1)).toEqual([[1, 1, 1_000]]);
  });

  it('keeps what it read while the store refuses, says so, and stores it when the store is back', async () => {
    const store = new MemoryStore();
    const recorder = await record(store);
    await send(0);
    await waitFor(() => store.stored.size === 1);
    store.fault = 'connect ECONNREFUSED http://writer:secret@10.0.0.1:8086';
    for (let n = 1; n < 4; n++) await send(n);
    await waitFor(() => recorder.health().detail?.includes('store refuses') === true);
    expect(recorder.health().status).toBe('degraded');
    expect(recorder.health().detail).toContain('ECONNREFUSED');
    expect(recorder.health().detail).not.toContain('secret');
    for (let n = 4; n < 8; n++) await send(n);
    await waitFor(() => store.opens > 1);
    await waitFor(async () => (await counted('recorder_failures_total')) > 6);
    expect(await counted('recorder_entries_behind')).toBeGreaterThan(0);
    store.fault = null;
    await waitFor(() => store.interfaces.size === 14);
    expect(octets(store, 1)).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => [n, 1, 1_000]));
    await waitFor(() => recorder.health().status === 'ok');
    expect(await counted('samples_dropped_total')).toBe(0);
    await waitFor(async () => (await counted('recorder_entries_behind')) === 0);
  });

  it.each([
    ['while it runs', false],
    ['also before it was ever there, and while the recorder was not', true],
  ])('counts what the budget took while the store was away, %s; the row after the gap spans it, exact', async (_, restarts) => {
    const store = new MemoryStore();
    let recorder = await record(store);
    await send(0);
    await waitFor(() => store.stored.size === 1 && store.isOpen);
    if (restarts) await stop(recorder);
    store.fault = 'away';
    if (restarts) recorder = await record(store);
    // One batch is in hand of a recorder that runs; all others wait in the stream, which is cut to its last two.
    await send(1);
    if (!restarts) await waitFor(() => recorder.health().detail?.includes('store refuses') === true);
    for (let n = 2; n < 10; n++) await send(n);
    await redis.xtrim(keys.samples(0), 'MAXLEN', '=', 2);
    if (restarts) {
      await waitFor(() => recorder.health().status === 'degraded');
      await stop(recorder);
      await record(store);
    }
    const lost = restarts ? 7 : 6;
    await waitFor(async () => (await counted('samples_dropped_total')) >= (restarts ? 0 : lost));
    store.fault = null;
    await waitFor(() => octets(store, 1).some(([at]) => at === 9));
    const rows = octets(store, 1);
    expect(rows.at(-1)).toEqual([9, 1, 1_000]);
    // The increments of all rows make up all that passed.
    const before = restarts ? 8 : 0;
    expect(rows.reduce((sum, [, , increment]) => sum + (increment ?? 0), 0)).toBe(9_000 - before * 1_000);
    if (!restarts) expect(await counted('samples_dropped_total')).toBe(lost);
  });

  it('trims only far below what is stored', async () => {
    const store = new MemoryStore();
    await redis.hset(keys.plans, '0.centre.snmp.600000', '1');
    const now = Date.now();
    // Two and a half rounds of ten minutes are kept.
    for (const age of [40, 30, 24, 12, 1]) await redis.xadd(keys.samples(0), `${now - age * MINUTE}-0`, 'e', Buffer.alloc(5_000));
    await record(store);
    await waitFor(() => store.stored.has(0));
    await waitFor(async () => (await redis.xlen(keys.samples(0))) === 3);
    expect(await counted('recorder_entries_undecodable_total')).toBe(5);
  });

  it('has one owner; another takes over when that one ends', async () => {
    const store = new MemoryStore();
    const first = await record(store, 'one/store');
    await waitFor(() => store.isOpen);
    const second = await record(store, 'two/store');
    await waitFor(() => second.health().status === 'ok');
    expect(second.health().detail).toContain('another process');
    await send(0);
    await send(1);
    await waitFor(() => store.interfaces.size === 2);
    await stop(first);
    await send(2);
    await waitFor(() => store.interfaces.size === 4);
    expect(store.opens).toBe(2);
    expect(octets(store, 1)).toEqual([1, 2].map((n) => [n, 1, 1_000]));
  });

  it('answers questions while it owns the store', async () => {
    const store = new MemoryStore();
    const question = { check: 1, metric: 'traffic.in', from: T, to: T + MINUTE, step: null };
    const asked = (kind: string, body: unknown) => ask(redis, keys, kind, body, { timeoutMs: 5_000 });
    await expect(asked('series', question)).rejects.toMatchObject({ code: 'nobody' });
    await record(store);
    await send(0);
    await send(1);
    await waitFor(() => store.interfaces.size === 2);
    expect(await asked('series', question)).toEqual({ step: 60_000, source: 'raw', points: [[1, 2, 3, 4]] });
    await expect(asked('series', { ...question, metric: 'colour' })).rejects.toMatchObject({ code: 'invalid' });
    expect(await asked('latest', { checks: [2, 99] })).toEqual([
      { check: 2, at: T + MINUTE, span: MINUTE, speed: 1_000, status: 0x11, increments: Array.from({ length: 12 }, () => 2_000) },
    ]);
    const order = { samples: 'icmp', format: 'csv', from: 0, to: 1, checks: null, file: '/tmp/out.csv' };
    await expect(asked('export', order)).rejects.toMatchObject({ code: 'export-failed', message: '"/tmp/out.csv" is there already' });
    store.fault = 'away';
    await expect(asked('series', question)).rejects.toMatchObject({ code: 'failed' });
  });

  it('takes up again when Redis was away', async () => {
    const store = new MemoryStore();
    const recorder = await record(store);
    await send(0);
    await waitFor(() => store.stored.size === 1);
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await send(1);
    await waitFor(() => store.interfaces.size === 2);
    await waitFor(() => recorder.health().status === 'ok');
  });
});
