/** The sample store is killed for a while under load: what judges goes on, samples wait within their budget, and come back. */
import type { IcmpSampleBatch, TickClosed } from '@beacontower/contracts';
import { createDatabase, type Database, migrate } from '@beacontower/database';
import { appendEntries, appendSamples, createKeys, createRedis, packUint16, packUint32 } from '@beacontower/queue';
import { type Component, createLogger, createRegistry, SystemClock } from '@beacontower/runtime';
import { batchOf, programsPresent, same, startInfluxd, startPostgres, startRedis, type TestServer, waitFor } from '@beacontower/testing';
import { createInfluxStore } from '@beacontower/timeseries';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecorder } from './app.ts';

const keys = createKeys('test');
const logger = createLogger({ name: 'test', level: 'silent' });
const TARGETS = 200;
const PORTS = 100;
/** Holds some seconds of the load below. */
const BUDGET = 400_000;
const EVERY_MS = 20;

const ping = (at: number): IcmpSampleBatch => ({
  type: 'icmp',
  shard: '0.centre.icmp.1000',
  tick: at,
  startedAt: at,
  checks: packUint32(Array.from({ length: TARGETS }, (_, i) => 10_001 + i)),
  sent: packUint16(new Uint16Array(TARGETS).fill(3)),
  received: packUint16(new Uint16Array(TARGETS).fill(3)),
  rttMin: packUint32(new Uint32Array(TARGETS).fill(900)),
  rttAvg: packUint32(new Uint32Array(TARGETS).fill(1_000)),
  rttMax: packUint32(new Uint32Array(TARGETS).fill(1_100)),
  jitter: packUint32(new Uint32Array(TARGETS).fill(10)),
});
const closed = (at: number): TickClosed => ({ type: 'closed', shard: '0.centre.icmp.1000', intervalMs: 1_000, fromTick: at, toTick: at });

describe.runIf(programsPresent('redis-server', 'influxd'))('an outage of InfluxDB', { timeout: 120_000 }, () => {
  let servers: TestServer[];
  let influx: TestServer;
  let database: Database;
  let redis: Redis;
  let recorder: Component;
  const connections: Redis[] = [];
  const registry = createRegistry({ process: 'test' }, false);

  beforeAll(async () => {
    servers = await Promise.all([startPostgres(), startRedis(), startInfluxd()]);
    const [postgres, redisServer] = servers as [TestServer, TestServer, TestServer];
    influx = servers[2] as TestServer;
    await migrate(postgres.url);
    database = createDatabase({ url: postgres.url, applicationName: 'test', onError: () => undefined });
    const connect = () => {
      const connection = createRedis(redisServer.url, () => undefined);
      connections.push(connection);
      return connection;
    };
    redis = connect();
    const clock = new SystemClock();
    recorder = createRecorder(
      { instance: 'test/store', collectMs: 200, blockMs: 50, firstRetryMs: 100, longestRetryMs: 500, lookMs: 100 },
      {
        database,
        redis,
        connectRedis: connect,
        keys,
        partitions: 1,
        store: createInfluxStore({ url: influx.url, timeoutMs: 5_000 }, { logger, clock }),
        clock,
        logger,
        registry,
      },
    );
    await recorder.start();
  });
  afterAll(async () => {
    await recorder?.stop();
    for (const connection of connections) connection.disconnect();
    await database?.close();
    await Promise.all((servers ?? []).map((server) => server.stop()));
  });

  async function counted(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const values = (await registry.getSingleMetric(`beacontower_${name}`)?.get())?.values ?? [];
    return values
      .filter((each) => Object.entries(labels).every(([label, value]) => (each.labels as Record<string, unknown>)[label] === value))
      .reduce((sum, { value }) => sum + value, 0);
  }
  async function stored(query: string): Promise<number> {
    const answer = await fetch(`${influx.url}/query?db=beacontower&q=${encodeURIComponent(query)}`);
    const body = (await answer.json()) as { results?: { series?: { values?: number[][] }[] }[] };
    return body.results?.[0]?.series?.[0]?.values?.[0]?.[1] ?? 0;
  }

  it('delays no observation; samples come back by themselves, and what the budget took is counted', async () => {
    const sent = { observations: 0, icmp: 0, polls: 0 };
    let isLoading = true;
    let slowest = 0;
    const base = Date.now() - 3_600_000;
    const load = (async () => {
      for (let n = 0; isLoading; n++) {
        const began = performance.now();
        await appendEntries(redis, keys.observations(0), [closed(base + n * 1_000)]);
        slowest = Math.max(slowest, performance.now() - began);
        sent.observations++;
        await appendSamples(redis, keys.samples(0), ping(base + n * 1_000), BUDGET);
        sent.icmp++;
        const row = (check: number) => ({ check, uptime: 1_000_000 + n * 100, counters: same(BigInt(n) * 1_000n) });
        const poll = batchOf(
          base + n * 1_000,
          Array.from({ length: PORTS }, (_, i) => row(i + 1)),
        );
        await appendSamples(redis, keys.samples(0), poll, BUDGET);
        sent.polls++;
        await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      }
    })();

    await waitFor(async () => (await counted('recorder_rows_total')) > 10_000, { timeoutMs: 30_000 });
    expect(recorder.health()).toEqual({ status: 'ok', detail: 'influxdb' });
    await influx.kill();
    await waitFor(() => recorder.health().status === 'degraded', { timeoutMs: 30_000 });
    const before = sent.observations;
    await waitFor(async () => (await counted('samples_dropped_total')) > 20, { timeoutMs: 60_000 });
    expect(sent.observations).toBeGreaterThan(before);
    expect(await counted('recorder_entries_behind')).toBeGreaterThan(0);

    await influx.start();
    await waitFor(() => recorder.health().status === 'ok', { timeoutMs: 60_000 });
    const rows = await counted('recorder_rows_total');
    await waitFor(async () => (await counted('recorder_rows_total')) > rows + 5_000, { timeoutMs: 30_000 });
    isLoading = false;
    await load;
    await waitFor(async () => (await counted('recorder_entries_behind')) === 0 && (await counted('recorder_lag_milliseconds')) === 0);

    expect(await redis.xlen(keys.observations(0))).toBe(sent.observations);
    expect(slowest).toBeLessThan(5_000);
    // Every batch that was sent is stored or counted as lost, none is both.
    const taken = await counted('recorder_batches_total');
    const lost = await counted('samples_dropped_total');
    expect(taken + lost).toBe(sent.icmp + sent.polls);
    expect(await stored('SELECT count("sent") FROM "icmp"')).toBe((await counted('recorder_batches_total', { samples: 'icmp' })) * TARGETS);
    // What was counted over the gap is whole: the increments of a port make up all that passed through it.
    expect(await stored(`SELECT sum("inOctets") FROM "interface" WHERE "check" = '7'`)).toBe((sent.polls - 1) * 1_000);
  });
});
