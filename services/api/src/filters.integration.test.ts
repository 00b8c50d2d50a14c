import { IncidentPage, MaintenancePage } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, objectBody, startHarness } from './test-harness.ts';

let harness: Harness;
let app: App;

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  for (const [id, division] of [
    ['bj:r', 'cn.gd'],
    ['bj:r/ge0', 'cn.gd'],
    ['bj:s', 'cn.gd.gz'],
    ['bj:x', 'cn.gx'],
  ] as const)
    await insertEntity(database, 'object', objectBody(id, division));
  await database.query(
    `WITH made AS (INSERT INTO incidents (id, state, severity, cause_object, division, class, title, started_at, started_earliest, started_latest, opened_at, owner)
       VALUES (gen_random_uuid(), 'open', 'major', 'bj:r', 'cn.gd', 'backbone', '100% loss_of r', $1, $1, $1, $1, NULL),
         (gen_random_uuid(), 'acknowledged', 'minor', 'bj:s', 'cn.gd.gz', 'backbone', 'loss of s', $1, $1, $1, $1, 'zhao'),
         (gen_random_uuid(), 'resolved', 'minor', 'bj:r', 'cn.gd', 'backbone', 'r again', $1, $1, $1, $1, NULL),
         (gen_random_uuid(), 'closed', 'minor', 'bj:x', 'cn.gx', 'backbone', 'x', $1, $1, $1, $1, 'zhao') RETURNING id, cause_object, state)
     INSERT INTO incident_members (incident_id, object_id, role, joined_at, left_at)
       SELECT id, cause_object, 'cause', $1, CASE state WHEN 'open' THEN NULL ELSE $1 END::bigint FROM made
       UNION ALL SELECT id, 'bj:x', 'symptom', $1, NULL FROM made WHERE state = 'open'`,
    [NOW],
  );
  await database.query(
    `INSERT INTO maintenance (id, title, objects, divisions, starts_at, ends_at, created_at, created_by)
     VALUES (gen_random_uuid(), 'router', '{bj:r}', '{}', 4, 5, 1, 'x'), (gen_random_uuid(), 'city', '{}', '{cn.gd.gz}', 3, 5, 1, 'x'),
       (gen_random_uuid(), 'province', '{}', '{cn.gd}', 2, 5, 1, 'x'), (gen_random_uuid(), 'other', '{bj:x}', '{cn.g}', 1, 5, 1, 'x')`,
  );
  app = await harness.app();
});
afterAll(() => harness?.close());

const get = (url: string, token?: string) => app.inject({ url: `/api/v1${url}`, headers: bearer(token) });

describe('incidents', () => {
  const numbers = async (query: string, token?: string) =>
    IncidentPage.parse((await get(`/incidents?${query}`, token)).json()).items.map(({ number }) => number);

  it.each([
    ['active=true', [2, 1]],
    ['active=false', [4, 3]],
    ['unassigned=true', [3, 1]],
    ['active=true&unassigned=false', [2]],
    ['object=bj:r', [3, 1]],
    ['object=bj:x', [4, 1]],
    ['object=bj:nothing', []],
    ['q=LOSS', [2, 1]],
    ['q=loss_of', [1]],
    ['q=100%25', [1]],
    ['q=%233', [3]],
    ['q=4', [4]],
    ['q=99999999999', []],
  ])('are found by %s', async (query, expected) => {
    expect(await numbers(query)).toEqual(expected);
  });

  it('say nothing of what an object of other divisions was in', async () => {
    const token = await createToken(app, ['viewer'], ['cn.gd']);
    expect(await numbers('', token)).toEqual([3, 2, 1]);
    expect(await numbers('object=bj:x', token)).toEqual([]);
    expect(await numbers('object=bj:s', token)).toEqual([2]);
  });

  it.each(['active=yes', 'unassigned=', 'q=', 'q=%20', 'object=', 'active=true&active=false'])('refuse %s', async (query) => {
    expect((await get(`/incidents?${query}`)).statusCode).toBe(400);
  });
});

describe('planned work', () => {
  const titles = async (query: string, token?: string) =>
    MaintenancePage.parse((await get(`/maintenance?${query}`, token)).json()).items.map(({ title }) => title);

  it.each([
    ['bj:r', ['router', 'province']],
    ['bj:r/ge0', ['router', 'province']],
    ['bj:s', ['city', 'province']],
    ['bj:x', ['other']],
    ['bj:nothing', []],
  ])('that covers %s is found', async (object, expected) => {
    expect(await titles(`object=${encodeURIComponent(object)}`)).toEqual(expected);
  });

  it('says nothing of an object of other divisions', async () => {
    const token = await createToken(app, ['viewer'], ['cn.gd.gz']);
    expect(await titles('object=bj:s', token)).toEqual(['city', 'province']);
    expect(await titles('object=bj:r', token)).toEqual([]);
  });
});
