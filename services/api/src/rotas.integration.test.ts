import { Problem, RotaOverrideView, RotaSchedule, RotaView } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, startHarness } from './test-harness.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (ms: number) => new Date(ms).toISOString();
const office = [{ from: 540, to: 1080 }];
const contact = (id: string, name: string) => ({
  id,
  name,
  language: 'zh' as const,
  targets: [{ channel: 'mail', address: `${id}@example.org`, fallbacks: [] }],
  quiet: null,
  accounts: [],
});

let harness: Harness;
let app: App;

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  await insertEntity(database, 'node', { id: 'bj', name: '中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
  for (const [id, name] of [
    ['wang', '王工'],
    ['li', '李工'],
    ['desk', '值班台'],
  ] as const)
    await insertEntity(database, 'contact', contact(id, name));
  await insertEntity(database, 'calendar', {
    id: 'workdays',
    name: '工作日',
    nameEn: null,
    week: [office, office, office, office, office, [], []],
    dates: [{ date: '2026-03-12', spans: [], name: '植树节' }],
    knownUntil: '2026-12-31',
  });
  await insertEntity(database, 'rota', {
    id: 'network',
    name: '网络值班',
    nameEn: 'Network',
    timeZone: 'Asia/Shanghai',
    layers: [
      { id: 'weekly', contacts: ['wang', 'li'], days: 7, from: '2026-03-02', at: 540, calendar: null },
      { id: 'day', contacts: ['desk'], days: 1, from: '2026-01-01', at: 0, calendar: { id: 'workdays', when: 'inside' } },
    ],
    overrides: [],
    otherwise: null,
    tellHandOver: true,
  });
  await insertEntity(database, 'rota', {
    id: 'office',
    name: '工作时间值班',
    nameEn: null,
    timeZone: 'Asia/Shanghai',
    layers: [{ id: 'day', contacts: ['desk'], days: 1, from: '2026-01-01', at: 0, calendar: { id: 'workdays', when: 'inside' } }],
    overrides: [],
    otherwise: null,
    tellHandOver: false,
  });
  app = await harness.app({ rateLimit: { max: 100_000, windowMs: 60_000 } });
});
afterAll(() => harness?.close());

const get = (url: string, token?: string) => app.inject({ url, headers: bearer(token) });
const post = (payload: object, token?: string, rota = 'network') =>
  app.inject({ method: 'POST', url: `/api/v1/rotas/${rota}/overrides`, headers: bearer(token), payload });
const remove = (id: string, token?: string) =>
  app.inject({ method: 'DELETE', url: `/api/v1/rota-overrides/${id}`, headers: bearer(token) });
const codeOf = (answer: { json(): unknown }) => Problem.parse(answer.json()).code;
const scheduleOf = async (from: number, to: number, rota = 'network') =>
  RotaSchedule.parse((await get(`/api/v1/rotas/${rota}/schedule?from=${at(from)}&to=${at(to)}`)).json());
const told = (schedule: RotaSchedule) => schedule.spans.map(({ from, contact: who, because }) => `${from.slice(0, 16)} ${who} ${because}`);

// NOW is Tuesday 2026-03-10, 20:00 in Beijing: the second week, after office hours.
describe('GET /api/v1/rotas', () => {
  it('says who is on duty now, until when, and who comes next', async () => {
    const items = (await get('/api/v1/rotas')).json().items.map((item: unknown) => RotaView.parse(item)) as RotaView[];
    expect(items.map(({ id }) => id)).toEqual(['network', 'office']);
    expect(items[0]).toMatchObject({
      layers: [{ id: 'weekly', at: '09:00', contacts: ['wang', 'li'], from: '2026-03-02' }, { id: 'day' }],
      now: { contact: 'li', name: '李工', because: 'layer', layer: 'weekly', until: '2026-03-11T01:00:00.000Z' },
      next: { at: '2026-03-11T01:00:00.000Z', contact: 'desk', name: '值班台' },
    });
    expect(items[1]?.now).toMatchObject({ contact: null, name: null, because: 'nobody' });
    expect((await get('/api/v1/rotas/network')).json()).toEqual(items[0]);
  });

  it('shows the schedule without holes: who, why, and when nobody', async () => {
    const schedule = await scheduleOf(NOW, NOW + 3 * DAY);
    expect(told(schedule)).toEqual([
      '2026-03-10T12:00 li layer',
      '2026-03-11T01:00 desk layer',
      '2026-03-11T10:00 li layer',
      // The twelfth is a holiday: the desk is empty, and the one whose week it is has the whole day.
      '2026-03-13T01:00 desk layer',
      '2026-03-13T10:00 li layer',
    ]);
    expect(schedule.gaps).toEqual([]);
    expect((await scheduleOf(NOW, NOW + DAY, 'office')).gaps).toEqual([
      { from: at(NOW), to: '2026-03-11T01:00:00.000Z' },
      { from: '2026-03-11T10:00:00.000Z', to: at(NOW + DAY) },
    ]);
    const whole = RotaSchedule.parse((await get('/api/v1/rotas/network/schedule')).json());
    expect([whole.from, whole.to]).toEqual([at(NOW), at(NOW + 14 * DAY)]);
  });

  it('answers a rota that is not there with 404', async () => {
    for (const url of ['/api/v1/rotas/nobody', '/api/v1/rotas/nobody/schedule', '/api/v1/rotas/nobody/overrides'])
      expect((await get(url)).statusCode).toBe(404);
    expect((await post({ contact: 'li', endsAt: at(NOW + HOUR), reason: 'x' }, undefined, 'nobody')).statusCode).toBe(404);
  });
});

describe('overrides', () => {
  it('put somebody in another’s place for a time, and are audited; ended, the layers are on duty again', async () => {
    const made = await post({ contact: 'wang', startsAt: at(NOW + HOUR), endsAt: at(NOW + 5 * HOUR), reason: '换班' });
    expect(made.statusCode).toBe(201);
    const override = RotaOverrideView.parse(made.json());
    expect(override).toMatchObject({ rota: 'network', contact: 'wang', author: 'bootstrap', reason: '换班', endedAt: null });
    expect(made.headers.location).toBe(`/api/v1/rota-overrides/${override.id}`);
    expect((await get(`/api/v1/rota-overrides/${override.id}`)).json()).toEqual(override);
    const schedule = await scheduleOf(NOW, NOW + 6 * HOUR);
    expect(schedule.spans[1]).toMatchObject({
      from: at(NOW + HOUR),
      to: at(NOW + 5 * HOUR),
      contact: 'wang',
      name: '王工',
      because: 'override',
      override: override.id,
      reason: '换班',
    });

    harness.clock.advance(2 * HOUR);
    expect((await get('/api/v1/rotas/network')).json().now).toMatchObject({ contact: 'wang', until: at(NOW + 5 * HOUR) });
    expect((await remove(override.id)).statusCode).toBe(204);
    expect((await get('/api/v1/rotas/network')).json().now).toMatchObject({ contact: 'li', because: 'layer' });
    // What was so remains so.
    expect((await scheduleOf(NOW + HOUR, NOW + 2 * HOUR)).spans).toMatchObject([{ contact: 'wang' }]);
    expect(codeOf(await remove(override.id))).toBe('already-ended');
    expect((await get('/api/v1/rotas/network/overrides')).json().items).toEqual([]);
    expect((await get('/api/v1/rotas/network/overrides?past=true')).json().items).toMatchObject([
      { id: override.id, endedBy: 'bootstrap' },
    ]);

    const audit = await harness.database.query(
      "SELECT action, object, result FROM audit WHERE action LIKE '%overrid%' AND result = 'done' ORDER BY id",
    );
    expect(audit.rows).toEqual([
      { action: 'POST /api/v1/rotas/:id/overrides', object: override.id, result: 'done' },
      { action: 'DELETE /api/v1/rota-overrides/:id', object: override.id, result: 'done' },
    ]);
  });

  it('of somebody who is no longer configured count for nothing', async () => {
    await insertEntity(harness.database, 'contact', contact('leaver', '离职者'));
    const now = harness.clock.now();
    expect((await post({ contact: 'leaver', endsAt: at(now + HOUR), reason: 'x' })).statusCode).toBe(201);
    expect((await get('/api/v1/rotas/network')).json().now).toMatchObject({ contact: 'leaver' });
    await harness.database.query("UPDATE inventory SET valid_to = $1 WHERE entity = 'contact' AND id = 'leaver'", [now]);
    expect((await get('/api/v1/rotas/network')).json().now).toMatchObject({ contact: 'li' });
  });

  it.each([
    ['a contact that is not there', { contact: 'nobody' }, 'contact'],
    ['a time that is over', { startsAt: at(NOW - 2 * HOUR), endsAt: at(NOW - HOUR) }, 'endsAt'],
    ['an end before the beginning', { startsAt: at(NOW + 9 * HOUR), endsAt: at(NOW + 8 * HOUR) }, 'endsAt'],
    ['more than a year', { startsAt: at(NOW + 9 * HOUR), endsAt: at(NOW + 400 * DAY) }, 'endsAt'],
    ['more than a year from now on', { endsAt: at(NOW + 400 * DAY) }, 'endsAt'],
    ['no reason', { reason: ' ' }, 'reason'],
  ])('are refused with %s', async (_, change, field) => {
    const answer = await post({ contact: 'li', endsAt: at(NOW + 20 * HOUR), reason: 'x', ...change });
    expect(answer.statusCode).toBe(400);
    expect(Problem.parse(answer.json()).errors?.[0]).toMatchObject({ in: 'body', path: field });
  });

  it('need an operator of the whole node', async () => {
    const part = await createToken(app, ['operator'], ['cn.gd']);
    const whole = await createToken(app, ['operator'], ['cn']);
    const body = { contact: 'wang', endsAt: at(NOW + 20 * HOUR), reason: 'x' };
    expect(codeOf(await post(body, part))).toBe('outside-scope');
    const made = RotaOverrideView.parse((await post(body, whole)).json());
    expect(codeOf(await remove(made.id, part))).toBe('outside-scope');
    expect((await remove(made.id, whole)).statusCode).toBe(204);
  });
});
