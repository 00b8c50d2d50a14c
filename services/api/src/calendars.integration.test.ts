import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, startHarness } from './test-harness.ts';

let harness: Harness;
let app: App;
let token: string;

const office = [
  { from: 510, to: 720 },
  { from: 810, to: 1050 },
];
const objective = {
  name: '工作时间可用率',
  nameEn: 'Office hours',
  class: null,
  objects: ['bj:secret'],
  division: 'cn',
  target: 0.9995,
  aggregate: 'mean' as const,
  timeZone: 'Asia/Shanghai',
  basis: 'responsible' as const,
};

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  await insertEntity(database, 'calendar', {
    id: 'office-hours',
    name: '工作时间',
    nameEn: 'Office hours',
    week: [office, office, office, office, office, [], []],
    dates: [
      { date: '2026-02-16', spans: [], name: '春节' },
      { date: '2026-02-28', spans: office, name: '春节' },
      { date: '2018-02-15', spans: [], name: '春节' },
    ],
    knownUntil: '2026-12-31',
  });
  await insertEntity(database, 'objective', {
    id: 'office',
    ...objective,
    where: { kinds: ['access-line'], divisions: ['cn.gd'], parties: null, attributes: { carrier: '运营商甲' } },
    period: 'half-year',
    rollingDays: null,
    calendar: 'office-hours',
    closeAfterMs: 432_000_000,
    warnings: [{ severity: 'critical', longMs: 3_600_000, shortMs: 300_000, rate: 14.4 }],
  });
  await insertEntity(database, 'objective', {
    id: 'rolling',
    ...objective,
    where: null,
    period: 'rolling',
    rollingDays: 30,
    calendar: 'always',
    closeAfterMs: null,
    warnings: [],
  });
  app = await harness.app();
  token = await createToken(app, ['viewer'], ['']);
});
afterAll(async () => {
  await harness.close();
});

const ask = async (url: string) => {
  const response = await app.inject({ url, headers: bearer(token) });
  return { status: response.statusCode, body: response.json() };
};

describe('GET /api/v1/objectives', () => {
  it('shows all that an objective says, but not which objects it names', async () => {
    const { status, body } = await ask('/api/v1/objectives');
    expect(status).toBe(200);
    expect(body.items).toEqual([
      {
        id: 'office',
        name: '工作时间可用率',
        nameEn: 'Office hours',
        class: null,
        where: { kinds: ['access-line'], divisions: ['cn.gd'], parties: null, attributes: { carrier: '运营商甲' } },
        division: 'cn',
        target: 0.9995,
        aggregate: 'mean',
        period: 'half-year',
        rollingDays: null,
        basis: 'responsible',
        calendar: 'office-hours',
        calendarKnownUntil: '2026-12-31',
        timeZone: 'Asia/Shanghai',
        closeAfterMs: 432_000_000,
        warnings: [{ severity: 'critical', longMs: 3_600_000, shortMs: 300_000, rate: 14.4 }],
        members: 0,
      },
      expect.objectContaining({
        id: 'rolling',
        period: 'rolling',
        rollingDays: 30,
        calendarKnownUntil: null,
        closeAfterMs: null,
        warnings: [],
      }),
    ]);
    expect(JSON.stringify(body)).not.toContain('bj:secret');
  });
});

describe('GET /api/v1/calendars', () => {
  const spans = ['08:30-12:00', '13:30-17:30'];

  it('shows the week and the dates of a year in words', async () => {
    const { status, body } = await ask('/api/v1/calendars?year=2026');
    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        {
          id: 'office-hours',
          name: '工作时间',
          nameEn: 'Office hours',
          week: { monday: spans, tuesday: spans, wednesday: spans, thursday: spans, friday: spans, saturday: [], sunday: [] },
          dates: [
            { date: '2026-02-16', spans: [], name: '春节' },
            { date: '2026-02-28', spans, name: '春节' },
          ],
          knownUntil: '2026-12-31',
        },
      ],
      nextCursor: null,
    });
    expect((await ask('/api/v1/calendars')).body.items[0].dates).toHaveLength(3);
  });

  it.each(['/api/v1/calendars?year=soon', '/api/v1/calendars?month=2'])('refuses %s', async (url) => {
    expect((await ask(url)).status).toBe(400);
  });

  it('is for those with a token', async () => {
    expect((await app.inject({ url: '/api/v1/calendars' })).statusCode).toBe(401);
  });
});
