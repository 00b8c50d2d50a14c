import { SelfReport } from '@beacontower/contracts';
import { createDatabase, type Database, migrate } from '@beacontower/database';
import { closeTicks, createKeys, createRedis, createVitals } from '@beacontower/queue';
import { type Component, counter, createLogger, createRegistry, type Health, SystemClock } from '@beacontower/runtime';
import {
  programsPresent,
  startPostgres,
  startRedis,
  startWebhookReceiver,
  type TestServer,
  type WebhookReceiver,
  waitFor,
} from '@beacontower/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWatchdog } from './watchdog.ts';

const keys = createKeys('test');
const ROLES = ['scheduler', 'collector-icmp', 'collector-snmp', 'pipeline', 'alerting', 'api'];
const SHARD = '0.centre.icmp.1000';
const clock = new SystemClock();
const logger = createLogger({ name: 'test', level: 'silent' });

describe.runIf(programsPresent('redis-server'))('the watchdog, with a real Redis, PostgreSQL and receiver of heartbeats', () => {
  let server: TestServer;
  let postgres: TestServer;
  let database: Database;
  let redis: Redis;
  let receiver: WebhookReceiver;
  const running: Component[] = [];
  const working = new Set<NodeJS.Timeout>();

  beforeAll(async () => {
    [server, postgres, receiver] = await Promise.all([startRedis(), startPostgres(), startWebhookReceiver()]);
    await migrate(postgres.url);
    database = createDatabase({ url: postgres.url, applicationName: 'test', maxConnections: 4, onError: () => undefined });
    await database.query("INSERT INTO node_identity (node, incarnation, partitions, created_at) VALUES ('bj', gen_random_uuid(), 1, 0)");
  });
  afterAll(async () => {
    await database.close();
    await Promise.all([server.stop(), postgres.stop(), receiver.stop()]);
  });
  beforeEach(async () => {
    redis = createRedis(server.url, () => undefined);
    await redis.flushall();
    await redis.hset(keys.plans, SHARD, 1);
    receiver.clear();
    receiver.otherwise({ status: 200 });
  });
  afterEach(async () => {
    for (const timer of working) clearInterval(timer);
    working.clear();
    await Promise.all(running.splice(0).map((component) => component.stop()));
    redis.disconnect();
  });

  /** A process of the node as the watchdog sees it: what it says of itself, and what it does once a quarter of a second. */
  async function process(roles: string[], work: (registry: ReturnType<typeof createRegistry>) => Promise<void>) {
    const registry = createRegistry({ process: roles.join('+') }, false);
    const said: { health: Health } = { health: { status: 'ok' } };
    const vitals = createVitals({
      redis,
      keys,
      clock,
      logger,
      registry,
      instance: `main/${roles.join('+')}`,
      roles: () => roles.map((name) => ({ name, health: said.health })),
    });
    await vitals.start();
    running.push(vitals);
    const timer = setInterval(() => void work(registry).catch(() => undefined), 250);
    working.add(timer);
    return {
      said,
      async die() {
        clearInterval(timer);
        running.splice(running.indexOf(vitals), 1);
        await vitals.stop();
      },
    };
  }

  async function node() {
    const schedule = await process(['scheduler'], async (registry) => {
      counter(registry, 'scheduler_rounds_due', 'due', ['kind', 'zone']).inc({ kind: 'icmp', zone: 'centre' });
      const tick = Math.floor(Date.now() / 1_000) * 1_000 - 2_000;
      await closeTicks(redis, keys, [{ type: 'closed', shard: SHARD, intervalMs: 1_000, fromTick: tick, toTick: tick, partition: 0 }]);
    });
    const collect = await process(['collector-icmp'], async (registry) => {
      counter(registry, 'icmp_rounds', 'rounds', ['result', 'zone']).inc({ result: 'taken', zone: 'centre' });
    });
    const judge = await process(['pipeline', 'alerting', 'api'], async () => {
      const [last] = await redis.xrevrange(keys.observations(0), '+', '-', 'COUNT', 1);
      await database.query(
        `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, $1, '', 0, $2)
         ON CONFLICT (partition) DO UPDATE SET stream_offset = excluded.stream_offset, saved_at = excluded.saved_at`,
        [last?.[0] ?? '0', Date.now()],
      );
    });
    return { schedule, collect, judge };
  }

  async function watch(path: string, settings: { failUrl?: string; method?: 'POST' | 'GET' } = {}): Promise<Component> {
    const watchdog = createWatchdog(
      {
        instance: 'main/serve',
        roles: ROLES,
        dataDirectory: '/',
        everyMs: 200,
        windowMs: 3_000,
        askMs: 1_000,
        heartbeat: {
          url: `${receiver.url}${path}`,
          failUrl: settings.failUrl ?? null,
          intervalMs: 200,
          method: settings.method ?? 'POST',
          timeoutMs: 500,
        },
      },
      { redis, keys, database, clock, logger, registry: createRegistry({ process: 'watchdog' }, false) },
    );
    running.push(watchdog);
    await watchdog.start();
    return watchdog;
  }

  const report = async () => SelfReport.parse(JSON.parse((await redis.hget(keys.self, 'main/serve')) ?? '{}'));
  const beats = (path: string) => receiver.received.filter((request) => request.path === path).length;
  /** Waits until no beat has come for six intervals. */
  async function silence(path: string) {
    let heard = -1;
    let since = performance.now();
    await waitFor(
      () => {
        if (beats(path) !== heard) [heard, since] = [beats(path), performance.now()];
        return performance.now() - since > 1_200;
      },
      { timeoutMs: 30_000, what: 'the heartbeat to stop' },
    );
    return heard;
  }

  it('beats while everything works, and shows why', async () => {
    await node();
    await watch('/ping/secret-of-the-address');
    const beat = await receiver.waitFor(({ path }) => path === '/ping/secret-of-the-address', { timeoutMs: 20_000 });
    expect(beat.json).toMatchObject({ status: 'ok', node: 'bj', findings: [] });
    const said = await report();
    expect(said).toMatchObject({ status: 'ok', node: 'bj', findings: [], heartbeat: { intervalMs: 200 } });
    expect(said.facts?.rounds[0]).toMatchObject({ kind: 'icmp', zone: 'centre', blind: 0, missed: 0 });
    expect(said.facts?.rounds[0]?.run).toBeGreaterThan(0);
    // No plan of SNMP: its collector is not missed.
    expect(said.facts?.silentRoles).toEqual([]);
    expect(said.facts?.queues?.map(({ queue }) => queue)).toEqual(['rounds-icmp-centre', 'deliveries']);
    expect(JSON.stringify(said)).not.toContain('secret-of-the-address');
  });

  it('stops when the collector is dead, says so, and resumes', async () => {
    const { collect } = await node();
    await watch('/ping');
    await waitFor(() => beats('/ping') > 0, { timeoutMs: 20_000 });
    await collect.die();
    const heard = await silence('/ping');
    expect((await report()).findings).toMatchObject([{ code: 'role-silent', severity: 'critical', subject: 'collector-icmp' }]);
    await process(['collector-icmp'], async (registry) => {
      counter(registry, 'icmp_rounds', 'rounds', ['result', 'zone']).inc({ result: 'taken', zone: 'centre' });
    });
    await waitFor(() => beats('/ping') > heard, { timeoutMs: 20_000, what: 'the heartbeat to resume' });
  });

  it('stops when ticks stop though every process says that it is well, and tells the address for failures', async () => {
    const { schedule } = await node();
    await watch('/ping', { failUrl: `${receiver.url}/ping/fail` });
    await waitFor(() => beats('/ping') > 0, { timeoutMs: 20_000 });
    await schedule.die();
    await process(['scheduler'], async () => undefined);
    const failure = await receiver.waitFor(({ path, json }) => path === '/ping/fail' && JSON.stringify(json).includes('ticks-overdue'), {
      timeoutMs: 40_000,
      what: 'the failure to be told',
    });
    expect(failure.json).toMatchObject({ status: 'failed', node: 'bj', findings: [{ severity: 'critical' }] });
    const heard = beats('/ping');
    await silence('/ping');
    expect(beats('/ping')).toBe(heard);
  }, 60_000);

  it('stops when Redis is gone, and resumes when it is back', async () => {
    await node();
    await watch('/ping');
    await waitFor(() => beats('/ping') > 0, { timeoutMs: 20_000 });
    await server.kill();
    const heard = await silence('/ping');
    await server.start();
    await redis.hset(keys.plans, SHARD, 1);
    await waitFor(() => beats('/ping') > heard, { timeoutMs: 30_000, what: 'the heartbeat to resume' });
  }, 90_000);

  it.each<[string, Parameters<WebhookReceiver['otherwise']>[0], RegExp]>([
    ['answers with an error', { status: 500 }, /refused: answered 500/],
    ['redirects', { status: 302 }, /redirects are not followed/],
    ['never answers', 'hang', /no answer within 500 ms/],
    ['breaks the connection', 'reset', /not sent/],
  ])('goes on when the receiver %s, and says so without its address', async (_, answer, words) => {
    receiver.otherwise(answer);
    await node();
    const watchdog = await watch('/ping/secret', { method: 'GET' });
    const health = await waitFor(() => watchdog.health().status === 'degraded' && watchdog.health(), { timeoutMs: 20_000 });
    expect(health.detail).toMatch(words);
    expect(health.detail).not.toContain('secret');
    receiver.otherwise({ status: 204 });
    await waitFor(() => watchdog.health().status === 'ok', { timeoutMs: 20_000, what: 'a beat that arrives' });
    expect(receiver.received.at(-1)?.raw).toBe('');
  });
});
