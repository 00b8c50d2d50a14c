/** Conditions on samples, states and restarts become incidents and end: against a real PostgreSQL and Redis, with a clock that is set. */
import type { ConditionBody } from '@beacontower/contracts';
import { type Database, FencedOut } from '@beacontower/database';
import { createKeys, createRedis } from '@beacontower/queue';
import { createLogger, createRegistry } from '@beacontower/runtime';
import { programsPresent, startDatabase, startRedis, type TestDatabase, type TestServer, waitFor } from '@beacontower/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConditions } from './app.ts';
import { BUSY, EVERYTHING, MINUTE, Scene, START } from './conditions.fixture.ts';

const minute = (n: number): number => START + n * MINUTE;

describe.runIf(programsPresent('redis-server'))('conditions', () => {
  let postgres: TestDatabase;
  let server: TestServer;
  let database: Database;
  let redis: Redis;
  let scene: Scene;

  beforeAll(async () => {
    [postgres, server] = await Promise.all([startDatabase(), startRedis()]);
    ({ database } = postgres);
    redis = createRedis(server.url, () => undefined);
    await redis.ping();
  });
  beforeEach(async () => {
    scene = await Scene.create(database, redis);
  });
  afterEach(() => {
    expect(scene.faults).toEqual([]);
  });
  afterAll(async () => {
    redis?.disconnect();
    await Promise.all([postgres?.stop(), server?.stop()]);
  });

  /** Polls of successive minutes, each judged when it came. */
  async function polls(from: number, ...values: readonly number[]): Promise<void> {
    for (const [index, value] of values.entries()) {
      await scene.poll(from + index, value);
      await scene.at(from + index);
    }
  }

  describe('on samples', () => {
    it('open one incident with what was found, which resolves when it is over', async () => {
      await scene.configure([BUSY]);
      await scene.at(0);
      await polls(1, 0, 0.85, 0.9, 0.85);
      expect(await scene.told()).toEqual(['busy bj:core/ge1 open']);
      const [opened] = await scene.incidents();
      expect(opened).toMatchObject({
        ...{ severity: 'major', title: '核心路由器 ge1 带宽利用率过高', division: 'cn', party: 'noc', class: 'backbone' },
        ...{ started_at: minute(2), started_earliest: minute(1), events: ['opened'], notices: ['opened'] },
        facts: { kind: 'condition', condition: 'busy', test: 'utilisation', raise: 0.8, clear: 0.7, side: 'above', forMs: 2 * MINUTE },
      });
      expect(opened?.facts.worst).toBeCloseTo(0.9, 6);
      await polls(5, 0.75, 0.6, 0.6, 0.75, 0.6, 0.5);
      expect(await scene.told()).toEqual(['busy bj:core/ge1 open']);
      await polls(11, 0.4);
      const [resolved] = await scene.incidents();
      expect(resolved).toMatchObject({
        state: 'resolved',
        resolved_at: minute(9),
        events: ['opened', 'resolved'],
        notices: ['opened', 'resolved'],
      });
      expect(resolved?.facts.value).toBeCloseTo(0.4, 6);
      const { rows: log } = await database.query(
        "SELECT body ->> 'change' AS change, body ->> 'kind' AS kind FROM log WHERE kind = 'incident' ORDER BY id",
      );
      expect(log).toEqual([
        { change: 'opened', kind: 'condition' },
        { change: 'resolved', kind: 'condition' },
      ]);
      expect((await database.query('SELECT 1 FROM condition_states')).rowCount).toBe(0);
    });

    it('come to the same through restarts at any moment, and nothing is told twice', async () => {
      await scene.configure([BUSY]);
      await scene.at(0);
      for (const [index, value] of [0, 0.85, 0.9, 0.85, 0.6, 0.6, 0.6, 0.85].entries()) {
        scene.restart();
        await scene.poll(1 + index, value);
        await scene.at(1 + index);
        scene.restart();
        await scene.at(1 + index);
      }
      expect(await scene.incidents()).toMatchObject([
        {
          state: 'resolved',
          started_at: minute(2),
          resolved_at: minute(5),
          events: ['opened', 'resolved'],
          notices: ['opened', 'resolved'],
        },
      ]);
      expect((await database.query<{ phase: string }>("SELECT body ->> 'phase' AS phase FROM condition_states")).rows).toEqual([
        { phase: 'rising' },
      ]);
    });

    it('are judged in the time of the samples when many wait: what was over by then was told and ended', async () => {
      await scene.configure([BUSY]);
      await scene.at(0);
      await scene.poll(1, 0);
      await scene.at(1);
      for (const [index, value] of [0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.9, 0.9, 0.9].entries()) await scene.poll(2 + index, value);
      await scene.at(11);
      expect(await scene.incidents()).toMatchObject([
        { state: 'resolved', started_at: minute(2), resolved_at: minute(5) },
        { state: 'open', started_at: minute(8) },
      ]);
    });

    it('are not cleared by silence, and not judged while the object is down: its outage says it', async () => {
      await scene.configure([BUSY]);
      await scene.state('bj:core/ge1', 'unknown', 'up', -1);
      await scene.at(0);
      await polls(1, 0, 0.9, 0.9, 0.9);
      await scene.at(60);
      expect(await scene.told()).toEqual(['busy bj:core/ge1 open']);
      await scene.state('bj:core/ge1', 'up', 'down', 61);
      await scene.at(61);
      await polls(62, 0, 0, 0, 0);
      expect(await scene.told()).toEqual(['busy bj:core/ge1 open']);
      await scene.state('bj:core/ge1', 'down', 'up', 66);
      await scene.at(66);
      await polls(67, 0, 0, 0);
      expect(await scene.told()).toEqual(['busy bj:core/ge1 resolved']);
    });

    it('below a limit are not raised by an interface that is not up', async () => {
      const quiet: ConditionBody = {
        ...BUSY,
        id: 'idle',
        forMs: 0,
        test: { on: 'samples', metric: 'utilisation', side: 'below', raise: 0.01, clear: 0.02 },
      };
      await scene.configure([quiet]);
      await scene.at(0);
      await polls(1, 0.5, 0.5);
      await scene.poll(3, 0, { status: 0x21 });
      await scene.at(3);
      expect(await scene.told()).toEqual([]);
      await polls(4, 0);
      expect(await scene.told()).toEqual(['idle bj:core/ge1 open', 'idle bj:core/ge2 open']);
    });

    it('on errors are shares of packets', async () => {
      const test = { on: 'samples', metric: 'errors', side: 'above', raise: 0.01, clear: 0.001 } as const;
      await scene.configure([{ ...BUSY, id: 'errors', test, forMs: 0, clearForMs: 0, where: { ...EVERYTHING, objects: ['bj:core/ge1'] } }]);
      await scene.at(0);
      await polls(1, 0, 0);
      await scene.poll(3, 0, { errors: 90 });
      await scene.at(3);
      expect(await scene.told()).toEqual([]);
      await scene.poll(4, 0, { errors: 110 });
      await scene.at(4);
      expect(await scene.told()).toEqual(['errors bj:core/ge1 open']);
      await polls(5, 0);
      expect(await scene.told()).toEqual(['errors bj:core/ge1 resolved']);
    });

    it('on loss and round-trip time take the worse family, and leave an object that does not reply at all to its outage', async () => {
      const on = (id: string, metric: 'loss' | 'rtt', raise: number): ConditionBody => ({
        ...{ ...BUSY, id, forMs: 0, clearForMs: 0, where: { ...EVERYTHING, kinds: ['device'] } },
        test: { on: 'samples', metric, side: 'above', raise, clear: raise },
      });
      await scene.configure([on('lossy', 'loss', 0.5), on('slow', 'rtt', 100)]);
      await scene.at(0);
      const round = async (at: number, ...families: Parameters<Scene['ping']> extends [number, ...infer F] ? F : never) => {
        await scene.ping(at, ...families);
        await scene.at(at);
        return scene.told();
      };
      expect(await round(1, [10, 20])).toEqual([]);
      expect(await round(2, [0, 0])).toEqual([]);
      expect(await round(3, [10, 20], [0, 0])).toEqual(['lossy bj:core open']);
      expect(await round(4, [10, 20], [10, 120])).toEqual(['lossy bj:core resolved', 'slow bj:core open']);
      expect(await round(5, [10, 20])).toEqual(['lossy bj:core resolved', 'slow bj:core resolved']);
    });

    it('that are configured later begin with what comes then', async () => {
      await scene.configure([]);
      await scene.at(0);
      for (const at of [1, 2, 3]) await scene.poll(at, 0.9);
      await scene.configure([{ ...BUSY, forMs: 0 }]);
      await scene.at(3);
      expect(await scene.told()).toEqual([]);
      await polls(4, 0.9);
      expect(await scene.incidents()).toMatchObject([{ started_at: minute(4) }]);
    });

    it('are judged while the sample store is down, and an entry that is no batch harms none', async () => {
      await scene.configure([{ ...BUSY, forMs: 0 }]);
      await scene.at(0);
      await scene.poll(1, 0);
      await redis.xadd('test:samples:0', '*', 'e', Buffer.from('nonsense'));
      await scene.poll(2, 0.9);
      await scene.at(2);
      expect(await scene.told()).toEqual(['busy bj:core/ge1 open']);
      expect(await scene.registry.metrics()).toContain('conditions_entries_undecodable_total 1');
    });
  });

  describe('on restarts', () => {
    const RESTARTED: ConditionBody = {
      ...{ ...BUSY, id: 'restarted', name: '设备重启', test: { on: 'restart' }, where: { ...EVERYTHING, kinds: ['device'] } },
      ...{ forMs: 0, clearForMs: 10 * MINUTE },
    };

    it('open one incident for those that follow each other, and none for a clock of a device that went on', async () => {
      await scene.configure([RESTARTED]);
      await scene.at(0);
      await scene.poll(1, 0);
      await scene.poll(2, 0);
      await scene.at(2);
      expect(await scene.told()).toEqual([]);
      await scene.poll(3, 0, { uptime: 0.5 });
      await scene.at(3);
      expect(await scene.incidents()).toMatchObject([
        { condition: 'restarted', cause_object: 'bj:core', state: 'open', started_at: minute(2.5), title: '核心路由器 设备重启' },
      ]);
      scene.restart();
      await scene.poll(4, 0, { uptime: 0.25 });
      await scene.at(4);
      await scene.poll(5, 0, { uptime: 1.25 });
      await scene.at(13);
      expect(await scene.told()).toEqual(['restarted bj:core open']);
      await scene.at(14);
      expect(await scene.incidents()).toMatchObject([{ state: 'resolved', resolved_at: minute(13.75) }]);
    });
  });

  describe('on states', () => {
    const DOWN: ConditionBody = {
      ...{ ...BUSY, id: 'port-down', name: '端口中断', test: { on: 'state', state: 'down' } },
      ...{ forMs: 5 * MINUTE, clearForMs: MINUTE, where: { ...EVERYTHING, kinds: ['interface'] } },
    };

    it('open incidents of interfaces that open none of their own, when they last', async () => {
      await scene.configure([DOWN]);
      await scene.state('bj:core/ge1', 'unknown', 'up', -10);
      await scene.state('bj:core/ge2', 'unknown', 'down', -10);
      await scene.at(0);
      expect(await scene.incidents()).toMatchObject([{ cause_object: 'bj:core/ge2', state: 'open', started_at: minute(-10) }]);
      await scene.state('bj:core/ge1', 'up', 'down', 1);
      await scene.at(5);
      scene.restart();
      await scene.at(5.9);
      expect((await scene.told()).length).toBe(1);
      await scene.at(6);
      expect(await scene.told()).toEqual(['port-down bj:core/ge2 open', 'port-down bj:core/ge1 open']);
      await scene.state('bj:core/ge1', 'down', 'unknown', 7);
      await scene.at(20);
      await scene.state('bj:core/ge1', 'unknown', 'up', 21);
      await scene.at(21.5);
      expect(await scene.told()).toContain('port-down bj:core/ge1 open');
      await scene.at(22);
      expect((await scene.incidents()).find(({ cause_object }) => cause_object === 'bj:core/ge1')).toMatchObject({
        state: 'resolved',
        resolved_at: minute(21),
      });
    });

    it('uptime-kuma 1089: are not told of what another outage explains, and are when it no longer does (librenms 20359)', async () => {
      await scene.configure([{ ...DOWN, id: 'down', where: { ...EVERYTHING, objects: ['bj:leaf'] }, forMs: 0 }]);
      await scene.at(0);
      await database.query(
        `INSERT INTO incidents (id, state, severity, cause_object, division, class, title, started_at, started_earliest, started_latest, opened_at)
         VALUES ('00000000-0000-4000-8000-000000000001', 'open', 'critical', 'bj:core', 'cn', 'backbone', '', $1, $1, $1, $1)`,
        [minute(1)],
      );
      await database.query(
        `INSERT INTO incident_members (incident_id, object_id, role, joined_at) VALUES ('00000000-0000-4000-8000-000000000001', 'bj:leaf', 'symptom', $1)`,
        [minute(1)],
      );
      await scene.state('bj:leaf', 'unknown', 'down', 1);
      await scene.at(10);
      expect(await scene.told()).toEqual([]);
      await database.query('UPDATE incident_members SET left_at = $1', [minute(11)]);
      await scene.at(11);
      expect(await scene.told()).toEqual(['down bj:leaf open']);
    });

    it('librenms 8353: wait for the correlation to have read of it, but not for ever', async () => {
      await scene.configure([{ ...DOWN, id: 'down', where: { ...EVERYTHING, objects: ['bj:leaf'] }, forMs: 0 }]);
      await scene.at(0);
      await scene.state('bj:leaf', 'unknown', 'down', 1);
      await scene.at(1);
      expect(await scene.told()).toEqual([]);
      await scene.at(2);
      expect(await scene.told()).toEqual(['down bj:leaf open']);
    });
  });

  describe('with calendars', () => {
    // 04:00 UTC is noon in Shanghai; the office closes at 18:00 there, six hours later.
    const calendar = { id: 'office', when: 'inside', timeZone: 'Asia/Shanghai' } as const;

    it('are judged in their time alone, and what is left at its end is no longer to alarm', async () => {
      await scene.configure([{ ...BUSY, forMs: 0, calendar }]);
      await scene.at(350);
      await polls(351, 0, 0.9);
      expect(await scene.told()).toEqual(['busy bj:core/ge1 open']);
      await scene.at(360);
      const [ended] = await scene.incidents();
      expect(ended).toMatchObject({ state: 'resolved' });
      expect((await database.query("SELECT body FROM notices WHERE step = 'resolved'")).rows).toEqual([
        { body: { resolution: 'unwatched' } },
      ]);
      await polls(361, 0.9, 0.9);
      expect(await scene.told()).toEqual(['busy bj:core/ge1 resolved']);
    });

    it('on states begin when their time begins', async () => {
      const state: ConditionBody = { ...BUSY, id: 'port-down', test: { on: 'state', state: 'down' }, forMs: 5 * MINUTE, calendar };
      await scene.configure([state]);
      await scene.state('bj:core/ge1', 'unknown', 'down', 400);
      await scene.at(500);
      expect(await scene.told()).toEqual([]);
      // Nine o'clock the next day.
      const nine = 6 * 60 + 15 * 60;
      await scene.at(nine + 1);
      await scene.at(nine + 4);
      expect(await scene.told()).toEqual([]);
      await scene.at(nine + 5);
      expect(await scene.incidents()).toMatchObject([{ cause_object: 'bj:core/ge1', state: 'open', started_at: minute(nine) }]);
    });
  });

  describe('that leave the configuration', () => {
    const other: ConditionBody = { ...BUSY, test: { on: 'samples', metric: 'discards', side: 'above', raise: 0.8, clear: 0.7 } };
    it.each<[string, (scene: Scene) => Promise<void>, string]>([
      ['the condition', (of) => of.configure([]), 'unwatched'],
      ['its test', (of) => of.configure([other]), 'unwatched'],
      ['the object, by its criteria', (of) => of.configure([{ ...BUSY, where: { ...EVERYTHING, kinds: ['device'] } }]), 'unwatched'],
      ['the object', (of) => of.configure([BUSY], Scene.without('bj:core/ge1')), 'retired'],
    ])('%s: the incident ends', async (_, leave, resolution) => {
      for (const restarted of [false, true]) {
        scene = await Scene.create(database, redis);
        await scene.configure([BUSY]);
        await scene.at(0);
        await polls(1, 0, 0.9, 0.9, 0.9);
        expect(await scene.told()).toEqual(['busy bj:core/ge1 open']);
        if (restarted) scene.restart();
        scene.clock.advance(MINUTE);
        await leave(scene);
        await scene.at(6);
        expect(await scene.told()).toEqual(['busy bj:core/ge1 resolved']);
        expect((await database.query("SELECT body FROM notices WHERE step = 'resolved'")).rows).toEqual([{ body: { resolution } }]);
        expect((await database.query('SELECT 1 FROM condition_states')).rowCount).toBe(0);
      }
    });

    it('other limits are those of the next sample', async () => {
      await scene.configure([BUSY]);
      await scene.at(0);
      await polls(1, 0, 0.9, 0.9, 0.9);
      const test = { on: 'samples', metric: 'utilisation', side: 'above', raise: 0.99, clear: 0.95 } as const;
      await scene.configure([{ ...BUSY, test, clearForMs: 0 }]);
      await polls(5, 0.9);
      expect(await scene.told()).toEqual(['busy bj:core/ge1 resolved']);
    });
  });

  it('on states are judged while Redis is down', async () => {
    const down: ConditionBody = { ...BUSY, id: 'port-down', test: { on: 'state', state: 'down' }, forMs: 0 };
    await scene.configure([BUSY, down]);
    await scene.at(0);
    const lost = createRedis(server.url, () => undefined, { lazyConnect: true });
    scene.restart(lost);
    await scene.state('bj:core/ge1', 'unknown', 'down', 1);
    await scene.at(1);
    lost.disconnect();
    expect(await scene.told()).toEqual(['port-down bj:core/ge1 open']);
    expect(scene.faults.splice(0)).toMatchObject([{ message: 'Redis does not answer: no samples are judged' }]);
    // Nothing was lost: it goes on where it was.
    scene.restart();
    for (const [at, value] of [0, 0.9, 0.9, 0.9].entries()) await scene.poll(2 + at, value);
    await scene.state('bj:core/ge1', 'down', 'up', 5);
    await scene.at(6);
    expect(await scene.told()).toEqual(['port-down bj:core/ge1 open', 'busy bj:core/ge1 open']);
  });

  it('are left to who has the lease', async () => {
    await scene.configure([{ ...BUSY, forMs: 0 }]);
    await scene.at(0);
    await polls(1, 0);
    await database.query('UPDATE leases SET epoch = epoch + 1');
    await scene.poll(2, 0.9);
    await expect(scene.at(2)).rejects.toBeInstanceOf(FencedOut);
    expect(await scene.incidents()).toEqual([]);
    await database.query('UPDATE leases SET epoch = epoch - 1');
    scene.restart();
    await scene.at(3);
    expect(await scene.told()).toEqual(['busy bj:core/ge1 open']);
  });

  it('are judged by the role itself, which takes its lease when it is free', async () => {
    await scene.configure([{ ...BUSY, id: 'port-down', test: { on: 'state', state: 'down' }, forMs: 0 }]);
    await scene.state('bj:core/ge1', 'unknown', 'down', 0);
    await scene.at(0);
    await scene.at(1);
    await database.query('DELETE FROM leases');
    await database.query('TRUNCATE incidents, incident_events, notices, condition_states CASCADE');
    const role = createConditions(
      { instance: 'test/judge', pauseMs: 50 },
      {
        ...{ database, redis, connectRedis: () => redis, keys: createKeys('test'), partitions: 1, clock: scene.clock },
        ...{ logger: createLogger({ name: 'test', level: 'silent' }), registry: createRegistry({}, false) },
      },
    );
    await role.start();
    try {
      await waitFor(async () => (await scene.told()).length === 1, { what: 'the incident', timeoutMs: 20_000 });
      expect(role.health()).toMatchObject({ status: 'ok' });
    } finally {
      await role.stop();
    }
  });

  it('a person who resolved one is not told of it again until it was over', async () => {
    await scene.configure([{ ...BUSY, forMs: 0, clearForMs: 0 }]);
    await scene.at(0);
    await polls(1, 0, 0.9);
    await database.query("UPDATE incidents SET state = 'resolved', resolved_at = $1", [minute(2)]);
    await polls(3, 0.9, 0.5, 0.9);
    expect(await scene.incidents()).toMatchObject([
      { state: 'resolved', notices: ['opened'] },
      { state: 'open', started_at: minute(5) },
    ]);
  });
});
