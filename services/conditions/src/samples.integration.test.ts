/** Conditions on samples become incidents and end: against a real PostgreSQL and Redis, with a clock that is set. */
import type { ConditionBody } from '@beacontower/contracts';
import { programsPresent } from '@beacontower/testing';
import { describe, expect, it } from 'vitest';
import { BUSY, EVERYTHING, MINUTE, minute, type Scene, useScenes } from './conditions.fixture.ts';

describe.runIf(programsPresent('redis-server'))('conditions', () => {
  const suite = useScenes();

  describe('on samples', () => {
    it('open one incident with what was found, which resolves when it is over', async () => {
      await suite.scene.configure([BUSY]);
      await suite.scene.at(0);
      await suite.scene.polls(1, 0, 0.85, 0.9, 0.85);
      expect(await suite.scene.told()).toEqual(['busy bj:core/ge1 open']);
      const [opened] = await suite.scene.incidents();
      expect(opened).toMatchObject({
        ...{ severity: 'major', title: '接口 核心路由器 ge1：带宽利用率过高', division: 'cn', party: 'noc', class: 'backbone' },
        ...{ started_at: minute(2), started_earliest: minute(1), events: ['opened'], notices: ['opened'] },
        facts: { kind: 'condition', condition: 'busy', test: 'utilisation', raise: 0.8, clear: 0.7, side: 'above', forMs: 2 * MINUTE },
      });
      expect(opened?.facts.worst).toBeCloseTo(0.9, 6);
      await suite.scene.polls(5, 0.75, 0.6, 0.6, 0.75, 0.6, 0.5);
      expect(await suite.scene.told()).toEqual(['busy bj:core/ge1 open']);
      await suite.scene.polls(11, 0.4);
      const [resolved] = await suite.scene.incidents();
      expect(resolved).toMatchObject({
        state: 'resolved',
        resolved_at: minute(9),
        events: ['opened', 'resolved'],
        notices: ['opened', 'resolved'],
      });
      expect(resolved?.facts.value).toBeCloseTo(0.4, 6);
      const { rows: log } = await suite.database.query(
        "SELECT body ->> 'change' AS change, body ->> 'kind' AS kind FROM log WHERE kind = 'incident' ORDER BY id",
      );
      expect(log).toEqual([
        { change: 'opened', kind: 'condition' },
        { change: 'resolved', kind: 'condition' },
      ]);
      expect((await suite.database.query('SELECT 1 FROM condition_states')).rowCount).toBe(0);
    });

    it('come to the same through restarts at any moment, and nothing is told twice', async () => {
      await suite.scene.configure([BUSY]);
      await suite.scene.at(0);
      for (const [index, value] of [0, 0.85, 0.9, 0.85, 0.6, 0.6, 0.6, 0.85].entries()) {
        suite.scene.restart();
        await suite.scene.poll(1 + index, value);
        await suite.scene.at(1 + index);
        suite.scene.restart();
        await suite.scene.at(1 + index);
      }
      expect(await suite.scene.incidents()).toMatchObject([
        {
          state: 'resolved',
          started_at: minute(2),
          resolved_at: minute(5),
          events: ['opened', 'resolved'],
          notices: ['opened', 'resolved'],
        },
      ]);
      expect((await suite.database.query<{ phase: string }>("SELECT body ->> 'phase' AS phase FROM condition_states")).rows).toEqual([
        { phase: 'rising' },
      ]);
    });

    it('are judged in the time of the samples when many wait: what was over by then was told and ended', async () => {
      await suite.scene.configure([BUSY]);
      await suite.scene.at(0);
      await suite.scene.poll(1, 0);
      await suite.scene.at(1);
      for (const [index, value] of [0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.9, 0.9, 0.9].entries()) await suite.scene.poll(2 + index, value);
      await suite.scene.at(11);
      expect(await suite.scene.incidents()).toMatchObject([
        { state: 'resolved', started_at: minute(2), resolved_at: minute(5) },
        { state: 'open', started_at: minute(8) },
      ]);
    });

    it('are not cleared by silence, and not judged while the object is down: its outage says it', async () => {
      await suite.scene.configure([BUSY]);
      await suite.scene.state('bj:core/ge1', 'unknown', 'up', -1);
      await suite.scene.at(0);
      await suite.scene.polls(1, 0, 0.9, 0.9, 0.9);
      await suite.scene.at(60);
      expect(await suite.scene.told()).toEqual(['busy bj:core/ge1 open']);
      await suite.scene.state('bj:core/ge1', 'up', 'down', 61);
      await suite.scene.at(61);
      await suite.scene.polls(62, 0, 0, 0, 0);
      expect(await suite.scene.told()).toEqual(['busy bj:core/ge1 open']);
      await suite.scene.state('bj:core/ge1', 'down', 'up', 66);
      await suite.scene.at(66);
      await suite.scene.polls(67, 0, 0, 0);
      expect(await suite.scene.told()).toEqual(['busy bj:core/ge1 resolved']);
    });

    it('below a limit are not raised by an interface that is not up', async () => {
      const quiet: ConditionBody = {
        ...BUSY,
        id: 'idle',
        forMs: 0,
        test: { on: 'samples', metric: 'utilisation', side: 'below', raise: 0.01, clear: 0.02 },
      };
      await suite.scene.configure([quiet]);
      await suite.scene.at(0);
      await suite.scene.polls(1, 0.5, 0.5);
      await suite.scene.poll(3, 0, { status: 0x21 });
      await suite.scene.at(3);
      expect(await suite.scene.told()).toEqual([]);
      await suite.scene.polls(4, 0);
      expect(await suite.scene.told()).toEqual(['idle bj:core/ge1 open', 'idle bj:core/ge2 open']);
    });

    it('on errors are shares of packets', async () => {
      const test = { on: 'samples', metric: 'errors', side: 'above', raise: 0.01, clear: 0.001 } as const;
      await suite.scene.configure([
        { ...BUSY, id: 'errors', test, forMs: 0, clearForMs: 0, where: { ...EVERYTHING, objects: ['bj:core/ge1'] } },
      ]);
      await suite.scene.at(0);
      await suite.scene.polls(1, 0, 0);
      await suite.scene.poll(3, 0, { errors: 90 });
      await suite.scene.at(3);
      expect(await suite.scene.told()).toEqual([]);
      await suite.scene.poll(4, 0, { errors: 110 });
      await suite.scene.at(4);
      expect(await suite.scene.told()).toEqual(['errors bj:core/ge1 open']);
      await suite.scene.polls(5, 0);
      expect(await suite.scene.told()).toEqual(['errors bj:core/ge1 resolved']);
    });

    it('on loss and round-trip time take the worse family, and leave an object that does not reply at all to its outage', async () => {
      const on = (id: string, metric: 'loss' | 'rtt', raise: number): ConditionBody => ({
        ...{ ...BUSY, id, forMs: 0, clearForMs: 0, where: { ...EVERYTHING, kinds: ['device'] } },
        test: { on: 'samples', metric, side: 'above', raise, clear: raise },
      });
      await suite.scene.configure([on('lossy', 'loss', 0.5), on('slow', 'rtt', 100)]);
      await suite.scene.at(0);
      const round = async (at: number, ...families: Parameters<Scene['ping']> extends [number, ...infer F] ? F : never) => {
        await suite.scene.ping(at, ...families);
        await suite.scene.at(at);
        return suite.scene.told();
      };
      expect(await round(1, [10, 20])).toEqual([]);
      expect(await round(2, [0, 0])).toEqual([]);
      expect(await round(3, [10, 20], [0, 0])).toEqual(['lossy bj:core open']);
      expect(await round(4, [10, 20], [10, 120])).toEqual(['lossy bj:core resolved', 'slow bj:core open']);
      expect(await round(5, [10, 20])).toEqual(['lossy bj:core resolved', 'slow bj:core resolved']);
    });

    it('that are configured later begin with what comes then', async () => {
      await suite.scene.configure([]);
      await suite.scene.at(0);
      for (const at of [1, 2, 3]) await suite.scene.poll(at, 0.9);
      await suite.scene.configure([{ ...BUSY, forMs: 0 }]);
      await suite.scene.at(3);
      expect(await suite.scene.told()).toEqual([]);
      await suite.scene.polls(4, 0.9);
      expect(await suite.scene.incidents()).toMatchObject([{ started_at: minute(4) }]);
    });

    it('are judged while the sample store is down, and an entry that is no batch harms none', async () => {
      await suite.scene.configure([{ ...BUSY, forMs: 0 }]);
      await suite.scene.at(0);
      await suite.scene.poll(1, 0);
      await suite.redis.xadd('test:samples:0', '*', 'e', Buffer.from('nonsense'));
      await suite.scene.poll(2, 0.9);
      await suite.scene.at(2);
      expect(await suite.scene.told()).toEqual(['busy bj:core/ge1 open']);
      expect(await suite.scene.registry.metrics()).toContain('conditions_entries_undecodable_total 1');
    });
  });
});
