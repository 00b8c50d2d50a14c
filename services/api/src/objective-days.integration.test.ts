/** A period day by day, the budget used up from day to day, and the outages in it. */
import { type EntityBody, ErrorBudget, ObjectiveDays, ObjectiveOutagePage, Problem } from '@beacontower/contracts';
import { recordTransitions } from '@beacontower/database';
import { exactEdge, type State } from '@beacontower/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, objectBody, startHarness } from './test-harness.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ZONE_MS = 8 * HOUR;
// Midnight in Shanghai.
const midnight = (day: number) => Date.UTC(2026, 2, day) - ZONE_MS;
const INCIDENT = '0b8f3a52-1111-4222-8333-444455556666';

let harness: Harness;
let app: App;

const objective = (id: string, more: Partial<EntityBody<'objective'>> = {}): EntityBody<'objective'> => ({
  id,
  name: `目标 ${id}`,
  nameEn: null,
  class: null,
  objects: ['bj:cut', 'bj:gd'],
  where: null,
  division: 'cn',
  target: 0.99,
  aggregate: 'mean',
  period: 'month',
  rollingDays: null,
  calendar: 'always',
  timeZone: 'Asia/Shanghai',
  basis: 'experienced',
  closeAfterMs: null,
  warnings: [],
  ...more,
});

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  await insertEntity(database, 'object', objectBody('bj:cut', 'cn.bj', { attributes: { nameEn: 'Cut one' } }));
  await insertEntity(database, 'object', objectBody('bj:gd', 'cn.gd'));
  await insertEntity(database, 'objective', objective('whole'));
  const change = (objectId: string, from: State, to: State, ms: number, widthMs = 0) => ({
    objectId,
    check: null,
    transition: {
      from,
      to,
      edge: widthMs === 0 ? exactEdge(ms) : { at: ms, earliest: ms - widthMs, latest: ms + widthMs },
      reason: 'replied' as const,
      decidedAt: ms,
    },
    resolutionMs: 20_000,
    epoch: 1,
    told: false,
  });
  const transitions = [
    change('bj:cut', 'unknown', 'up', Date.UTC(2026, 1, 1)),
    change('bj:gd', 'unknown', 'up', Date.UTC(2026, 1, 1)),
    // Over midnight from the third to the fourth.
    change('bj:cut', 'up', 'down', midnight(4) - HOUR, 5_000),
    change('bj:cut', 'down', 'up', midnight(4) + 2 * HOUR),
    change('bj:gd', 'up', 'down', NOW - 20 * MINUTE),
  ];
  await database.transaction((tx) => recordTransitions(tx, transitions, NOW));
  await database.query(
    `INSERT INTO incidents (id, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at, resolved_at)
     VALUES ($1, 'resolved', 'major', 'bj:cut', 'cn.bj', 'party-b', 'backbone', '断了', $2, $2, $2, $2, $3)`,
    [INCIDENT, midnight(4) - HOUR, midnight(4) + 2 * HOUR],
  );
  await database.query(
    `INSERT INTO incident_members (incident_id, object_id, role, joined_at, left_at) VALUES ($1, 'bj:cut', 'cause', $2, $3)`,
    [INCIDENT, midnight(4) - HOUR, midnight(4) + 2 * HOUR],
  );
  for (let partition = 0; partition < 8; partition++) {
    await database.query(
      "INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES ($1, 1, '0', '', $2, $2)",
      [partition, NOW],
    );
  }
  app = await harness.app({ rateLimit: { max: 100_000, windowMs: 60_000 } });
});
afterAll(() => harness?.close());

const get = (path: string, token?: string) => app.inject({ url: `/api/v1/objectives/${path}`, headers: bearer(token) });

describe('days', () => {
  it('are those of the running period in the zone of the objective, up to now, and add up to its budget', async () => {
    const days = ObjectiveDays.parse((await get('whole/days')).json());
    expect(days).toMatchObject({ timeZone: 'Asia/Shanghai', budgetMs: Math.round(0.01 * 31 * DAY) });
    expect(days.items.map(({ date }) => date)).toEqual([...Array(10).keys()].map((day) => `2026-03-${String(day + 1).padStart(2, '0')}`));
    expect(days.items.at(-1)?.to).toBe(new Date(NOW).toISOString());
    expect(days.items[0]).toMatchObject({ availability: 1, verdict: 'met', downMs: 0, consumedMs: 0 });
    expect(days.items[2]).toMatchObject({ downMs: HOUR, verdict: 'missed', consumedMs: HOUR / 2 });
    expect(days.items[3]).toMatchObject({ downMs: 2 * HOUR, consumedMs: 1.5 * HOUR });
    const budget = ErrorBudget.parse((await get('whole/budget')).json());
    const last = days.items.at(-1);
    expect(last).toMatchObject({
      consumedMs: budget.consumedMs,
      consumedLeastMs: budget.consumedLeastMs,
      consumedMostMs: budget.consumedMostMs,
    });
  });

  it('are of one division when it is named, and of the caller’s own alone', async () => {
    const gd = ObjectiveDays.parse((await get('whole/days?division=cn.gd')).json());
    expect(gd.items[2]).toMatchObject({ downMs: 0 });
    const token = await createToken(app, ['viewer'], ['cn.gd']);
    const own = ObjectiveDays.parse((await get('whole/days', token)).json());
    expect(own.items.map(({ downMs }) => downMs)).toEqual(gd.items.map(({ downMs }) => downMs));
    const other = ObjectiveDays.parse((await get('whole/days?division=cn.bj', token)).json());
    expect(other.items.every(({ availability, downMs }) => availability === null && downMs === 0)).toBe(true);
  });

  it.each([
    ['from=2026-03-01T00:00:00Z', 'to'],
    ['from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'to'],
    ['from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', 'to'],
    ['division=cn..gd', 'division'],
  ])('refuse %s', async (query, path) => {
    const answer = await get(`whole/days?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(Problem.parse(answer.json()).errors?.[0]?.path).toBe(path);
  });

  it('of an objective that is not there are 404', async () => {
    expect((await get('nobody/days')).statusCode).toBe(404);
    expect((await get('nobody/outages')).statusCode).toBe(404);
  });
});

describe('outages', () => {
  it('are listed, the longest first, with whom they are charged to and the incident', async () => {
    const { items } = ObjectiveOutagePage.parse((await get('whole/outages')).json());
    expect(items).toMatchObject([
      {
        object: 'bj:cut',
        downMs: 3 * HOUR,
        edgeUncertaintyMs: 10_000,
        cause: 'bj:cut',
        nameEn: 'Cut one',
        causeName: 'object bj:cut',
        causeNameEn: 'Cut one',
        party: 'party-b',
        incident: { id: INCIDENT, title: '断了', titles: null },
      },
      { object: 'bj:gd', nameEn: null, to: null, downMs: 20 * MINUTE, cause: null, party: 'party-a', incident: null },
    ]);
  });

  it('are cut to the period, and paged', async () => {
    const day = `from=${new Date(midnight(4)).toISOString()}&to=${new Date(midnight(5)).toISOString()}`;
    const cut = ObjectiveOutagePage.parse((await get(`whole/outages?${day}`)).json());
    expect(cut.items).toMatchObject([{ object: 'bj:cut', from: new Date(midnight(4)).toISOString(), downMs: 2 * HOUR }]);
    const first = ObjectiveOutagePage.parse((await get('whole/outages?limit=1')).json());
    const second = ObjectiveOutagePage.parse((await get(`whole/outages?limit=1&cursor=${first.nextCursor}`)).json());
    expect([first, second].map(({ items }) => items.map(({ object }) => object))).toEqual([['bj:cut'], ['bj:gd']]);
  });

  it('of another province are not told, nor its incident', async () => {
    const token = await createToken(app, ['viewer'], ['cn.gd']);
    const { items } = ObjectiveOutagePage.parse((await get('whole/outages', token)).json());
    expect(items.map(({ object }) => object)).toEqual(['bj:gd']);
    const named = ObjectiveOutagePage.parse((await get('whole/outages?object=bj:cut', token)).json());
    expect(named.items).toEqual([]);
  });
});
