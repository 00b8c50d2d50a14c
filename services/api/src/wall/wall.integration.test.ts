import { ObjectIndex, Wall } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, objectBody, setState, startHarness } from '../test-harness.ts';

let harness: Harness;
let app: App;

const division = (id: string, name: string, code: string) => ({ id, name, nameEn: null, code });
const landing = { attributes: { role: 'landing' } };

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  await insertEntity(database, 'node', { id: 'bj', name: '中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
  for (const [id, name, code] of [
    ['cn', '全国', '000000'],
    ['cn.gx', '广西', '450000'],
    ['cn.gd', '广东', '440000'],
    ['cn.gd.gz', '广州', '440100'],
    ['cn.xz', '西藏', '540000'],
  ] as const)
    await insertEntity(database, 'division', division(id, name, code));
  await insertEntity(database, 'object', objectBody('bj:core', 'cn'));
  await insertEntity(database, 'object', objectBody('bj:gd', 'cn.gd', landing));
  await insertEntity(database, 'object', objectBody('bj:gx', 'cn.gx', landing));
  await insertEntity(database, 'object', objectBody('bj:gz', 'cn.gd.gz', { kind: 'circuit', name: '广州电路' }));
  await insertEntity(database, 'object', objectBody('bj:gz/ge0', 'cn.gd.gz', { kind: 'interface', quiet: true }));
  await setState(database, 'bj:core', null, 'up', NOW - 60_000);
  await setState(database, 'bj:gd', null, 'up', NOW - 50_000);
  await setState(database, 'bj:gz', null, 'degraded', NOW - 40_000);
  await setState(database, 'bj:gx', null, 'down', NOW - 30_000);
  await setState(database, 'bj:gz/ge0', null, 'down', NOW - 30_000);
  await database.query(
    `INSERT INTO incidents (id, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at)
     VALUES (gen_random_uuid(), 'open', 'major', 'bj:gz', 'cn.gd.gz', 'p', 'backbone', 'gz', $1, $1, $1, $1),
       (gen_random_uuid(), 'acknowledged', 'critical', 'bj:gx', 'cn.gx', 'p', 'backbone', 'gx', $1, $1, $1, $1),
       (gen_random_uuid(), 'closed', 'critical', 'bj:gd', 'cn.gd', 'p', 'backbone', 'gd', $1, $1, $1, $1)`,
    [NOW - 30_000],
  );
  await judgedUpTo(NOW - 2_000);
  app = await harness.app();
});
afterAll(() => harness?.close());

const judgedUpTo = (at: number, partitions = 8) =>
  harness.database.query(
    `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at)
     SELECT n, 1, '0-0', '', $1, $1 FROM generate_series(0, $2 - 1) AS n ON CONFLICT (partition) DO UPDATE SET watermark = excluded.watermark`,
    [at, partitions],
  );

async function wall(token?: string): Promise<Wall> {
  // What was made for the last question is not looked at: the clock has gone on by then.
  harness.clock.advance(5_000);
  await judgedUpTo(harness.clock.now() - 2_000);
  const answer = await app.inject({ url: '/api/v1/wall', headers: bearer(token) });
  expect(answer.statusCode).toBe(200);
  return Wall.parse(answer.json());
}

describe('the wall', () => {
  it('shows a tile for each province, by code, with what is in it and below', async () => {
    const { tiles, counts, division: of, incidents } = await wall();
    expect(of).toBe('cn');
    expect(tiles.map(({ name, state, reason }) => [name, state, reason])).toEqual([
      ['广东', 'degraded', 'objects-degraded'],
      ['广西', 'down', 'landing-down'],
      ['西藏', 'unknown', 'nothing-watched'],
    ]);
    const [guangdong] = tiles;
    expect(guangdong).toMatchObject({ code: 'GD', counts: { up: 1, degraded: 1, down: 0, unknown: 0 }, incidents: { major: 1 } });
    expect(guangdong?.worst?.title).toBe('gz');
    // A port that nobody said to watch is not counted.
    expect(counts).toEqual({ up: 2, degraded: 1, down: 1, unknown: 0 });
    expect(incidents).toMatchObject({ unacknowledged: 1, bySeverity: { critical: 1, major: 1, minor: 0, warning: 0 } });
    expect(incidents.first.map(({ title }) => title)).toEqual(['gx', 'gz']);
  });

  it('shows a caller of one province nothing of another', async () => {
    const { tiles, counts, circuits, incidents } = await wall(await createToken(app, ['viewer'], ['cn.gx']));
    expect(tiles.map(({ division: id }) => id)).toEqual(['cn.gx']);
    expect(counts).toEqual({ up: 0, degraded: 0, down: 1, unknown: 0 });
    expect(circuits).toEqual([]);
    expect(incidents.first.map(({ title }) => title)).toEqual(['gx']);
  });

  it('says unknown of what has not been judged for too long', async () => {
    await wall();
    await judgedUpTo(harness.clock.now() - 120_000);
    harness.clock.advance(3_000);
    const answer = Wall.parse((await app.inject({ url: '/api/v1/wall', headers: bearer() })).json());
    expect(answer.tiles.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(answer.counts).toEqual({ up: 0, degraded: 0, down: 0, unknown: 4 });
    expect(answer.circuits.map(({ state }) => state)).toEqual(['unknown']);
    expect(Date.parse(answer.freshness.judgedUpTo ?? '')).toBe(harness.clock.now() - 123_000);
  });
});

/** What each object's columns say. */
function rowsOf(index: ObjectIndex): [string, unknown[]][] {
  return index.id.map((id, row) => [
    id,
    [
      index.name[row],
      index.divisions[index.division[row] ?? -1],
      index.kinds[index.kind[row] ?? -1],
      index.classes[index.class[row] ?? -1],
      index.states[index.state[row] ?? -1],
      index.since[row],
      index.flags[row],
    ],
  ]);
}

describe('the index of objects', () => {
  const get = (headers: Record<string, string>) => app.inject({ url: '/api/v1/objects/index', headers });

  it('holds every object in columns', async () => {
    const index = ObjectIndex.parse((await get(bearer())).json());
    expect(index).toMatchObject({ total: 5, truncated: false });
    expect(Object.fromEntries(rowsOf(index))).toEqual({
      'bj:core': ['object bj:core', 'cn', 'device', 'backbone', 'up', NOW - 60_000, 0],
      'bj:gd': ['object bj:gd', 'cn.gd', 'device', 'backbone', 'up', NOW - 50_000, 0],
      'bj:gx': ['object bj:gx', 'cn.gx', 'device', 'backbone', 'down', NOW - 30_000, 0],
      'bj:gz': ['广州电路', 'cn.gd.gz', 'circuit', 'backbone', 'degraded', NOW - 40_000, 0],
      'bj:gz/ge0': ['object bj:gz/ge0', 'cn.gd.gz', 'interface', 'backbone', 'down', NOW - 30_000, 2],
    });
  });

  it('holds what the caller may see alone, and is none when there is nothing', async () => {
    const own = ObjectIndex.parse((await get(bearer(await createToken(app, ['viewer'], ['cn.gd'])))).json());
    expect([...own.id].sort()).toEqual(['bj:gd', 'bj:gz', 'bj:gz/ge0']);
    expect(own.divisions).toEqual(['cn.gd', 'cn.gd.gz']);
    const none = ObjectIndex.parse((await get(bearer(await createToken(app, ['viewer'], ['cn.xz'])))).json());
    expect(none).toMatchObject({ total: 0, id: [], since: [], divisions: [] });
  });

  it('is not sent again to who has it, and is after something happened', async () => {
    const { etag } = (await get(bearer())).headers;
    const again = { ...bearer(), 'if-none-match': String(etag) };
    expect((await get(again)).statusCode).toBe(304);
    await harness.database.query(
      `INSERT INTO maintenance (id, title, objects, divisions, starts_at, ends_at, created_at, created_by, approved_at)
       VALUES (gen_random_uuid(), 'm', '{bj:gz}', '{cn.gx}', $1, $2, $1, 'x', $1)`,
      [harness.clock.now() - 1_000, harness.clock.now() + 3_600_000],
    );
    const answer = await get(again);
    expect(answer.statusCode).toBe(200);
    const flags = rowsOf(ObjectIndex.parse(answer.json())).map(([id, row]) => [id, row.at(-1)]);
    expect(Object.fromEntries(flags)).toEqual({ 'bj:core': 0, 'bj:gd': 0, 'bj:gx': 1, 'bj:gz': 1, 'bj:gz/ge0': 3 });
  });
});
