import { Availability, INDEX_FLAGS, ObjectDetail, ObjectIndex, ObjectPage, Timeline, timestamp, Wall } from '@beacontower/contracts';
import { STATES } from '@beacontower/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, type Harness, insertEntity, NOW, objectBody, setState, startHarness } from './test-harness.ts';

const SILENT = NOW - 600_000;

describe('objects of a node that is not heard', () => {
  let harness: Harness;
  let app: App;

  const get = async (url: string) => (await app.inject({ url: `/api/v1${url}`, headers: bearer() })).json();
  const observe = (until: number) =>
    harness.database.query(`UPDATE federation_nodes SET observed_pinged = $1, observed_all = $1, observed_composed = $1`, [until]);
  const unobserved = { node: 'gd', name: '广东', nameEn: 'Guangdong', since: timestamp(SILENT) };

  beforeAll(async () => {
    harness = await startHarness();
    const { database } = harness;
    await database.query(
      `INSERT INTO federation_nodes (node, name, name_en, division, time_zone, enrolled_at) VALUES ('gd', '广东', 'Guangdong', 'cn.gd', 'UTC', 0)`,
    );
    await insertEntity(database, 'node', { id: 'bj', name: '中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
    await insertEntity(database, 'division', { id: 'cn.gd', name: '广东', nameEn: null, code: '440000' });
    await insertEntity(database, 'object', objectBody('bj:near', 'cn.gd'));
    await insertEntity(database, 'object', { ...objectBody('gd:far', 'cn.gd'), remote: { node: 'gd' } });
    await setState(database, 'bj:near', null, 'up', NOW - 3_600_000);
    await setState(database, 'gd:far', null, 'up', NOW - 3_600_000);
    await setState(database, 'gd:far', 'gd:far/icmp4', 'up', NOW - 3_600_000);
    await database.query(
      `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at)
       SELECT p, 1, '0-0', '', $1, $1 FROM generate_series(0, 7) AS p ON CONFLICT (partition) DO UPDATE SET watermark = $1`,
      [NOW],
    );
    await observe(NOW);
    app = await harness.app();
  });
  afterAll(() => harness?.close());

  it('are shown as their node has them while it is heard', async () => {
    const { items }: ObjectPage = ObjectPage.parse(await get('/objects?division=cn.gd'));
    expect(items.map(({ id, state, node, unobserved: why }) => [id, state, node, why])).toEqual([
      ['bj:near', 'up', null, null],
      ['gd:far', 'up', 'gd', null],
    ]);
  });

  it('are unknown since its record ended, and the node is named; what is observed from here is not', async () => {
    await observe(SILENT);
    const { items }: ObjectPage = ObjectPage.parse(await get('/objects?division=cn.gd'));
    expect(items.find(({ id }) => id === 'bj:near')).toMatchObject({ state: 'up', unobserved: null });
    expect(items.find(({ id }) => id === 'gd:far')).toMatchObject({ state: 'unknown', since: timestamp(SILENT), unobserved });
    const detail: ObjectDetail = ObjectDetail.parse(await get('/objects/gd:far'));
    expect(detail).toMatchObject({ state: 'unknown', unobserved, checks: [{ state: 'unknown', since: timestamp(SILENT) }] });
  });

  it('are found by the state that is shown', async () => {
    const ids = async (state: string) => (await get(`/objects?division=cn.gd&state=${state}`)).items.map(({ id }: { id: string }) => id);
    expect([await ids('up'), await ids('unknown')]).toEqual([['bj:near'], ['gd:far']]);
  });

  it('are unknown in the index, which is another one than before, and on the wall', async () => {
    const tags = async () => (await app.inject({ url: '/api/v1/objects/index', headers: bearer() })).headers.etag;
    const index: ObjectIndex = ObjectIndex.parse(await get('/objects/index'));
    const place = index.id.indexOf('gd:far');
    expect([STATES[index.state[place] as number], index.since[place], index.flags[place]]).toEqual([
      'unknown',
      SILENT,
      INDEX_FLAGS.unobserved,
    ]);
    const silent = await tags();
    const wall: Wall = Wall.parse(await get('/wall'));
    expect(wall.counts).toMatchObject({ unknown: expect.any(Number) });
    await observe(NOW);
    expect(await tags()).not.toBe(silent);
    await observe(SILENT);
  });

  it('leave their province unknown on the wall, which is not down, and nobody here waits for what it works on', async () => {
    const { database, clock } = harness;
    await database.query(`UPDATE federation_nodes SET heard_at = $1, silent_since = $1`, [SILENT]);
    await database.query(
      `INSERT INTO incidents (id, state, severity, cause_object, division, class, title, started_at, started_earliest, started_latest, opened_at, home, taken)
       VALUES (gen_random_uuid(), 'open', 'critical', 'gd:far', 'cn.gd', 'user-access', 'far', $1, $1, $1, $1, 'gd', false)`,
      [SILENT],
    );
    clock.advance(3_000);
    const wall: Wall = Wall.parse(await get('/wall'));
    expect(wall.tiles).toMatchObject([{ division: 'cn.gd', state: 'unknown', reason: 'node-silent', since: timestamp(SILENT) }]);
    expect(wall.incidents).toMatchObject({ unacknowledged: 0, bySeverity: { critical: 1 }, first: [{ home: 'gd', taken: false }] });
    await database.query(`UPDATE incidents SET taken = true`);
    clock.advance(3_000);
    expect(Wall.parse(await get('/wall')).incidents).toMatchObject({ unacknowledged: 1 });
    await database.query('DELETE FROM incidents');
  });

  it('are named by a live figure that reaches beyond the record of their node', async () => {
    const objective = {
      ...{
        id: 'all',
        name: '全部',
        nameEn: null,
        class: null,
        objects: null,
        division: 'cn',
        target: 0.99,
        aggregate: 'mean',
        period: 'month',
      },
      ...{ calendar: 'always', timeZone: 'UTC' },
    };
    await insertEntity(harness.database, 'objective', objective as never);
    const figure = async (to: number) =>
      Availability.parse(await get(`/availability?objective=all&from=${timestamp(NOW - 7_200_000)}&to=${timestamp(to)}`));
    expect((await figure(SILENT - 1_000)).unobserved).toEqual([]);
    expect((await figure(NOW)).unobserved).toEqual([unobserved]);
  });

  it('have a timeline that says from where on nothing is known, and why', async () => {
    const period = `from=${timestamp(NOW - 7_200_000)}&to=${timestamp(NOW)}`;
    const told = Timeline.parse(await get(`/objects/gd:far/timeline?${period}`));
    expect(told).toMatchObject({ asOf: timestamp(SILENT), unobserved });
    expect(told.items.at(-1)).toMatchObject({ state: 'unknown', from: timestamp(SILENT), to: timestamp(NOW) });
    const near = Timeline.parse(await get(`/objects/bj:near/timeline?${period}`));
    expect(near.unobserved).toBeNull();
  });
});
