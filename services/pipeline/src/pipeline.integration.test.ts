import { CONFIRMED, type StreamEntry, VERDICT } from '@beacontower/contracts';
import { acquireLeases, type Database, dispatchLog, FencedOut, readLog, readTransitions } from '@beacontower/database';
import type { MonitoredObject, State } from '@beacontower/domain';
import { appendEntries, createKeys, createRedis, packInt32, packUint8, packUint32 } from '@beacontower/queue';
import { createLogger, createRegistry } from '@beacontower/runtime';
import { FakeClock, programsPresent, startDatabase, startRedis, type TestDatabase, type TestServer, waitFor } from '@beacontower/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPipeline } from './app.ts';
import { commitUnits } from './commit.ts';
import { HeldPartition } from './judge.ts';
import { objectOf } from './partition.fixture.ts';
import { Partition } from './partition.ts';

const SHARD = '0.main.icmp.10000';
const START = 1_800_000_000_000;
const keys = createKeys('test');
const STREAM = keys.observations(0);

describe.runIf(programsPresent('redis-server'))('the pipeline on real stores', () => {
  let postgres: TestDatabase;
  let redisServer: TestServer;
  let database: Database;
  let redis: Redis;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    [postgres, redisServer] = await Promise.all([startDatabase(), startRedis()]);
    ({ database } = postgres);
    redis = createRedis(redisServer.url, () => undefined);
  });
  afterAll(async () => {
    redis.disconnect();
    await Promise.all([postgres.stop(), redisServer.stop()]);
  });
  beforeEach(async () => {
    await redis.flushall();
    await database.query(
      'TRUNCATE leases, partition_states, transitions, current_states, log, accounting_months, accounting_days, inventory RESTART IDENTITY',
    );
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  function objects(count: number): { objects: MonitoredObject[]; keys: Map<string, number> } {
    const list = Array.from({ length: count }, (_, index) => objectOf(`n:o${index + 1}`));
    return { objects: list, keys: new Map(list.flatMap((object) => object.checks).map((check, index) => [check.id, index + 1])) };
  }

  async function start(
    inventory: { version: number; objects: MonitoredObject[]; keys: Map<string, number> },
    instance = 'one',
    quiet = { quietSayMs: 0, quietCommitMs: 0 },
  ) {
    const blockingRedis = createRedis(redisServer.url, () => undefined);
    const pipeline = createPipeline(
      { instance, ...quiet, inventoryLookMs: 0, leaseTtlMs: 2_000, streamMarginMs: 0 },
      {
        database,
        redis,
        blockingRedis,
        keys,
        partitions: 1,
        inventory: { load: async () => ({ ...inventory }), version: async () => inventory.version },
        clock: new FakeClock(START + 3_600_000),
        logger: createLogger({ name: 'test', level: 'fatal' }),
        registry: createRegistry({}, false),
      },
    );
    await pipeline.start();
    let stopped = false;
    const stop = async () => {
      if (stopped) return;
      stopped = true;
      await pipeline.stop();
      blockingRedis.disconnect();
    };
    stops.push(stop);
    return { stop };
  }

  async function committed(id: string) {
    await waitFor(async () => (await database.query('SELECT 1 FROM partition_states WHERE stream_offset = $1', [id])).rows.length === 1, {
      what: `the commit of entry ${id}`,
      timeoutMs: 20_000,
    });
  }

  async function append(entries: StreamEntry[]): Promise<string> {
    return (await appendEntries(redis, STREAM, entries)).at(-1) as string;
  }

  async function story(subject: string): Promise<[State, number, number][]> {
    const found = await readTransitions(database, [subject], 0, Number.MAX_SAFE_INTEGER);
    return (found.get(subject) ?? []).map((item) => [item.to, item.edge.earliest - START, item.edge.latest - START]);
  }

  test('observations become transitions, states, log rows, verdicts and an offset, all committed', async () => {
    await start({ version: 1, ...objects(2) });
    const last = await append([round(0, { 1: 'up', 2: 'up' }), closed(0), round(10_000, { 1: 'up', 2: 'down' }), closed(10_000)]);
    await committed(last);
    expect(await story('n:o2')).toEqual([
      ['up', 1_100, 1_100],
      ['down', 600, 11_100],
    ]);
    expect(await redis.hgetall(keys.verdicts(0))).toEqual({ '2': 'down' });
    await database.transaction((tx) => dispatchLog(tx, 100));
    const log = await readLog(database, 0, 100);
    expect(log.map((entry) => [entry.sequence, entry.kind, entry.subject])).toEqual([
      [1, 'state', 'n:o1'],
      [2, 'state', 'n:o2'],
      [3, 'state', 'n:o2'],
    ]);
    const watermark = await database.query('SELECT watermark FROM partition_states');
    expect(watermark.rows[0]?.watermark).toBe(START + 20_000);
  });

  test('while nothing changes it is said how far is judged, and the snapshot rests; after a crash that stretch is judged again', async () => {
    const quiet = { quietSayMs: 0, quietCommitMs: 3_600_000 };
    await start({ version: 1, ...objects(1) }, 'one', quiet);
    const told = await append([round(0, { 1: 'up' }), closed(0)]);
    await committed(told);
    const last = await append([round(10_000, { 1: 'up' }), closed(10_000)]);
    const judged = async () =>
      (await database.query('SELECT stream_offset, judged_offset, watermark FROM partition_states')).rows[0] as Record<string, unknown>;
    await waitFor(async () => (await judged()).judged_offset === last, { what: 'the word about the quiet stretch' });
    expect(await judged()).toEqual({ stream_offset: told, judged_offset: last, watermark: START + 20_000 });
    // Another takes over without the first having stopped in order.
    await database.query("UPDATE leases SET holder = 'gone', expires_at = clock_timestamp()");
    await start({ version: 1, ...objects(1) }, 'two', quiet);
    await append([round(20_000, { 1: 'down' }), closed(20_000)]);
    await waitFor(async () => (await story('n:o1')).length === 2, { what: 'the outage', timeoutMs: 20_000 });
    expect(await story('n:o1')).toEqual([
      ['up', 1_100, 1_100],
      ['down', 10_600, 21_100],
    ]);
  });

  test('ten minutes of a dead pipeline: what it finds afterwards is what it would have seen, no unknown invented, none hidden', async () => {
    const entries: StreamEntry[] = [];
    for (let tick = 0; tick < 660_000; tick += 10_000) {
      const cut = tick >= 200_000 && tick < 320_000;
      const nobodyLooked = tick >= 450_000 && tick < 500_000;
      if (!nobodyLooked) entries.push(round(tick, { 1: cut ? 'down' : 'up' }));
      entries.push(closed(tick));
    }
    const first = await start({ version: 1, ...objects(1) });
    await committed(await append(entries.slice(0, 10)));
    await first.stop();
    const last = await append(entries.slice(10));
    await start({ version: 1, ...objects(1) }, 'two');
    await committed(last);
    expect(await story('n:o1')).toEqual([
      ['up', 1_100, 1_100],
      ['down', 190_600, 201_100],
      ['up', 310_600, 321_100],
      ['unknown', 440_600, 450_000],
      ['up', 501_100, 501_100],
    ]);
  });

  test('a change of the inventory of which no entry tells is found, and a lost verdict board is written again', async () => {
    const inventory = { version: 1, ...objects(1) };
    await start(inventory);
    await committed(await append([round(0, { 1: 'up', 2: 'up' }), closed(0)]));
    Object.assign(inventory, { version: 2, ...objects(2) });
    await waitFor(
      async () => {
        await append([round(10_000 + (await redis.xlen(STREAM)) * 10, { 1: 'up', 2: 'down' })]);
        return (await story('n:o2')).at(-1)?.[0] === 'down';
      },
      { what: 'the new object to be judged' },
    );
    await waitFor(async () => (await redis.hlen(keys.verdicts(0))) === 1, { what: 'the verdict' });
    await redis.del(keys.verdicts(0));
    await append([round(200_000, { 1: 'up', 2: 'down' })]);
    await waitFor(async () => (await redis.hget(keys.verdicts(0), '2')) === 'down', { what: 'the verdict to be there again' });
  });

  test('entries judged twice (a replay from an older offset, a round taken twice) say nothing twice', async () => {
    await start({ version: 1, ...objects(1) });
    const rounds = [round(0, { 1: 'up' }), round(10_000, { 1: 'down' })];
    await committed(await append([...rounds, ...rounds, round(20_000, { 1: 'down' }), ...rounds]));
    expect((await story('n:o1')).map(([state]) => state)).toEqual(['up', 'down']);
  });

  test('a holder that lost its lease commits nothing', async () => {
    const { objects: list, keys: checkKeys } = objects(1);
    const [lease] = await acquireLeases(database, ['partition-0'], 'old', 1);
    if (!lease) throw new Error('no lease');
    const held = new HeldPartition(lease, new Partition(0, { objects: list, keys: checkKeys, agents: new Map() }, null), null, START, 1);
    held.partition.process(round(0, { 1: 'up' }));
    await waitFor(async () => (await acquireLeases(database, ['partition-0'], 'new', 60_000)).length === 1, { what: 'the take-over' });
    const unit = {
      held,
      effects: held.partition.takeEffects(),
      snapshot: Buffer.from(''),
      watermark: 0,
      agentsWatermark: null,
      offset: '1-1',
    };
    await expect(commitUnits(database, [unit], START)).rejects.toBeInstanceOf(FencedOut);
    expect(await story('n:o1')).toEqual([]);
  });

  test('a look is answered by the first observation at or after the moment asked for, changed or not', async () => {
    await start({ version: 1, ...objects(1) });
    const ask: StreamEntry = { type: 'look', object: 'n:o1', after: START + 15_000, requestedAt: START };
    await committed(
      await append([round(0, { 1: 'up' }), ask, round(10_000, { 1: 'up' }), round(20_000, { 1: 'up' }), round(30_000, { 1: 'up' })]),
    );
    const looked = await database.query("SELECT body FROM log WHERE kind = 'looked'");
    expect(looked.rows.map((row) => row.body)).toEqual([
      { object: 'n:o1', state: 'up', after: START + 15_000, observedAt: START + 20_000 },
    ]);
  });

  test('a blind vantage makes unknown, never down, and a change of inventory retires what left it', async () => {
    const inventory = { version: 1, ...objects(2) };
    await start(inventory);
    await committed(await append([round(0, { 1: 'up', 2: 'up' }), blind(10_000), closed(10_000), blind(20_000), closed(20_000)]));
    expect(await story('n:o1')).toEqual([
      ['up', 1_100, 1_100],
      ['unknown', 600, 10_000],
    ]);
    await committed(await append([round(30_000, { 1: 'up', 2: 'up' })]));
    inventory.version = 2;
    inventory.objects = inventory.objects.slice(0, 1);
    await committed(await append([{ type: 'inventory', version: 2 }, round(40_000, { 1: 'up', 2: 'down' })]));
    const states = await database.query("SELECT subject, state, reason FROM current_states WHERE subject_kind = 'object' ORDER BY subject");
    expect(states.rows).toEqual([
      { subject: 'n:o1', state: 'up', reason: 'replied' },
      { subject: 'n:o2', state: 'unknown', reason: 'retired' },
    ]);
  });

  test('PostgreSQL killed in mid-run: nothing acknowledged is lost, nothing is told twice', async () => {
    await start({ version: 1, ...objects(1) });
    await committed(await append([round(0, { 1: 'up' })]));
    await postgres.server.kill();
    const last = await append([round(10_000, { 1: 'down' }), round(20_000, { 1: 'up' })]);
    await postgres.server.start();
    await committed(last);
    expect((await story('n:o1')).map(([state]) => state)).toEqual(['up', 'down', 'up']);
  });

  test('garbage in the stream is counted and stepped over', async () => {
    await start({ version: 1, ...objects(1) });
    await redis.xadd(STREAM, '*', 'e', 'not msgpack');
    await redis.xadd(STREAM, '*', 'other', 'field');
    await committed(await append([round(0, { 1: 'up', 77: 'down' })]));
    expect((await story('n:o1')).map(([state]) => state)).toEqual(['up']);
  });
});

function round(tick: number, verdicts: Record<number, 'up' | 'down'>): StreamEntry {
  const checks = Object.keys(verdicts).map(Number);
  return {
    type: 'observations',
    shard: SHARD,
    planVersion: 1,
    tick: START + tick,
    startedAt: START + tick,
    endedAt: START + tick + 1_700,
    collector: 'test',
    vantage: 'seeing',
    clockUncertaintyMs: 0,
    checks: packUint32(checks),
    verdicts: packUint8(checks.map((check) => (verdicts[check] === 'down' ? VERDICT.down : VERDICT.up) | CONFIRMED)),
    first: packInt32(checks.map(() => 1_100)),
    last: packInt32(checks.map(() => 600)),
  };
}

function blind(tick: number): StreamEntry {
  const none = new Uint8Array();
  return {
    ...(round(tick, {}) as Extract<StreamEntry, { type: 'observations' }>),
    vantage: 'blind',
    checks: none,
    verdicts: none,
    first: none,
    last: none,
  };
}

function closed(tick: number): StreamEntry {
  return { type: 'closed', shard: SHARD, intervalMs: 10_000, fromTick: START + tick, toTick: START + tick };
}
