/** How conditions come and go with the configuration, processes and servers: against a real PostgreSQL and Redis, with a clock that is set. */

import type { ConditionBody } from '@beacontower/contracts';
import { FencedOut } from '@beacontower/database';
import { createKeys, createRedis } from '@beacontower/queue';
import { createLogger, createRegistry } from '@beacontower/runtime';
import { programsPresent, waitFor } from '@beacontower/testing';
import { describe, expect, it } from 'vitest';
import { createConditions } from './app.ts';
import { BUSY, EVERYTHING, MINUTE, minute, Scene, useScenes } from './conditions.fixture.ts';

describe.runIf(programsPresent('redis-server'))('conditions', () => {
  const suite = useScenes();

  describe('that leave the configuration', () => {
    const other: ConditionBody = { ...BUSY, test: { on: 'samples', metric: 'discards', side: 'above', raise: 0.8, clear: 0.7 } };
    it.each<[string, (scene: Scene) => Promise<void>, string]>([
      ['the condition', (of) => of.configure([]), 'unwatched'],
      ['its test', (of) => of.configure([other]), 'unwatched'],
      ['the object, by its criteria', (of) => of.configure([{ ...BUSY, where: { ...EVERYTHING, kinds: ['device'] } }]), 'unwatched'],
      ['the object', (of) => of.configure([BUSY], Scene.without('bj:core/ge1')), 'retired'],
    ])('%s: the incident ends', async (_, leave, resolution) => {
      for (const restarted of [false, true]) {
        const scene = await suite.renew();
        await suite.scene.configure([BUSY]);
        await suite.scene.at(0);
        await suite.scene.polls(1, 0, 0.9, 0.9, 0.9);
        expect(await suite.scene.told()).toEqual(['busy bj:core/ge1 open']);
        if (restarted) suite.scene.restart();
        suite.scene.clock.advance(MINUTE);
        await leave(scene);
        await suite.scene.at(6);
        expect(await suite.scene.told()).toEqual(['busy bj:core/ge1 resolved']);
        expect((await suite.database.query("SELECT body FROM notices WHERE step = 'resolved'")).rows).toEqual([{ body: { resolution } }]);
        expect((await suite.database.query('SELECT 1 FROM condition_states')).rowCount).toBe(0);
      }
    });

    it('other limits are those of the next sample', async () => {
      await suite.scene.configure([BUSY]);
      await suite.scene.at(0);
      await suite.scene.polls(1, 0, 0.9, 0.9, 0.9);
      const test = { on: 'samples', metric: 'utilisation', side: 'above', raise: 0.99, clear: 0.95 } as const;
      await suite.scene.configure([{ ...BUSY, test, clearForMs: 0 }]);
      await suite.scene.polls(5, 0.9);
      expect(await suite.scene.told()).toEqual(['busy bj:core/ge1 resolved']);
    });
  });

  it('on states are judged while Redis is down', async () => {
    const down: ConditionBody = { ...BUSY, id: 'port-down', test: { on: 'state', state: 'down' }, forMs: 0 };
    await suite.scene.configure([BUSY, down]);
    await suite.scene.at(0);
    const lost = createRedis(suite.server.url, () => undefined, { lazyConnect: true });
    suite.scene.restart(lost);
    await suite.scene.state('bj:core/ge1', 'unknown', 'down', 1);
    await suite.scene.at(1);
    lost.disconnect();
    expect(await suite.scene.told()).toEqual(['port-down bj:core/ge1 open']);
    expect(suite.scene.faults.splice(0)).toMatchObject([{ message: 'Redis does not answer: no samples are judged' }]);
    // Nothing was lost: it goes on where it was.
    suite.scene.restart();
    for (const [at, value] of [0, 0.9, 0.9, 0.9].entries()) await suite.scene.poll(2 + at, value);
    await suite.scene.state('bj:core/ge1', 'down', 'up', 5);
    await suite.scene.at(6);
    expect(await suite.scene.told()).toEqual(['port-down bj:core/ge1 open', 'busy bj:core/ge1 open']);
  });

  it('are left to who has the lease', async () => {
    await suite.scene.configure([{ ...BUSY, forMs: 0 }]);
    await suite.scene.at(0);
    await suite.scene.polls(1, 0);
    await suite.database.query('UPDATE leases SET epoch = epoch + 1');
    await suite.scene.poll(2, 0.9);
    await expect(suite.scene.at(2)).rejects.toBeInstanceOf(FencedOut);
    expect(await suite.scene.incidents()).toEqual([]);
    await suite.database.query('UPDATE leases SET epoch = epoch - 1');
    suite.scene.restart();
    await suite.scene.at(3);
    expect(await suite.scene.told()).toEqual(['busy bj:core/ge1 open']);
  });

  it('are judged by the role itself, which takes its lease when it is free', async () => {
    await suite.scene.configure([{ ...BUSY, id: 'port-down', test: { on: 'state', state: 'down' }, forMs: 0 }]);
    await suite.scene.state('bj:core/ge1', 'unknown', 'down', 0);
    await suite.scene.at(0);
    await suite.scene.at(1);
    await suite.database.query('DELETE FROM leases');
    await suite.database.query('TRUNCATE incidents, incident_events, notices, condition_states CASCADE');
    const role = createConditions(
      { instance: 'test/judge', pauseMs: 50 },
      {
        ...{
          database: suite.database,
          redis: suite.redis,
          connectRedis: () => suite.redis,
          keys: createKeys('test'),
          partitions: 1,
          clock: suite.scene.clock,
        },
        ...{ logger: createLogger({ name: 'test', level: 'silent' }), registry: createRegistry({}, false) },
      },
    );
    await role.start();
    try {
      await waitFor(async () => (await suite.scene.told()).length === 1, { what: 'the incident', timeoutMs: 20_000 });
      expect(role.health()).toMatchObject({ status: 'ok' });
    } finally {
      await role.stop();
    }
  });

  it('a person who resolved one is not told of it again until it was over', async () => {
    await suite.scene.configure([{ ...BUSY, forMs: 0, clearForMs: 0 }]);
    await suite.scene.at(0);
    await suite.scene.polls(1, 0, 0.9);
    await suite.database.query("UPDATE incidents SET state = 'resolved', resolved_at = $1", [minute(2)]);
    await suite.scene.polls(3, 0.9, 0.5, 0.9);
    expect(await suite.scene.incidents()).toMatchObject([
      { state: 'resolved', notices: ['opened'] },
      { state: 'open', started_at: minute(5) },
    ]);
  });
});
