/** What the API says of error budgets: used, left, how fast they burn, and until when they last. */
import { type EntityBody, ErrorBudget, IncidentDetail, IncidentPage, Problem } from '@beacontower/contracts';
import { recordTransitions, writeWarningChange } from '@beacontower/database';
import { exactEdge, type State } from '@beacontower/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, objectBody, startHarness } from './test-harness.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const INCIDENT = '0b8f3a52-1111-4222-8333-444455556666';
const at = (ms: number) => new Date(ms).toISOString();

let harness: Harness;
let app: App;

const objective = (id: string, objects: string[], more: Partial<EntityBody<'objective'>> = {}): EntityBody<'objective'> => ({
  id,
  name: `目标 ${id}`,
  nameEn: null,
  class: null,
  objects,
  where: null,
  division: 'cn',
  target: 0.999,
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
  for (const id of ['bj:cut', 'bj:good', 'bj:dark']) await insertEntity(database, 'object', objectBody(id, 'cn'));
  const own = { severity: 'minor', longMs: HOUR, shortMs: 10 * MINUTE, rate: 5 } as const;
  const blind = { severity: 'critical', longMs: HOUR, shortMs: 10_000, rate: 1 } as const;
  await insertEntity(database, 'objective', objective('cut', ['bj:cut'], { warnings: [own, blind] }));
  await insertEntity(database, 'objective', objective('good', ['bj:good']));
  await insertEntity(database, 'objective', objective('dark', ['bj:dark']));
  await insertEntity(database, 'objective', objective('rolling', ['bj:cut'], { period: 'rolling', rollingDays: 7 }));
  await insertEntity(database, 'objective', objective('nobody', ['bj:gone']));
  const change = (objectId: string, from: State, to: State, ms: number) => ({
    objectId,
    check: null,
    transition: { from, to, edge: exactEdge(ms), reason: 'replied' as const, decidedAt: ms },
    resolutionMs: 20_000,
    epoch: 1,
    told: false,
  });
  const transitions = [
    change('bj:cut', 'unknown', 'up', Date.UTC(2026, 1, 1)),
    change('bj:good', 'unknown', 'up', Date.UTC(2026, 1, 1)),
    change('bj:cut', 'up', 'down', NOW - 20 * MINUTE),
  ];
  await database.transaction((tx) => recordTransitions(tx, transitions, NOW));
  for (let partition = 0; partition < 8; partition++) {
    await database.query(
      "INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES ($1, 1, '0', '', $2, $2)",
      [partition, NOW],
    );
  }
  app = await harness.app({ rateLimit: { max: 100_000, windowMs: 60_000 } });
});
afterAll(() => harness?.close());

const get = (url: string, token?: string) => app.inject({ url: `/api/v1${url}`, headers: bearer(token) });
const budget = async (id: string, query = '') => ErrorBudget.parse((await get(`/objectives/${id}/budget${query}`)).json());

describe('GET /api/v1/objectives/{id}/budget', () => {
  it('says what is used and left of the running month, how fast it burns, what fires, and until when it lasts', async () => {
    const answer = await budget('cut');
    expect(answer).toMatchObject({
      label: '2026-03',
      from: '2026-02-28T16:00:00.000Z',
      to: '2026-03-31T16:00:00.000Z',
      asOf: at(NOW),
      members: 1,
      budgetMs: 31 * 24 * HOUR * 0.001,
      consumedMs: 20 * MINUTE,
      consumedLeastMs: 20 * MINUTE,
      consumedMostMs: 20 * MINUTE,
      firing: ['minor'],
      incident: null,
    });
    expect(answer.leftMs).toBe(answer.budgetMs - 20 * MINUTE);
    expect(answer.windows.map(({ name, severity, verdict }) => [name, severity, verdict])).toEqual([
      [null, 'minor', 'fires'],
      // Ten seconds of a check that looks every ten and may miss one say nothing.
      [null, 'critical', 'window-below-resolution'],
      ['fast', 'critical', 'fires'],
      ['slow', 'major', 'fires'],
    ]);
    expect(answer.windows[0]?.longRate).toBeCloseTo(20 / 60 / 0.001, 6);
    expect(answer.windows[0]?.shortRate).toBeCloseTo(1000, 6);
    expect(answer.forecast).toMatchObject({ reason: 'forecast', windowMs: 6 * HOUR });
    // What is left, at 20 minutes lost in six hours.
    expect(Date.parse(answer.forecast.exhaustedAt ?? '')).toBeCloseTo(NOW + (answer.leftMs * 6 * HOUR) / (20 * MINUTE), -2);
  });

  it('an untouched budget is whole, and what nobody observed is not: it has no figure and bounds that say so', async () => {
    expect(await budget('good')).toMatchObject({
      consumedMs: 0,
      leftFraction: 1,
      burnRate: 0,
      firing: [],
      forecast: { reason: 'not-burning' },
    });
    const dark = await budget('dark');
    expect(dark).toMatchObject({
      availability: null,
      lowest: 0,
      highest: 1,
      burnRate: null,
      consumedMs: 0,
      forecast: { exhaustedAt: null, reason: 'not-observed' },
    });
    expect(dark.consumedMostMs).toBeGreaterThan(dark.budgetMs);
    expect(dark.windows.map(({ verdict }) => verdict)).toEqual(['not-observed', 'not-observed']);
  });

  it('an objective without members has no budget, and nothing is said to last', async () => {
    expect(await budget('nobody')).toMatchObject({ members: 0, availability: null, consumedMs: 0, forecast: { exhaustedAt: null } });
  });

  it('of a rolling period tells the last whole days', async () => {
    const answer = await budget('rolling');
    expect(answer).toMatchObject({
      label: null,
      from: '2026-03-02T16:00:00.000Z',
      to: '2026-03-09T16:00:00.000Z',
      budgetMs: 7 * 24 * HOUR * 0.001,
      consumedMs: 0,
    });
    expect(answer.forecast.reason).toBe('forecast');
  });

  it('tells of a moment of the past', async () => {
    const answer = await budget('cut', `?at=${at(NOW - 10 * MINUTE)}`);
    expect(answer).toMatchObject({ consumedMs: 10 * MINUTE, at: at(NOW - 10 * MINUTE) });
    expect(await budget('cut', '?at=2026-02-10T00:00:00Z')).toMatchObject({ label: '2026-02', consumedMs: 0 });
  });

  it.each([
    ['unknown', '', 404, 'not-found'],
    ['cut', '?at=yesterday', 400, 'invalid-request'],
    ['cut', `?at=${at(NOW + 1)}`, 400, 'invalid-request'],
    ['cut', '?at=1999-01-01T00:00:00Z', 400, 'invalid-request'],
    ['cut', '?when=now', 400, 'invalid-request'],
  ])('refuses %s%s', async (id, query, status, code) => {
    const answer = await get(`/objectives/${id}/budget${query}`);
    expect(answer.statusCode).toBe(status);
    expect(Problem.parse(answer.json()).code).toBe(code);
  });
});

describe('an early warning among the incidents', () => {
  beforeAll(async () => {
    const about = {
      ...{ objective: 'cut', name: '目标 cut', nameEn: null, target: 0.999, firing: [], periodFrom: 0, periodTo: NOW },
      ...{ budgetMs: 1, leftMs: 1, leftFraction: 1, exhaustedAt: null, forecast: 'lasts' as const },
    };
    const opened = {
      change: 'opened',
      id: INCIDENT,
      severity: 'minor',
      title: '预警',
      division: 'cn',
      class: 'backbone',
      about,
      at: NOW,
    } as const;
    const { database } = harness;
    expect(await database.transaction((tx) => writeWarningChange(tx, opened))).toBe(true);
    // One is under way: there is no second.
    const second = { ...opened, id: '0b8f3a52-2222-4222-8333-444455556666' };
    expect(await database.transaction((tx) => writeWarningChange(tx, second))).toBe(false);
  });

  it('is listed, told of in full, and shown with the budget', async () => {
    const { items } = IncidentPage.parse((await get('/incidents?kind=early-warning')).json());
    expect(items).toMatchObject([
      { id: INCIDENT, kind: 'early-warning', objective: 'cut', cause: 'objective/cut', party: null, affected: 0 },
    ]);
    expect(IncidentPage.parse((await get('/incidents?kind=outage')).json()).items).toEqual([]);
    const detail = IncidentDetail.parse((await get(`/incidents/${INCIDENT}`)).json());
    expect(detail.objects).toEqual([]);
    expect(detail.timeline[0]).toMatchObject({ kind: 'opened', detail: { warning: { objective: 'cut' } } });
    expect((await budget('cut')).incident).toBe(INCIDENT);
  });

  it('is none of the concern of another division', async () => {
    const token = await createToken(app, ['viewer'], ['cn.gd']);
    expect((await get(`/incidents/${INCIDENT}`, token)).statusCode).toBe(404);
    expect(ErrorBudget.parse((await get('/objectives/cut/budget', token)).json())).toMatchObject({ members: 0, incident: null });
  });

  it('is acknowledged by a person, and resolved by none', async () => {
    const post = (act: string, revision: string, payload: object) =>
      app.inject({ method: 'POST', url: `/api/v1/incidents/${INCIDENT}/${act}`, headers: { ...bearer(), 'if-match': revision }, payload });
    expect((await post('acknowledge', '"1"', {})).statusCode).toBe(200);
    const refused = await post('resolve', '"2"', { note: 'enough' });
    expect(refused.statusCode).toBe(409);
    expect(Problem.parse(refused.json())).toMatchObject({ code: 'cause-still-bad' });
  });
});
