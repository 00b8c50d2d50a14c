import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, startHarness } from './test-harness.ts';

let harness: Harness;
let app: App;
let all: string;
let guangdong: string;

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  await insertEntity(database, 'node', { id: 'bj', name: '中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
  await insertEntity(database, 'division', { id: 'cn', name: '全国', nameEn: null, code: '000000' });
  await insertEntity(database, 'division', { id: 'cn.gd', name: '广东', nameEn: null, code: '440000' });
  await insertEntity(database, 'division', { id: 'cn.none', name: '无', nameEn: null, code: null });
  const dated = { since: '2026-01-15', until: null };
  await insertEntity(database, 'connection', { id: '440103', name: null, note: null, ...dated });
  await insertEntity(database, 'connection', { id: '110101', name: null, note: null, since: '2018-01-01', until: null });
  const unit = { name: '单位', level: 'central' as const, division: 'cn', terminals: null, internetExit: true };
  await insertEntity(database, 'unit', { id: 'u', ...unit, ...dated });
  app = await harness.app();
  all = await createToken(app, ['viewer'], ['']);
  guangdong = await createToken(app, ['viewer'], ['cn.gd']);
});
afterAll(async () => {
  await harness.close();
});

const ask = async (token: string, query: Record<string, string> = {}) => {
  const response = await app.inject({ url: '/api/v1/coverage', query, headers: bearer(token) });
  return { status: response.statusCode, body: response.json() };
};

describe('GET /api/v1/coverage', () => {
  it('tells the present state and its growth since the beginning of the half-year', async () => {
    const { status, body } = await ask(all);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      division: 'cn',
      at: '2026-03-10T12:00:00.000Z',
      from: '2025-12-31T16:00:00.000Z',
      list: { id: 'cn-2024', counts: { county: 2846 } },
      listBefore: 'cn-2024',
      withoutCorps: { county: { connected: 2, total: 2846, growth: { before: 1, absolute: 1, relative: 1 } } },
      withCorps: { county: { connected: 2, total: 2996 } },
      total: { units: 1, internetExitUnits: 1, terminals: null, growth: { units: { before: 0, absolute: 1, relative: null } } },
      unlisted: [],
    });
    expect(body.list.countsEn).toMatch(/Not counted/);
    expect(body.corpsList.assumptions[0].textEn).toMatch(/150 are taken/);
  });

  it('does not know the coverage of a time at which nothing was registered', async () => {
    const { body } = await ask(all, { from: '2016-12-31T16:00:00Z', at: '2017-06-30T16:00:00Z' });
    const growth = { before: null, absolute: null, relative: null };
    expect(body.withCorps.county).toMatchObject({ connected: 0, fraction: null, growth });
    // The first connection is of 2018: there is nothing to compare it with.
    const since = await ask(all, { from: '2017-06-30T16:00:00Z', at: '2018-06-30T16:00:00Z' });
    expect(since.body.withCorps.county).toMatchObject({ connected: 1, growth });
    expect(since.body.withCorps.county.fraction).toBeGreaterThan(0);
  });

  it('shows a province its own part alone', async () => {
    const { body } = await ask(guangdong);
    expect(body.withoutCorps.county.connected).toBe(1);
    expect(body.withoutCorps.province).toMatchObject({ connected: 1, implied: 1, total: 1, fraction: 1 });
    expect(body.total.units).toBe(0);
    expect((await ask(guangdong, { division: 'cn.none' })).status).toBe(404);
  });

  it.each([
    ['an unknown list', { list: 'cn-1949' }, 400, /list: there is no list of divisions/],
    ['a division without a code', { division: 'cn.none' }, 422, /cn\.none.*has no code/],
    ['a period the wrong way round', { from: '2026-03-01T00:00:00Z', at: '2026-02-01T00:00:00Z' }, 400, /after from/],
    ['a beginning after now', { from: '2026-04-01T00:00:00Z' }, 400, /from: lies at or after at/],
    ['the future', { at: '2026-04-01T00:00:00Z' }, 400, /at: lies in the future/],
    ['a time that is none', { at: 'yesterday' }, 400, /at/],
  ])('answers %s clearly', async (_, query, status, says) => {
    const answer = await ask(all, query);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toMatch(says);
  });
});
