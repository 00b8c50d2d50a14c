import type { IcmpShardPlan } from '@beacontower/contracts';
import { acquireLeases, type Database } from '@beacontower/database';
import { DEFAULT_SNMP_POLICY, type IcmpPolicy, partitionOf } from '@beacontower/domain';
import { createKeys, createRedis, decodeEntry, parseShard, readPlan, readPlanVersions, roundsQueue, writePlans } from '@beacontower/queue';
import { type Component, createLogger, createRegistry, SystemClock } from '@beacontower/runtime';
import { programsPresent, startDatabase, startRedis, type TestDatabase, type TestServer, waitFor } from '@beacontower/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ScheduledInventory } from './inventory-source.ts';
import { createScheduler } from './scheduler.ts';

const keys = createKeys('test');
const INTERVAL = 400;
const POLICY: IcmpPolicy = {
  intervalMs: INTERVAL,
  probes: 1,
  periodMs: 50,
  timeoutMs: 100,
  confirmPasses: 0,
  downAfter: 1,
  upAfter: 1,
  unconfirmedDownAfter: 3,
  degradedLoss: 0.5,
  degradedAfter: 2,
  unknownAfter: 2,
};

const NOTHING_BY_SNMP = { agents: [], interfaces: [], credentials: new Map() };

function inventory(version: number, objects: number): ScheduledInventory {
  const checks = Array.from({ length: objects }, (_, i) => ({
    key: i + 1,
    objectId: `n:o${i}`,
    zone: 'main',
    address: `127.0.1.${i + 1}`,
    policy: POLICY,
    depth: 0,
  }));
  return { version, partitions: 2, checks, ...NOTHING_BY_SNMP, anchors: new Map([['main', ['127.0.0.1']]]) };
}

describe.runIf(programsPresent('redis-server'))('the scheduler, with a real PostgreSQL and Redis', () => {
  let postgres: TestDatabase;
  let server: TestServer;
  let database: Database;
  let redis: Redis;
  let watched: ScheduledInventory;
  const running: Component[] = [];

  beforeAll(async () => {
    [postgres, server] = await Promise.all([startDatabase(), startRedis({ durable: true })]);
    ({ database } = postgres);
    redis = createRedis(server.url, () => undefined);
  });
  afterAll(async () => {
    redis.disconnect();
    await Promise.all([postgres.stop(), server.stop()]);
  });
  beforeEach(async () => {
    await redis.flushall();
    await database.query('DELETE FROM leases');
    watched = inventory(1, 4);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((component) => component.stop()));
  });

  async function start(instance: string, load = async () => watched): Promise<Component> {
    const scheduler = createScheduler(
      { instance, leaseMs: 1_500, watchMs: 100 },
      {
        database,
        redis,
        redisUrl: server.url,
        keys,
        clock: new SystemClock(),
        logger: createLogger({ name: 'test', level: 'silent' }),
        registry: createRegistry({}, false),
        source: { version: async () => watched.version, load },
      },
    );
    running.push(scheduler);
    await scheduler.start();
    return scheduler;
  }

  /** Every tick closed so far, by shard, in the order of the streams. */
  async function closed(): Promise<Map<string, number[]>> {
    const ticks = new Map<string, number[]>();
    for (const partition of [0, 1]) {
      for (const [, fields] of await redis.xrangeBuffer(keys.observations(partition), '-', '+')) {
        const entry = decodeEntry(fields[1] ?? Buffer.alloc(0));
        if (entry.type !== 'closed') continue;
        expect(parseShard(entry.shard)?.partition).toBe(partition);
        const list = ticks.get(entry.shard) ?? [];
        for (let tick = entry.fromTick; tick <= entry.toTick; tick += entry.intervalMs) list.push(tick);
        ticks.set(entry.shard, list);
      }
    }
    return ticks;
  }
  const closedTicks = async () => [...(await closed()).values()].map((list) => list.length);
  const jobs = () => redis.llen(`${keys.bull}:${roundsQueue('icmp', 'main')}:wait`);
  function expectContiguous(ticks: ReadonlyMap<string, number[]>): void {
    for (const list of ticks.values()) expect(list).toEqual(list.map((_, i) => (list[0] ?? 0) + i * INTERVAL));
  }

  it('is starting until it has published plans, and unwell while it cannot', async () => {
    let refuses = true;
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const scheduler = await start('main/a', async () => {
      asked();
      if (refuses) throw new Error('an inventory that cannot be read');
      return watched;
    });
    expect(scheduler.health().status).toBe('starting');
    await isAsked;
    await waitFor(() => scheduler.health().status === 'degraded', { what: 'the scheduler to be unwell' });
    refuses = false;
    await waitFor(() => scheduler.health().status === 'ok', { what: 'the scheduler to be well' });
  });

  it('writes plans, adds a round for each tick and closes each tick once', async () => {
    await start('a');
    await waitFor(async () => (await closedTicks()).length === 2 && (await closedTicks()).every((count) => count >= 3), {
      what: 'closed ticks',
    });
    const ticks = await closed();
    expectContiguous(ticks);
    expect([...(await readPlanVersions(redis, keys)).keys()].sort()).toEqual([...ticks.keys()].sort());
    expect((await readPlan(redis, keys, '0.main.icmp.400'))?.checks.length).toBeGreaterThan(0);
    const ids = await redis.lrange(`${keys.bull}:${roundsQueue('icmp', 'main')}:wait`, 0, -1);
    for (const [shard, list] of ticks) for (const tick of list) expect(ids).toContain(`${shard}.${tick}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('runs and closes rounds of SNMP beside those of ICMP, on a queue of their own', async () => {
    const agents = [1, 2, 3, 4].map((i) => ({
      key: 10 + i,
      objectId: `n:o${i}`,
      zone: 'main',
      address: `127.0.1.${i}`,
      port: 161,
      credential: 'c',
      policy: { ...DEFAULT_SNMP_POLICY, intervalMs: INTERVAL },
      depth: 0,
      digest: null,
    }));
    const interfaces = [{ key: 20, objectId: 'n:o1/Gi1', device: 'n:o1', ifName: 'Gi1' }];
    watched = { ...watched, agents, interfaces, credentials: new Map([['c', { version: '2c' as const, sealed: 'v1.sealed' }]]) };
    await start('a');
    await waitFor(async () => (await closedTicks()).length === 4 && (await closedTicks()).every((count) => count >= 2), {
      what: 'closed ticks',
    });
    const ticks = await closed();
    expectContiguous(ticks);
    expect([...ticks.keys()].sort()).toEqual(['0.main.icmp.400', '0.main.snmp.400', '1.main.icmp.400', '1.main.snmp.400']);
    const ids = await redis.lrange(`${keys.bull}:${roundsQueue('snmp', 'main')}:wait`, 0, -1);
    for (const shard of ['0.main.snmp.400', '1.main.snmp.400'])
      for (const tick of ticks.get(shard) ?? []) expect(ids).toContain(`${shard}.${tick}`);
    const asked = `${partitionOf('n:o1', 2)}.main.snmp.400`;
    expect(await readPlan(redis, keys, asked)).toMatchObject({
      kind: 'snmp',
      credentials: [{ id: 'c', sealed: 'v1.sealed' }],
      devices: expect.arrayContaining([expect.objectContaining({ device: 'n:o1', interfaces: [{ check: 20, name: 'Gi1' }] })]),
    });
    // Extra looks find their way by it.
    expect(await redis.hget(`${keys.plans}:checks`, '20')).toBe(asked);
  });

  it('leaves the work to one of two, and the other takes over without a gap in what is closed', async () => {
    const first = await start('a');
    await waitFor(() => first.health().detail === 'active', { what: 'the first to be active' });
    const second = await start('b');
    await waitFor(async () => (await closedTicks()).some((count) => count >= 2), { what: 'closed ticks' });
    expect(second.health().detail).toBe('standing by');
    await first.stop();
    const before = await closedTicks();
    await waitFor(async () => (await closedTicks()).every((count, i) => count >= (before[i] ?? 0) + 4), { what: 'more closed ticks' });
    expect(second.health().detail).toBe('active');
    expectContiguous(await closed());
  });

  it('back-fills the ticks of its absence as closed, one entry a shard, and does not run them', async () => {
    const first = await start('a');
    await waitFor(async () => (await closedTicks()).length === 2 && (await closedTicks()).every((count) => count >= 1), {
      what: 'closed ticks',
    });
    await first.stop();
    // As if it had been away for a minute: marks set back by whole intervals.
    await redis.del(keys.observations(0), keys.observations(1));
    const away = 150 * INTERVAL;
    for (const shard of (await readPlanVersions(redis, keys)).keys()) {
      await redis.set(keys.closed(shard), Number(await redis.get(keys.closed(shard))) - away);
      await redis.hset(`${keys.plans}:added`, shard, Number(await redis.hget(`${keys.plans}:added`, shard)) - away);
    }
    const waiting = await jobs();
    await start('a');
    await waitFor(async () => (await closedTicks()).length === 2 && (await closedTicks()).every((count) => count >= 152), {
      what: 'closed ticks',
    });
    expectContiguous(await closed());
    expect((await jobs()) - waiting).toBeLessThan(30);
    const [[, fields] = ['', []]] = await redis.xrangeBuffer(keys.observations(0), '-', '+', 'COUNT', 1);
    const entry = decodeEntry(fields[1] ?? Buffer.alloc(0));
    if (entry.type !== 'closed') throw new Error('the first entry is no closed tick');
    expect(entry.toTick - entry.fromTick).toBeGreaterThanOrEqual(away - INTERVAL);
  });

  it('stops acting when another has taken the lease', async () => {
    const first = await start('a');
    await waitFor(() => first.health().detail === 'active', { what: 'the first to be active' });
    await database.query("UPDATE leases SET expires_at = '-infinity'");
    await acquireLeases(database, ['scheduler'], 'other', 60_000);
    await waitFor(() => first.health().detail === 'standing by', { what: 'the first to stand by' });
    const before = await jobs();
    // Nothing to wait for: that nothing happens can only be seen by letting time pass.
    await new Promise((resolve) => setTimeout(resolve, 3 * INTERVAL));
    expect(await jobs()).toBe(before);
  });

  it('goes on measuring while PostgreSQL is dead', async () => {
    const scheduler = await start('a');
    await waitFor(async () => (await closedTicks()).length === 2, { what: 'closed ticks' });
    await postgres.server.kill();
    try {
      await waitFor(() => scheduler.health().status === 'degraded', { what: 'the scheduler to notice' });
      const [before, closedBefore] = [await jobs(), await closedTicks()];
      // Longer than the lease lives.
      await waitFor(async () => (await jobs()) >= before + 10, { what: 'more rounds' });
      expect((await closedTicks()).every((count, i) => count > (closedBefore[i] ?? 0))).toBe(true);
    } finally {
      await postgres.server.start();
    }
    await waitFor(() => scheduler.health().detail === 'active', { what: 'the scheduler to be well' });
    expectContiguous(await closed());
  });

  it('closes what a dead Redis kept it from closing, once', async () => {
    await start('a');
    await waitFor(async () => (await closedTicks()).length === 2, { what: 'closed ticks' });
    await server.kill();
    await new Promise((resolve) => setTimeout(resolve, 4 * INTERVAL));
    await server.start();
    const before = await closedTicks();
    await waitFor(async () => (await closedTicks()).every((count, i) => count >= (before[i] ?? 0) + 6), { what: 'more closed ticks' });
    expectContiguous(await closed());
  });

  it('writes the plans again when Redis was emptied or another wrote over them', async () => {
    await start('a');
    await waitFor(async () => (await readPlanVersions(redis, keys)).size === 2, { what: 'plans' });
    const before = await readPlan(redis, keys, '0.main.icmp.400');
    await redis.flushall();
    await waitFor(async () => (await readPlanVersions(redis, keys)).size === 2, { what: 'the plans to be there again' });
    expect((await readPlan(redis, keys, '0.main.icmp.400'))?.checks).toEqual(before?.checks);
    expect(await redis.hlen(`${keys.plans}:checks`)).toBe(4);
    // What a scheduler that slept over its lease writes when it wakes up.
    await writePlans(redis, keys, {
      written: [{ ...(before as IcmpShardPlan), version: 2_000_000_000, checks: [], addresses: [], policy: [] }],
      removed: [],
      orphans: [],
    });
    await waitFor(async () => (await readPlan(redis, keys, '0.main.icmp.400'))?.checks.length === before?.checks.length, {
      what: 'the right plan',
    });
    expect((await readPlan(redis, keys, '0.main.icmp.400'))?.version).toBeGreaterThan(2_000_000_000);
  });

  it('follows the inventory: unchanged plans keep their version, vanished ones go', async () => {
    await start('a');
    await waitFor(async () => (await readPlanVersions(redis, keys)).size === 2, { what: 'plans' });
    const versions = await readPlanVersions(redis, keys);
    watched = { ...inventory(2, 4), checks: watched.checks.filter((check) => check.key !== 1) };
    await waitFor(async () => (await redis.hlen(`${keys.plans}:checks`)) === 3, { what: 'the check to be gone' });
    const after = await readPlanVersions(redis, keys);
    expect([...after].filter(([shard, version]) => versions.get(shard) === version)).toHaveLength(1);
    watched = inventory(3, 0);
    await waitFor(async () => (await readPlanVersions(redis, keys)).size === 0, { what: 'no plans' });
    expect(await redis.hlen(`${keys.plans}:checks`)).toBe(0);
    expect(await redis.keys(`${keys.plan('')}*`)).toEqual([]);
  });
});
