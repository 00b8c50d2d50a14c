import { Maintenance, Problem, Silence } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, objectBody, startHarness } from './test-harness.ts';

const HOUR = 3_600_000;
const at = (ms: number) => new Date(ms).toISOString();
const PLAN = { title: 'fibre', objects: ['bj:a'], startsAt: at(NOW + HOUR), endsAt: at(NOW + 2 * HOUR) };

let harness: Harness;
let app: App;

beforeAll(async () => {
  harness = await startHarness();
  await insertEntity(harness.database, 'object', objectBody('bj:a', 'cn.gd'));
  await insertEntity(harness.database, 'object', objectBody('bj:b', 'cn.gx'));
  app = await harness.app({ rateLimit: { max: 100_000, windowMs: 60_000 } });
});
afterAll(() => harness?.close());

const post = (url: string, payload: object | undefined, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url, headers: { ...bearer(), ...headers }, ...(payload ? { payload } : {}) });
const remove = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'DELETE', url, headers: { ...bearer(), ...headers } });
const count = async (table: string) =>
  (await harness.database.query<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)).rows[0]?.count;
const codeOf = (answer: { json(): unknown }) => Problem.parse(answer.json()).code;

describe('Idempotency-Key', () => {
  it('gives the stored answer to the same request, and makes nothing twice', async () => {
    const before = (await count('maintenance')) ?? 0;
    const first = await post('/api/v1/maintenance', PLAN, { 'idempotency-key': 'k1' });
    const again = await post('/api/v1/maintenance', PLAN, { 'idempotency-key': 'k1' });
    expect([first.statusCode, again.statusCode]).toEqual([201, 201]);
    expect(again.json()).toEqual(first.json());
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.headers.location).toBe(first.headers.location);
    expect(await count('maintenance')).toBe(before + 1);
  });

  it('refuses the key for another request with 422', async () => {
    const answer = await post('/api/v1/maintenance', { ...PLAN, title: 'other' }, { 'idempotency-key': 'k1' });
    expect([answer.statusCode, codeOf(answer)]).toEqual([422, 'idempotency-key-reused']);
  });

  it('lets one of two at once through; the other gets 409 or the stored answer', async () => {
    const before = (await count('maintenance')) ?? 0;
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('/api/v1/maintenance', PLAN, { 'idempotency-key': 'k2' })));
    expect(answers.filter((answer) => answer.statusCode === 201).length).toBeGreaterThan(0);
    for (const answer of answers)
      if (answer.statusCode !== 201) expect([answer.statusCode, codeOf(answer)]).toEqual([409, 'request-under-way']);
    expect(await count('maintenance')).toBe(before + 1);
  });

  it('finds what it made when the process died before the answer was stored', async () => {
    const before = (await count('maintenance')) ?? 0;
    const first = await post('/api/v1/maintenance', PLAN, { 'idempotency-key': 'k3' });
    await harness.database.query("UPDATE idempotency_keys SET status = NULL, response = NULL WHERE key = 'k3'");
    expect((await post('/api/v1/maintenance', PLAN, { 'idempotency-key': 'k3' })).statusCode).toBe(409);
    harness.clock.advance(61_000);
    const again = await post('/api/v1/maintenance', PLAN, { 'idempotency-key': 'k3' });
    expect(again.statusCode).toBe(201);
    expect((again.json() as { id: string }).id).toBe((first.json() as { id: string }).id);
    expect(await count('maintenance')).toBe(before + 1);
  });

  it('never stores a token', async () => {
    const body = { name: 'once', roles: ['viewer'], divisions: ['cn'] };
    const first = await post('/api/v1/tokens', body, { 'idempotency-key': 't1' });
    const { token } = first.json() as { token: string };
    expect(token).toMatch(/^bt_[\w-]{43}$/);
    const again = await post('/api/v1/tokens', body, { 'idempotency-key': 't1' });
    expect([again.statusCode, codeOf(again)]).toEqual([409, 'already-created']);
    const everything = await harness.database.query(
      'SELECT row_to_json(k)::text AS text FROM idempotency_keys k UNION ALL SELECT row_to_json(a)::text FROM audit a UNION ALL SELECT row_to_json(t)::text FROM api_tokens t',
    );
    for (const row of everything.rows) expect(row.text).not.toContain(token);
  });

  it('is refused when it is no key', async () => {
    const answer = await post('/api/v1/maintenance', PLAN, { 'idempotency-key': 'a b' });
    expect(Problem.parse(answer.json()).errors?.[0]).toMatchObject({ in: 'header', path: 'Idempotency-Key' });
  });
});

describe('planned work', () => {
  it('is approved by who read it last, and only then', async () => {
    const made = await post('/api/v1/maintenance', {
      ...PLAN,
      startsAt: at(harness.clock.now() + HOUR),
      endsAt: at(harness.clock.now() + 2 * HOUR),
    });
    const { id } = Maintenance.parse(made.json());
    const approve = `/api/v1/maintenance/${id}/approve`;
    expect(made.headers.etag).toBe('"1"');
    expect((await post(approve, undefined)).statusCode).toBe(428);
    expect((await post(approve, undefined, { 'if-match': '1' })).statusCode).toBe(400);
    const stale = await post(approve, undefined, { 'if-match': '"7"' });
    expect([stale.statusCode, stale.headers.etag]).toEqual([412, '"1"']);
    const approved = await post(approve, undefined, { 'if-match': '"1"' });
    expect([approved.statusCode, approved.headers.etag]).toEqual([200, '"2"']);
    expect(Maintenance.parse(approved.json())).toMatchObject({ approvedBy: 'bootstrap', excludedFromAvailability: true, revision: 2 });
    expect(codeOf(await post(approve, undefined, { 'if-match': '*' }))).toBe('already-approved');
    expect((await remove(`/api/v1/maintenance/${id}`, { 'if-match': '"1"' })).statusCode).toBe(412);
    expect((await remove(`/api/v1/maintenance/${id}`, { 'if-match': '"2"' })).statusCode).toBe(204);
    expect(codeOf(await remove(`/api/v1/maintenance/${id}`, { 'if-match': '*' }))).toBe('already-cancelled');
  });

  it('is not excluded when it is approved after it began', async () => {
    const now = harness.clock.now();
    const { id } = Maintenance.parse(
      (await post('/api/v1/maintenance', { ...PLAN, startsAt: at(now - 1), endsAt: at(now + HOUR) })).json(),
    );
    const approved = await post(`/api/v1/maintenance/${id}/approve`, undefined, { 'if-match': '*' });
    expect(Maintenance.parse(approved.json())).toMatchObject({
      excludedFromAvailability: false,
      advice: expect.stringContaining('POST /api/v1/reclassifications') as string,
    });
    const object = (await app.inject({ url: '/api/v1/objects/bj:a', headers: bearer() })).json() as { maintenance: boolean };
    expect(object.maintenance).toBe(true);
  });

  it('is refused when it is over already, since it could never count', async () => {
    const now = harness.clock.now();
    const over = await post('/api/v1/maintenance', { ...PLAN, startsAt: at(now - HOUR), endsAt: at(now) });
    expect(over.statusCode).toBe(400);
    expect(Problem.parse(over.json()).errors).toMatchObject([{ in: 'body', path: 'endsAt', message: 'lies in the past' }]);
  });

  it('names objects that are not there, and divisions out of reach', async () => {
    const unknown = await post('/api/v1/maintenance', { ...PLAN, objects: ['bj:a', 'bj:nothing'] });
    expect(Problem.parse(unknown.json()).errors).toMatchObject([{ path: 'objects.1' }]);
    const token = await createToken(app, ['operator'], ['cn.gd']);
    expect((await post('/api/v1/maintenance', { ...PLAN, objects: ['bj:b'] }, bearer(token))).statusCode).toBe(400);
    expect((await post('/api/v1/maintenance', { ...PLAN, objects: [], divisions: ['cn'] }, bearer(token))).statusCode).toBe(403);
    expect((await post('/api/v1/maintenance', { ...PLAN, objects: [], divisions: ['cn.gd.sz'] }, bearer(token))).statusCode).toBe(201);
  });

  it('of several divisions is seen by each, with its own objects, and changed by neither', async () => {
    const made = await post('/api/v1/maintenance', { ...PLAN, objects: ['bj:a', 'bj:b'] });
    const { id } = Maintenance.parse(made.json());
    const token = await createToken(app, ['operator'], ['cn.gx']);
    const seen = await app.inject({ url: `/api/v1/maintenance/${id}`, headers: bearer(token) });
    expect(Maintenance.parse(seen.json()).objects).toEqual(['bj:b']);
    expect((await remove(`/api/v1/maintenance/${id}`, { ...bearer(token), 'if-match': '*' })).statusCode).toBe(403);
    const elsewhere = await createToken(app, ['operator'], ['cn.yn']);
    expect((await app.inject({ url: `/api/v1/maintenance/${id}`, headers: bearer(elsewhere) })).statusCode).toBe(404);
  });
});

describe('silences', () => {
  it('begin now unless told, and end when told', async () => {
    const now = harness.clock.now();
    const made = await post('/api/v1/silences', { divisions: ['cn'], reason: 'drill', endsAt: at(now + HOUR) });
    const silence = Silence.parse(made.json());
    expect(silence).toMatchObject({ startsAt: at(now), author: 'bootstrap', severities: [] });
    expect((await remove(`/api/v1/silences/${silence.id}`)).statusCode).toBe(204);
    expect(codeOf(await remove(`/api/v1/silences/${silence.id}`))).toBe('already-ended');
    const past = await post('/api/v1/silences', { divisions: ['cn'], reason: 'drill', endsAt: at(now - 1) });
    expect(Problem.parse(past.json()).errors?.[0]?.path).toBe('endsAt');
  });
});

describe('tokens and the audit', () => {
  it('give nobody more than he has', async () => {
    const token = await createToken(app, ['system-administrator'], ['cn.gd']);
    const asked = { name: 'x', roles: ['viewer'], divisions: ['cn'] };
    expect(codeOf(await post('/api/v1/tokens', asked, bearer(token)))).toBe('outside-scope');
    expect((await post('/api/v1/tokens', { ...asked, divisions: ['cn.gd.sz'] }, bearer(token))).statusCode).toBe(201);
  });

  it('expire', async () => {
    const made = await post('/api/v1/tokens', {
      name: 'x',
      roles: ['viewer'],
      divisions: ['cn'],
      expiresAt: at(harness.clock.now() + HOUR),
    });
    const { token } = made.json() as { token: string };
    const ask = async () => (await app.inject({ url: '/api/v1/nodes', headers: bearer(token) })).statusCode;
    expect(await ask()).toBe(200);
    harness.clock.advance(HOUR);
    expect(await ask()).toBe(401);
  });

  it('record every write, done or refused', async () => {
    const token = await createToken(app, ['viewer'], ['cn']);
    await post('/api/v1/maintenance', PLAN, bearer(token));
    await post('/api/v1/maintenance', PLAN, { authorization: '' });
    const rows = await harness.database.query<{ actor: string; action: string; result: string; object: string }>(
      'SELECT actor, action, result, object FROM audit ORDER BY id DESC LIMIT 3',
    );
    expect(rows.rows.map(({ actor, action, result }) => [actor, action, result])).toEqual([
      ['anonymous', 'POST /api/v1/maintenance', 'denied'],
      ['viewer of cn', 'POST /api/v1/maintenance', 'denied'],
      ['bootstrap', 'POST /api/v1/tokens', 'done'],
    ]);
    expect(rows.rows[2]?.object).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the rate limit', () => {
  it('counts each token apart and says when to come back', async () => {
    const limited = await harness.app({ rateLimit: { max: 3, windowMs: 60_000 } });
    const token = await createToken(app, ['viewer'], ['cn']);
    const ask = (headers: Record<string, string>) => limited.inject({ url: '/api/v1/nodes', headers });
    for (let i = 0; i < 3; i++) expect((await ask(bearer())).statusCode).toBe(200);
    const refused = await ask(bearer());
    expect([refused.statusCode, codeOf(refused)]).toEqual([429, 'too-many-requests']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask(bearer(token))).statusCode).toBe(200);
    expect((await limited.inject('/healthz')).statusCode).toBe(200);
  });
});

describe('what a node below states', () => {
  it('is changed there, and not here', async () => {
    const made = Maintenance.parse((await post('/api/v1/maintenance', PLAN)).json());
    expect(made.node).toBe(null);
    await harness.database.query("UPDATE maintenance SET node = 'gd' WHERE id = $1", [made.id]);
    const answer = await post(`/api/v1/maintenance/${made.id}/approve`, undefined, { 'if-match': '"1"' });
    expect([answer.statusCode, codeOf(answer)]).toEqual([409, 'of-another-node']);
    const found = await app.inject({ url: `/api/v1/maintenance/${made.id}`, headers: bearer() });
    expect(found.json()).toMatchObject({ node: 'gd', approvedAt: null });
  });
});
