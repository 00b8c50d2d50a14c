/** Who sees one province learns nothing of another from a figure, its evidence or a closed period. */
import { randomUUID } from 'node:crypto';
import { ClosedPeriod, StretchPage, Timeline } from '@beacontower/contracts';
import { recordTransitions } from '@beacontower/database';
import { exactEdge, type State } from '@beacontower/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, objectBody, startHarness } from './test-harness.ts';

const HOUR = 3_600_000;
const FROM = Date.parse('2026-02-01T00:00:00+08:00');
const TO = Date.parse('2026-03-01T00:00:00+08:00');
const PERIOD = `from=${new Date(FROM).toISOString()}&to=${new Date(TO).toISOString()}`;

let harness: Harness;
let app: App;

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  await insertEntity(database, 'object', objectBody('bj:a', 'cn.gd.sz'));
  await insertEntity(database, 'object', objectBody('bj:b', 'cn.gd.gz'));
  await insertEntity(database, 'objective', {
    id: 'named',
    name: '骨干',
    nameEn: null,
    class: null,
    objects: ['bj:a', 'bj:b'],
    where: null,
    division: 'cn.gd',
    target: 0.999,
    aggregate: 'mean',
    period: 'month',
    rollingDays: null,
    calendar: 'always',
    timeZone: 'Asia/Shanghai',
    basis: 'experienced',
    closeAfterMs: null,
    warnings: [],
  });
  for (let partition = 0; partition < 8; partition++) {
    await database.query(
      "INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES ($1, 1, '0', '', $2, 0)",
      [partition, NOW],
    );
  }
  const changes: [State, State, number][] = [
    ['unknown', 'up', FROM],
    ['up', 'down', FROM + HOUR],
    ['down', 'up', FROM + 2 * HOUR],
  ];
  const items = ['bj:a', 'bj:b'].flatMap((objectId) =>
    changes.map(([from, to, at]) => {
      const transition = { from, to, edge: exactEdge(at), reason: 'no-reply' as const, decidedAt: at };
      return { objectId, check: null, transition, resolutionMs: 20_000, epoch: 1, told: false };
    }),
  );
  await database.transaction((tx) => recordTransitions(tx, items, TO));
  const incident = randomUUID();
  await database.query(
    `INSERT INTO incidents (id, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at, resolved_at)
     VALUES ($1, 'resolved', 'minor', 'bj:b', 'cn.gd.gz', 'carrier', 'other', 't', $2, $2, $2, $2, $3)`,
    [incident, FROM + HOUR, FROM + 2 * HOUR],
  );
  await database.query(
    `INSERT INTO incident_members (incident_id, object_id, role, joined_at, left_at)
     VALUES ($1, 'bj:b', 'cause', $2, $3), ($1, 'bj:a', 'symptom', $2, $3)`,
    [incident, FROM + HOUR, FROM + 2 * HOUR],
  );
  app = await harness.app({ rateLimit: { max: 100_000, windowMs: 60_000 } });
});
afterAll(() => harness?.close());

const get = async (url: string, token?: string) => {
  const answer = await app.inject({ url, headers: bearer(token) });
  expect(answer.statusCode, answer.body).toBe(200);
  return { text: answer.body, json: answer.json() as unknown };
};

it('the evidence names whom an outage is charged to, but no incident of another division', async () => {
  const own = await createToken(app, ['viewer'], ['cn.gd.sz']);
  const url = `/api/v1/availability/evidence?objective=named&${PERIOD}&state=down`;
  const all = StretchPage.parse((await get(url)).json);
  expect(all.items).toMatchObject([
    { object: 'bj:a', incident: { cause: 'bj:b' } },
    { object: 'bj:b', incident: { cause: 'bj:b' } },
  ]);
  const { json, text } = await get(url, own);
  expect(StretchPage.parse(json).items).toMatchObject([{ object: 'bj:a', incident: null, charged: 'carrier' }]);
  expect(text).not.toContain('bj:b');
});

it('a timeline names no cause of another division', async () => {
  const own = await createToken(app, ['viewer'], ['cn.gd.sz']);
  const url = `/api/v1/objects/${encodeURIComponent('bj:a')}/timeline?${PERIOD}`;
  const downOf = (json: unknown) => Timeline.parse(json).items.find(({ state }) => state === 'down');
  expect(downOf((await get(url)).json)).toMatchObject({ cause: 'bj:b', party: 'carrier' });
  expect(downOf((await get(url, own)).json)).toMatchObject({ cause: null, party: 'carrier' });
});

it('the definition of a closed period names the caller’s own objects alone', async () => {
  const made = await app.inject({
    method: 'POST',
    url: '/api/v1/periods',
    headers: bearer(),
    payload: { objective: 'named', period: '2026-02', reason: 'r' },
  });
  expect(made.statusCode, made.body).toBe(201);
  const { id, definition } = ClosedPeriod.parse(made.json());
  expect(definition.objects).toEqual(['bj:a', 'bj:b']);
  const { json, text } = await get(`/api/v1/periods/${id}`, await createToken(app, ['viewer'], ['cn.gd.sz']));
  expect(ClosedPeriod.parse(json).definition.objects).toEqual(['bj:a']);
  expect(text).not.toContain('bj:b');
});
