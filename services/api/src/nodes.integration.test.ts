import { NodeDetail, NodePage } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, objectBody, setState, startHarness } from './test-harness.ts';

let harness: Harness;
let app: App;
let all: string;
let guangdong: string;

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  await insertEntity(database, 'node', { id: 'bj', name: '中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
  await insertEntity(database, 'object', objectBody('bj:gd-landing', 'cn.gd', { attributes: { role: 'landing' } }));
  await insertEntity(database, 'object', objectBody('bj:other', 'cn.gd'));
  await insertEntity(database, 'object', objectBody('gd:a', 'cn.gd', { remote: { node: 'gd' } }));
  await setState(database, 'bj:gd-landing', null, 'up', NOW - 5_000);
  await setState(database, 'gd:a', null, 'down', NOW - 90_000);
  await database.query(
    `INSERT INTO federation_nodes (node, via, name, division, time_zone, enrolled_at) VALUES
       ('gd', NULL, '广东', 'cn.gd', 'Asia/Shanghai', $1), ('hn', NULL, '湖南', 'cn.hn', 'Asia/Shanghai', $1),
       ('sd', NULL, '山东', 'cn.sd', 'Asia/Shanghai', $1), ('gd-sz', 'gd', '深圳', 'cn.gd.sz', 'Asia/Shanghai', $1)`,
    [NOW - 1_000_000],
  );
  await database.query(
    `UPDATE federation_nodes SET heard_at = $1, silent_since = $1, observed_pinged = $1, observed_all = $1, observed_composed = $1,
       refused = $2 WHERE node = 'gd'`,
    [NOW - 60_000, JSON.stringify({ at: NOW - 50_000, code: 'clock-off', detail: 'the clocks differ by 90 s', sequence: null })],
  );
  await database.query(
    `UPDATE federation_nodes SET heard_at = $1, behind_until = 900, sequence = 100, observed_all = $1 WHERE node = 'hn'`,
    [NOW - 1_000],
  );
  app = await harness.app();
  all = await createToken(app, ['viewer'], ['']);
  guangdong = await createToken(app, ['viewer'], ['cn.gd']);
});
afterAll(async () => {
  await harness.close();
});

const ask = async (token: string, path = '', query: Record<string, string> = {}) => {
  const answer = await app.inject({ url: `/api/v1/nodes${path}`, query, headers: bearer(token) });
  return { status: answer.statusCode, body: answer.json() };
};

describe('the nodes of a federation', () => {
  it('are this one and those that report to it, each with how its link stands', async () => {
    const { items } = NodePage.parse((await ask(all)).body);
    expect(items.map(({ id, self, link }) => [id, self, link?.state])).toEqual([
      ['bj', true, undefined],
      ['gd', false, 'silent'],
      ['gd-sz', false, 'silent'],
      ['hn', false, 'catching-up'],
      ['sd', false, 'awaited'],
    ]);
    expect(items[1]).toMatchObject({
      lagMs: 60_000,
      watermark: '2026-03-10T11:59:00.000Z',
      link: { objects: 1, refused: { code: 'clock-off' } },
    });
    expect(items[3]?.link?.log).toEqual({ incarnation: null, sequence: 100, behind: 800 });
    expect(items[4]).toMatchObject({ lagMs: null, watermark: null });
  });

  it('come page by page', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: NodePage = NodePage.parse((await ask(all, '', { limit: '1', ...(cursor === null ? {} : { cursor }) })).body);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(['bj', 'gd', 'gd-sz', 'hn', 'sd']);
    expect((await ask(all, '', { cursor: 'x' })).status).toBe(400);
  });

  it('are told to those whose divisions they are', async () => {
    expect(NodePage.parse((await ask(guangdong)).body).items.map(({ id }) => id)).toEqual(['bj', 'gd', 'gd-sz']);
    expect((await ask(guangdong, '/hn')).status).toBe(404);
    expect((await ask(all, '/none')).status).toBe(404);
  });

  it('have the word of the province beside what is seen of its landing device from here', async () => {
    const node = NodeDetail.parse((await ask(guangdong, '/gd')).body);
    expect(node.landing).toEqual([
      { object: 'bj:gd-landing', name: 'object bj:gd-landing', nameEn: null, state: 'up', since: '2026-03-10T11:59:55.000Z' },
    ]);
    expect(node.told).toEqual({ up: 0, degraded: 0, down: 1, unknown: 0 });
    expect(node.below).toEqual([{ id: 'gd-sz', name: '深圳', nameEn: null, state: 'silent' }]);
    expect(NodeDetail.parse((await ask(all, '/bj')).body)).toMatchObject({
      self: true,
      uplink: null,
      below: [{ id: 'gd' }, { id: 'hn' }, { id: 'sd' }],
    });
  });

  it('say whom this node reports to, to those who see all of it', async () => {
    await harness.database.query(
      `INSERT INTO uplink (url, state, authority_fingerprint, sealed_key, joined_at, incarnation, built, acknowledged, failure)
       VALUES ('https://above:8443', 'enrolled', '', 'sealed', $1, gen_random_uuid(), 12, 7, $2)`,
      [NOW, JSON.stringify({ at: NOW, code: 'clock-off', detail: 'the clocks differ' })],
    );
    await harness.database.query(`INSERT INTO uplink_log (sequence, line, hash, at) VALUES (8, '{}', '', $1)`, [NOW - 4_000]);
    const { body } = await ask(all, '/bj');
    expect(body.uplink).toMatchObject({ waiting: 5, oldestWaitingAt: '2026-03-10T11:59:56.000Z', failure: { code: 'clock-off' } });
    expect(JSON.stringify(body)).not.toContain('sealed');
    expect((await ask(guangdong, '/bj')).body.uplink).toBeNull();
  });
});
