import { randomUUID } from 'node:crypto';
import { ACTIVE_HEADER, CSRF_HEADER, type SessionView } from '@beacontower/contracts';
import { insertAccount, Passwords, setAccount } from '@beacontower/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../context.ts';
import { bearer, createToken, type Harness, startHarness } from '../test-harness.ts';

const PASSWORD = 'correct-Horse-7-battery';
let harness: Harness;
let app: App;

async function makeAccount(name: string, more: Parameters<typeof setAccount>[2] = {}): Promise<string> {
  const id = randomUUID();
  const now = harness.clock.now();
  await insertAccount(harness.database, { id, name, displayName: name, roles: ['operator'], divisions: [''] }, { actor: 'test', now });
  await setAccount(harness.database, id, { passwordHash: await new Passwords().hash(PASSWORD), passwordSetAt: now, ...more });
  return id;
}

const signIn = (name: string, password = PASSWORD, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/api/v1/session', payload: { name, password }, headers });

interface Signed {
  readonly cookie: string;
  readonly csrf: string;
  readonly view: SessionView;
}

async function signed(name: string): Promise<Signed> {
  const answer = await signIn(name);
  expect(answer.statusCode).toBe(201);
  const view = answer.json<SessionView>();
  return { cookie: String(answer.headers['set-cookie']).split(';')[0] ?? '', csrf: view.csrf ?? '', view };
}

const get = (url: string, { cookie }: Pick<Signed, 'cookie'>, headers: Record<string, string> = {}) =>
  app.inject({ url, headers: { cookie, ...headers } });

const auditOf = async (action: string) =>
  (
    await harness.database.query<{ actor: string; result: string; object: string; detail: Record<string, unknown> }>(
      'SELECT actor, result, object, detail FROM audit WHERE action = $1 ORDER BY id',
      [action],
    )
  ).rows;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app();
}, 60_000);
afterAll(() => harness.close());

describe('signing in', () => {
  it('hands out a cookie that scripts cannot read, and says who is there', async () => {
    await makeAccount('zhang.wei');
    const answer = await signIn('Zhang.Wei');
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['set-cookie']).toMatch(/^beacontower=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(answer.json()).toMatchObject({ name: 'zhang.wei', stage: 'full', method: 'password', roles: ['operator'], divisions: [''] });
    expect(JSON.stringify(answer.json())).not.toContain('argon2');
    const view = (await get('/api/v1/session', { cookie: String(answer.headers['set-cookie']).split(';')[0] ?? '' })).json<SessionView>();
    expect(view.csrf).toHaveLength(43);
    expect((await auditOf('session.sign-in')).at(-1)).toMatchObject({ actor: 'zhang.wei', result: 'done' });
    expect(await auditOf('POST /api/v1/session')).toEqual([]);
  });

  it('opens what the roles open, and nothing else', async () => {
    const session = await signed('zhang.wei');
    expect((await get('/api/v1/incidents', session)).statusCode).toBe(200);
    expect((await get('/api/v1/tokens', session)).statusCode).toBe(403);
    expect((await app.inject({ url: '/api/v1/incidents' })).statusCode).toBe(401);
    const forged = `beacontower=${'A'.repeat(43)}`;
    expect((await get('/api/v1/incidents', { cookie: forged })).statusCode).toBe(401);
  });

  it('ends by signing out', async () => {
    const session = await signed('zhang.wei');
    const out = await app.inject({
      method: 'DELETE',
      url: '/api/v1/session',
      headers: { cookie: session.cookie, [CSRF_HEADER]: session.csrf },
    });
    expect(out.statusCode).toBe(204);
    expect(out.headers['set-cookie']).toMatch(/^beacontower=;.*Max-Age=0/);
    expect((await get('/api/v1/session', session)).statusCode).toBe(401);
    expect((await auditOf('session.sign-out')).at(-1)).toMatchObject({ actor: 'zhang.wei', object: session.view.id });
  });

  it('refuses a wrong password, a wrong name and a disabled account in the same words', async () => {
    await makeAccount('gone', { disabledAt: 1 });
    await makeAccount('outside', { passwordHash: null });
    const answers = await Promise.all([signIn('zhang.wei', 'wrong'), signIn('nobody', 'wrong'), signIn('gone'), signIn('outside')]);
    const told = answers.map((answer) => ({ status: answer.statusCode, code: answer.json().code, detail: answer.json().detail }));
    expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(told[0]).toMatchObject({ status: 401, code: 'sign-in-refused' });
    const rows = (await auditOf('session.sign-in')).filter(({ result }) => result === 'denied');
    expect(rows.map(({ actor, detail }) => `${actor}: ${String(detail.reason)}`).sort()).toEqual([
      'anonymous: unknown-name',
      'gone: disabled',
      'outside: no-password',
      'zhang.wei: wrong-password',
    ]);
    expect(JSON.stringify(rows)).not.toContain('nobody');
  });
});

describe('a change by cookie', () => {
  const change = (session: Signed, headers: Record<string, string>) =>
    app.inject({ method: 'DELETE', url: `/api/v1/silences/${randomUUID()}`, headers: { cookie: session.cookie, ...headers } });

  it.each([
    ['without the token', () => ({}), 403, 'csrf'],
    ['with another token', () => ({ [CSRF_HEADER]: 'x'.repeat(43) }), 403, 'csrf'],
    ['from another site by origin', ({ csrf }: Signed) => ({ [CSRF_HEADER]: csrf, origin: 'https://evil.example' }), 403, 'cross-site'],
    [
      'from another site by fetch metadata',
      ({ csrf }: Signed) => ({ [CSRF_HEADER]: csrf, 'sec-fetch-site': 'same-site' }),
      403,
      'cross-site',
    ],
    ['from an opaque origin', ({ csrf }: Signed) => ({ [CSRF_HEADER]: csrf, origin: 'null' }), 403, 'cross-site'],
    ['with it', ({ csrf }: Signed) => ({ [CSRF_HEADER]: csrf, origin: 'http://localhost:80', host: 'localhost:80' }), 404, 'not-found'],
  ])('%s', async (_what, headers, status, code) => {
    const session = await signed('zhang.wei');
    const answer = await change(session, headers(session) as Record<string, string>);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  it('is not asked of a token', async () => {
    const answer = await app.inject({ method: 'DELETE', url: `/api/v1/silences/${randomUUID()}`, headers: bearer() });
    expect(answer.statusCode).toBe(404);
  });

  it('cannot be a sign-in from another site', async () => {
    expect((await signIn('zhang.wei', PASSWORD, { origin: 'https://evil.example' })).statusCode).toBe(403);
  });
});

describe('a session', () => {
  it('ends when nobody used it, however much its page asks', async () => {
    const session = await signed('zhang.wei');
    for (let minutes = 0; minutes < 28; minutes += 7) {
      harness.clock.advance(7 * 60_000);
      expect((await get('/api/v1/incidents', session)).statusCode).toBe(200);
    }
    harness.clock.advance(2 * 60_000);
    expect((await get('/api/v1/incidents', session)).statusCode).toBe(401);
    expect((await auditOf('session.expired')).at(-1)).toMatchObject({
      actor: 'zhang.wei',
      object: session.view.id,
      detail: { because: 'idle' },
    });
  });

  it('goes on while somebody does, but no longer than the longest', async () => {
    const session = await signed('zhang.wei');
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      harness.clock.advance(20 * 60_000);
      expect((await get('/api/v1/session', session, { [ACTIVE_HEADER]: '1' })).statusCode).toBe(200);
    }
    harness.clock.advance(20 * 60_000);
    expect((await get('/api/v1/session', session, { [ACTIVE_HEADER]: '1' })).statusCode).toBe(401);
    expect((await auditOf('session.expired')).at(-1)?.detail).toMatchObject({ because: 'expired' });
  });

  it('of a wall is opened by a token that may only read, does not idle, and ends with the token', async () => {
    const token = await createToken(app, ['viewer'], ['cn.gd']);
    const answer = await app.inject({ method: 'POST', url: '/api/v1/session', payload: { token } });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['set-cookie']).toMatch(/Max-Age=\d{8}/);
    const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
    harness.clock.advance(30 * 86_400_000);
    expect((await get('/api/v1/session', { cookie })).json()).toMatchObject({ method: 'token', idleMs: null, divisions: ['cn.gd'] });
    await harness.database.query("UPDATE api_tokens SET revoked_at = 1 WHERE divisions = '{cn.gd}'");
    expect((await get('/api/v1/session', { cookie })).statusCode).toBe(401);
    const more = await createToken(app, ['operator'], ['']);
    expect((await app.inject({ method: 'POST', url: '/api/v1/session', payload: { token: more } })).json().code).toBe('viewer-token-only');
    expect((await app.inject({ method: 'POST', url: '/api/v1/session', payload: { token: 'bt_none' } })).statusCode).toBe(401);
  });
});

describe('many attempts at once', () => {
  it('of one address are judged no oftener than one after another', async () => {
    const flooded = await harness.app();
    const guess = (name: string) => flooded.inject({ method: 'POST', url: '/api/v1/session', payload: { name, password: 'x' } });
    for (let count = 0; count < 25; count += 1) expect((await guess(`early${count}`)).statusCode).toBe(401);
    const answers = await Promise.all(Array.from({ length: 25 }, (_, index) => guess(`late${index}`)));
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
  });
});
