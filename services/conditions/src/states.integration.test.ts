/** Conditions on restarts and states, and those with calendars: against a real PostgreSQL and Redis, with a clock that is set. */
import type { ConditionBody } from '@beacontower/contracts';
import { programsPresent } from '@beacontower/testing';
import { describe, expect, it } from 'vitest';
import { BUSY, EVERYTHING, MINUTE, minute, useScenes } from './conditions.fixture.ts';

describe.runIf(programsPresent('redis-server'))('conditions', () => {
  const suite = useScenes();

  describe('on restarts', () => {
    const RESTARTED: ConditionBody = {
      ...{ ...BUSY, id: 'restarted', name: '设备重启', test: { on: 'restart' }, where: { ...EVERYTHING, kinds: ['device'] } },
      ...{ forMs: 0, clearForMs: 10 * MINUTE },
    };

    it('open one incident for those that follow each other, and none for a clock of a device that went on', async () => {
      await suite.scene.configure([RESTARTED]);
      await suite.scene.at(0);
      await suite.scene.poll(1, 0);
      await suite.scene.poll(2, 0);
      await suite.scene.at(2);
      expect(await suite.scene.told()).toEqual([]);
      await suite.scene.poll(3, 0, { uptime: 0.5 });
      await suite.scene.at(3);
      expect(await suite.scene.incidents()).toMatchObject([
        { condition: 'restarted', cause_object: 'bj:core', state: 'open', started_at: minute(2.5), title: '设备 核心路由器：设备重启' },
      ]);
      suite.scene.restart();
      await suite.scene.poll(4, 0, { uptime: 0.25 });
      await suite.scene.at(4);
      await suite.scene.poll(5, 0, { uptime: 1.25 });
      await suite.scene.at(13);
      expect(await suite.scene.told()).toEqual(['restarted bj:core open']);
      await suite.scene.at(14);
      expect(await suite.scene.incidents()).toMatchObject([{ state: 'resolved', resolved_at: minute(13.75) }]);
    });
  });

  describe('on states', () => {
    const DOWN: ConditionBody = {
      ...{ ...BUSY, id: 'port-down', name: '端口中断', test: { on: 'state', state: 'down' } },
      ...{ forMs: 5 * MINUTE, clearForMs: MINUTE, where: { ...EVERYTHING, kinds: ['interface'] } },
    };

    it('open incidents of interfaces that open none of their own, when they last', async () => {
      await suite.scene.configure([DOWN]);
      await suite.scene.state('bj:core/ge1', 'unknown', 'up', -10);
      await suite.scene.state('bj:core/ge2', 'unknown', 'down', -10);
      await suite.scene.at(0);
      expect(await suite.scene.incidents()).toMatchObject([{ cause_object: 'bj:core/ge2', state: 'open', started_at: minute(-10) }]);
      await suite.scene.state('bj:core/ge1', 'up', 'down', 1);
      await suite.scene.at(5);
      suite.scene.restart();
      await suite.scene.at(5.9);
      expect((await suite.scene.told()).length).toBe(1);
      await suite.scene.at(6);
      expect(await suite.scene.told()).toEqual(['port-down bj:core/ge2 open', 'port-down bj:core/ge1 open']);
      await suite.scene.state('bj:core/ge1', 'down', 'unknown', 7);
      await suite.scene.at(20);
      await suite.scene.state('bj:core/ge1', 'unknown', 'up', 21);
      await suite.scene.at(21.5);
      expect(await suite.scene.told()).toContain('port-down bj:core/ge1 open');
      await suite.scene.at(22);
      expect((await suite.scene.incidents()).find(({ cause_object }) => cause_object === 'bj:core/ge1')).toMatchObject({
        state: 'resolved',
        resolved_at: minute(21),
      });
    });

    it('that were raised and over while nobody ran are in the record, and those that began then are told', async () => {
      await suite.scene.configure([DOWN]);
      for (const port of ['ge1', 'ge2']) await suite.scene.state(`bj:core/${port}`, 'unknown', 'up', -10);
      await suite.scene.at(0);
      suite.scene.restart();
      await suite.scene.state('bj:core/ge1', 'up', 'down', 1);
      await suite.scene.state('bj:core/ge1', 'down', 'up', 10);
      await suite.scene.state('bj:core/ge2', 'up', 'down', 20);
      await suite.scene.state('bj:core/ge2', 'down', 'up', 22);
      await suite.scene.state('bj:core/ge2', 'up', 'down', 23);
      await suite.scene.at(40);
      expect(await suite.scene.incidents()).toMatchObject([
        { cause_object: 'bj:core/ge1', state: 'resolved', started_at: minute(1), resolved_at: minute(10), notices: ['opened', 'resolved'] },
        { cause_object: 'bj:core/ge2', state: 'open', started_at: minute(23), notices: ['opened'] },
      ]);
    });

    it('uptime-kuma 1089: are not told of what another outage explains, and are when it no longer does (librenms 20359)', async () => {
      await suite.scene.configure([{ ...DOWN, id: 'down', where: { ...EVERYTHING, objects: ['bj:leaf'] }, forMs: 0 }]);
      await suite.scene.at(0);
      await suite.database.query(
        `INSERT INTO incidents (id, state, severity, cause_object, division, class, title, started_at, started_earliest, started_latest, opened_at)
         VALUES ('00000000-0000-4000-8000-000000000001', 'open', 'critical', 'bj:core', 'cn', 'backbone', '', $1, $1, $1, $1)`,
        [minute(1)],
      );
      await suite.database.query(
        `INSERT INTO incident_members (incident_id, object_id, role, joined_at) VALUES ('00000000-0000-4000-8000-000000000001', 'bj:leaf', 'symptom', $1)`,
        [minute(1)],
      );
      await suite.scene.state('bj:leaf', 'unknown', 'down', 1);
      await suite.scene.at(10);
      expect(await suite.scene.told()).toEqual([]);
      await suite.database.query('UPDATE incident_members SET left_at = $1', [minute(11)]);
      await suite.scene.at(11);
      expect(await suite.scene.told()).toEqual(['down bj:leaf open']);
    });

    it('librenms 8353: wait for the correlation to have read of it, but not for ever', async () => {
      await suite.scene.configure([{ ...DOWN, id: 'down', where: { ...EVERYTHING, objects: ['bj:leaf'] }, forMs: 0 }]);
      await suite.scene.at(0);
      await suite.scene.state('bj:leaf', 'unknown', 'down', 1);
      await suite.scene.at(1);
      expect(await suite.scene.told()).toEqual([]);
      await suite.scene.at(2);
      expect(await suite.scene.told()).toEqual(['down bj:leaf open']);
    });
  });

  describe('with calendars', () => {
    // 04:00 UTC is noon in Shanghai; the office closes at 18:00 there, six hours later.
    const calendar = { id: 'office', when: 'inside', timeZone: 'Asia/Shanghai' } as const;

    it('are judged in their time alone, and what is left at its end is no longer to alarm', async () => {
      await suite.scene.configure([{ ...BUSY, forMs: 0, calendar }]);
      await suite.scene.at(350);
      await suite.scene.polls(351, 0, 0.9);
      expect(await suite.scene.told()).toEqual(['busy bj:core/ge1 open']);
      await suite.scene.at(360);
      const [ended] = await suite.scene.incidents();
      expect(ended).toMatchObject({ state: 'resolved' });
      expect((await suite.database.query("SELECT body FROM notices WHERE step = 'resolved'")).rows).toEqual([
        { body: { resolution: 'unwatched' } },
      ]);
      await suite.scene.polls(361, 0.9, 0.9);
      expect(await suite.scene.told()).toEqual(['busy bj:core/ge1 resolved']);
    });

    it('on states begin when their time begins', async () => {
      const state: ConditionBody = { ...BUSY, id: 'port-down', test: { on: 'state', state: 'down' }, forMs: 5 * MINUTE, calendar };
      await suite.scene.configure([state]);
      await suite.scene.state('bj:core/ge1', 'unknown', 'down', 400);
      await suite.scene.at(500);
      expect(await suite.scene.told()).toEqual([]);
      // Nine o'clock the next day.
      const nine = 6 * 60 + 15 * 60;
      await suite.scene.at(nine + 1);
      await suite.scene.at(nine + 4);
      expect(await suite.scene.told()).toEqual([]);
      await suite.scene.at(nine + 5);
      expect(await suite.scene.incidents()).toMatchObject([{ cause_object: 'bj:core/ge1', state: 'open', started_at: minute(nine) }]);
    });
  });
});
