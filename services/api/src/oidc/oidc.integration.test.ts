import type { SessionView } from '@beacontower/contracts';
import { insertAccount, setAccount } from '@beacontower/database';
import type { OidcSettings } from '@beacontower/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../context.ts';
import { type Harness, startHarness } from '../test-harness.ts';
import { CLIENT_ID, CLIENT_SECRET, startProvider, type TestProvider } from './provider.fixture.ts';

const PUBLIC = 'https://noc.example.cn';
let held: Harness;
let provider: TestProvider;
let app: App;
let settings: OidcSettings;

beforeAll(async () => {
  [held, provider] = await Promise.all([startHarness(), startProvider(PUBLIC)]);
  settings = {
    issuer: provider.issuer,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    name: '统一身份认证',
    nameClaim: 'preferred_username',
    secondFactor: [],
    publicUrl: PUBLIC,
  };
  app = await held.app({ oidc: settings });
});

beforeEach(() => {
  provider.person = null;
});

afterAll(async () => {
  await provider.close();
  await held.close();
});

interface Answer {
  readonly statusCode: number;
  readonly headers: Record<string, unknown>;
}
const cookiesOf = ({ headers }: Answer) =>
  [headers['set-cookie'] ?? []]
    .flat()
    .map((text) => String(text).split(';')[0])
    .join('; ');

/** Leaves for the provider; the address there and the cookie of the flow. */
async function leave(of = app, to?: string): Promise<{ url: string; cookie: string }> {
  const answer = await of.inject({ url: '/api/v1/session/oidc', query: to === undefined ? {} : { to } });
  expect(answer.statusCode).toBe(302);
  return { url: String(answer.headers.location), cookie: cookiesOf(answer) };
}

function comeBack(address: URL, cookie: string, of = app) {
  return of.inject({ url: `${address.pathname}${address.search}`, headers: { cookie } });
}

/** The whole way; where the browser ends, and its cookie. */
async function signIn(of = app, to?: string): Promise<{ location: string; cookie: string }> {
  const { url, cookie } = await leave(of, to);
  const answer = await comeBack(await provider.visit(url), cookie, of);
  expect(answer.statusCode).toBe(302);
  return { location: String(answer.headers.location), cookie: cookiesOf(answer) };
}

async function sessionOf(cookie: string, of = app): Promise<SessionView> {
  const answer = await of.inject({ url: '/api/v1/session', headers: { cookie } });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}

const idOf = async (subject: string) =>
  (await held.database.query<{ id: string }>('SELECT id FROM accounts WHERE oidc_subject = $1', [subject])).rows[0]?.id ?? '';

async function give(subject: string, set: Parameters<typeof setAccount>[2]): Promise<void> {
  await setAccount(held.database, await idOf(subject), set);
}

const reasons = async () =>
  (
    await held.database.query<{ reason: string | null }>(
      "SELECT detail->>'reason' AS reason FROM audit WHERE action = 'session.sign-in' ORDER BY id DESC LIMIT 1",
    )
  ).rows[0]?.reason;

describe('a person of the provider', () => {
  it('gets an account without rights at the first visit, and comes in once somebody gave them', async () => {
    provider.person = { sub: 'subject-of-wang', claims: { preferred_username: 'wang.wei', name: '王伟', email: 'wang@example.cn' } };
    expect((await signIn()).location).toBe('/sign-in?oidc=no-rights');
    const found = await held.database.query('SELECT name, display_name, roles, divisions, oidc_issuer, password_hash FROM accounts');
    expect(found.rows).toEqual([
      { name: 'wang.wei', display_name: '王伟', roles: [], divisions: [], oidc_issuer: provider.issuer, password_hash: null },
    ]);
    await give('subject-of-wang', { roles: ['operator'], divisions: ['cn.gd'] });
    const { location, cookie } = await signIn(app, '/incidents?mine=1');
    expect(location).toBe('/incidents?mine=1');
    expect(await sessionOf(cookie)).toMatchObject({
      name: 'wang.wei',
      method: 'oidc',
      stage: 'full',
      roles: ['operator'],
      divisions: ['cn.gd'],
    });
    const rows = await held.database.query('SELECT action, result FROM audit ORDER BY id');
    expect(rows.rows).toEqual([
      { action: 'account.create', result: 'done' },
      { action: 'session.sign-in', result: 'denied' },
      { action: 'session.sign-in', result: 'done' },
    ]);
  });

  it('stays the same account under another name', async () => {
    provider.person = { sub: 'subject-of-wang', claims: { preferred_username: 'wang.da-wei' } };
    const { cookie } = await signIn();
    expect(await sessionOf(cookie)).toMatchObject({ name: 'wang.wei' });
  });

  it('is not called as the system itself is, nor by what cannot be seen or stored', async () => {
    provider.person = { sub: 'actor', claims: { preferred_username: 'bootstrap', name: 'a\u0000b\u202ec\u001b[2J' } };
    expect((await signIn()).location).toBe('/sign-in?oidc=no-rights');
    const found = await held.database.query("SELECT name, display_name FROM accounts WHERE oidc_subject = 'actor'");
    expect(found.rows).toEqual([{ name: 'bootstrap-2', display_name: 'a b c [2J' }]);
  });

  it("opens nobody else's account by a name or an address", async () => {
    const id = '3f9c2f5e-0000-4000-8000-000000000001';
    const local = { id, name: 'chief', displayName: 'chief', email: 'chief@example.cn', roles: ['duty-manager' as const], divisions: [''] };
    await insertAccount(held.database, local, { actor: 'test', now: held.clock.now() });
    provider.person = { sub: 'stranger', claims: { preferred_username: 'Chief', email: 'chief@example.cn', email_verified: true } };
    expect((await signIn()).location).toBe('/sign-in?oidc=no-rights');
    const found = await held.database.query("SELECT name, roles FROM accounts WHERE oidc_subject = 'stranger'");
    expect(found.rows).toEqual([{ name: 'Chief-2', roles: [] }]);
  });

  it.each([
    ['disabled', { disabledAt: 1 }, { disabledAt: null }],
    ['locked', { lockedUntil: Number.MAX_SAFE_INTEGER }, { lockedUntil: null }],
  ] as const)('does not come in while the account is %s', async (why, set, back) => {
    provider.person = { sub: 'subject-of-wang' };
    await give('subject-of-wang', set);
    expect(await signIn()).toMatchObject({ location: `/sign-in?oidc=${why}`, cookie: '' });
    expect(await reasons()).toBe(why);
    await give('subject-of-wang', back);
  });

  it("still needs a second factor of ours, unless the provider's is taken for it", async () => {
    provider.person = { sub: 'admin', claims: { preferred_username: 'sec' }, amr: ['pwd', 'mfa'], acr: 'urn:two' };
    await signIn();
    await give('admin', { roles: ['security-administrator'], divisions: [''] });
    expect(await sessionOf((await signIn()).cookie)).toMatchObject({ stage: 'enrol' });
    for (const secondFactor of [
      { claim: 'amr', value: 'mfa' },
      { claim: 'acr', value: 'urn:two' },
    ] as const) {
      const trusting = await held.app({ oidc: { ...settings, secondFactor: [secondFactor] } });
      expect(await sessionOf((await signIn(trusting)).cookie, trusting), secondFactor.claim).toMatchObject({ stage: 'full' });
    }
    const other = await held.app({ oidc: { ...settings, secondFactor: [{ claim: 'amr', value: 'hwk' }] } });
    expect(await sessionOf((await signIn(other)).cookie, other)).toMatchObject({ stage: 'enrol' });
  });
});

describe('a way back that is not the way out', () => {
  beforeEach(() => {
    provider.person = { sub: 'subject-of-wang' };
  });

  it("is refused without the cookie, with another's, and a second time", async () => {
    const mine = await leave();
    const others = await leave();
    const back = await provider.visit(mine.url);
    expect((await comeBack(back, '')).headers.location).toBe('/sign-in?oidc=flow-over');
    expect((await comeBack(back, others.cookie)).headers.location).toBe('/sign-in?oidc=answer-not-valid');
    expect((await comeBack(back, mine.cookie)).headers.location).toBe('/');
    expect((await comeBack(back, mine.cookie)).headers.location).toBe('/sign-in?oidc=flow-over');
  });

  it('is refused with another state, without a code, with a code of another, and when the person gave up', async () => {
    const { url, cookie } = await leave();
    const back = await provider.visit(url);
    back.searchParams.set('state', 'x');
    expect((await comeBack(back, cookie)).headers.location).toBe('/sign-in?oidc=answer-not-valid');

    const second = await leave();
    const without = await provider.visit(second.url);
    without.searchParams.delete('code');
    expect((await comeBack(without, second.cookie)).headers.location).toBe('/sign-in?oidc=answer-not-valid');

    const third = await leave();
    const mixed = await provider.visit(third.url);
    const stolen = (await provider.visit((await leave()).url)).searchParams.get('code') ?? '';
    mixed.searchParams.set('code', stolen);
    expect((await comeBack(mixed, third.cookie)).headers.location).toBe('/sign-in?oidc=answer-not-valid');

    provider.person = null;
    expect((await signIn()).location).toBe('/sign-in?oidc=provider-refused');
  });

  it('is refused after ten minutes', async () => {
    const { url, cookie } = await leave();
    const back = await provider.visit(url);
    held.clock.advance(10 * 60_000);
    expect((await comeBack(back, cookie)).headers.location).toBe('/sign-in?oidc=flow-over');
  });

  it('goes to no other host afterwards', async () => {
    for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil', 'javascript:alert(1)', '']) {
      expect((await app.inject({ url: '/api/v1/session/oidc', query: { to } })).statusCode, to).toBe(400);
    }
  });

  it('leaves nothing of the flow in the answer but its address and a cookie for this browser', async () => {
    const answer = await app.inject({ url: '/api/v1/session/oidc' });
    expect(answer.headers['set-cookie']).toMatch(/^beacontower-flow=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
    const url = new URL(String(answer.headers.location));
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: CLIENT_ID,
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${PUBLIC}/api/v1/session/oidc/callback`,
      scope: 'openid profile email',
    });
    expect(url.searchParams.get('nonce')?.length).toBeGreaterThan(40);
    expect(url.href).not.toContain(CLIENT_SECRET);
  });
});

describe('the provider', () => {
  it('is offered where there is one', async () => {
    expect((await app.inject('/api/v1/session/ways')).json()).toMatchObject({
      oidc: { name: '统一身份认证', start: '/api/v1/session/oidc' },
    });
    const without = await held.app();
    expect((await without.inject('/api/v1/session/ways')).json()).toMatchObject({ oidc: null });
    for (const path of ['', '/callback', '/end']) expect((await without.inject(`/api/v1/session/oidc${path}`)).statusCode).toBe(404);
  });

  it('is left by its own sign-out', async () => {
    const answer = await app.inject('/api/v1/session/oidc/end');
    const url = new URL(String(answer.headers.location));
    expect(url.origin).toBe(provider.issuer);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${PUBLIC}/sign-in`);
  });

  it('that does not answer is told, and asked again the next time', async () => {
    const silent = await held.app({ oidc: { ...settings, issuer: 'http://127.0.0.1:9' } });
    expect((await silent.inject('/api/v1/session/oidc')).headers.location).toBe('/sign-in?oidc=provider-unreachable');
    expect((await silent.inject('/api/v1/session/oidc/end')).headers.location).toBe('/sign-in');
  });

  it('with another secret is not believed, and with clear HTTP elsewhere not asked', async () => {
    provider.person = { sub: 'subject-of-wang' };
    const wrong = await held.app({ oidc: { ...settings, clientSecret: 'wrong' } });
    expect((await signIn(wrong)).location).toBe('/sign-in?oidc=answer-not-valid');
    const clear = await held.app({ oidc: { ...settings, issuer: 'http://192.0.2.1' } });
    expect((await clear.inject('/api/v1/session/oidc')).headers.location).toBe('/sign-in?oidc=provider-unreachable');
  });
});
