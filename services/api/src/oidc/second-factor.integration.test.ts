import { CSRF_HEADER, type SessionView } from '@beacontower/contracts';
import { setAccount } from '@beacontower/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditOf, codeAt } from '../accounts/account.fixture.ts';
import type { App } from '../context.ts';
import { type Harness, startHarness } from '../test-harness.ts';
import { CLIENT_ID, CLIENT_SECRET, startProvider, type TestProvider } from './provider.fixture.ts';

const PUBLIC = 'https://noc.example.cn';
let held: Harness;
let provider: TestProvider;
let app: App;

beforeAll(async () => {
  [held, provider] = await Promise.all([startHarness(), startProvider(PUBLIC)]);
  const client = { issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, name: 'provider' };
  app = await held.app({ oidc: { ...client, nameClaim: 'preferred_username', secondFactor: [], publicUrl: PUBLIC } });
}, 60_000);
afterAll(async () => {
  await provider.close();
  await held.close();
});

const cookieOf = (set: unknown) => String([set].flat().at(-1)).split(';')[0] ?? '';

/** The whole way of a browser; the cookie it ends with. */
async function signIn(): Promise<string> {
  const left = await app.inject('/api/v1/session/oidc');
  const back = await provider.visit(String(left.headers.location));
  const headers = { cookie: cookieOf(left.headers['set-cookie']) };
  return cookieOf((await app.inject({ url: `${back.pathname}${back.search}`, headers })).headers['set-cookie']);
}

/** A person of the provider with a role here, signed in. */
async function personWith(name: string, role: 'operator' | 'audit-administrator'): Promise<string> {
  provider.person = { sub: name, claims: { preferred_username: name } };
  await signIn();
  const found = await held.database.query<{ id: string }>('SELECT id FROM accounts WHERE oidc_subject = $1', [name]);
  await setAccount(held.database, found.rows[0]?.id ?? '', { roles: [role], divisions: [''] });
  return signIn();
}

async function sessionOf(cookie: string): Promise<SessionView> {
  return (await app.inject({ url: '/api/v1/session', headers: { cookie } })).json();
}

async function ask(cookie: string, path: string, payload: object) {
  const { csrf } = await sessionOf(cookie);
  const headers = { cookie, [CSRF_HEADER]: String(csrf) };
  const answer = await app.inject({ method: 'POST', url: `/api/v1/session/second-factor/${path}`, headers, payload });
  const set = answer.headers['set-cookie'];
  return {
    status: answer.statusCode,
    body: answer.statusCode === 204 ? {} : answer.json(),
    cookie: set === undefined ? cookie : cookieOf(set),
  };
}
async function enrol(cookie: string) {
  const { body } = await ask(cookie, 'setup', {});
  const confirmed = await ask(cookie, 'confirm', { code: codeAt(body.secret, held.clock.now()) });
  expect(confirmed.status).toBe(200);
  held.clock.advance(60_000);
  return { cookie: confirmed.cookie, secret: String(body.secret), codes: confirmed.body.codes as string[] };
}

describe('the second factor of a session from the provider', () => {
  it('is set up within minutes of a sign-in there; later one signs in again', async () => {
    const cookie = await personWith('late', 'operator');
    held.clock.advance(5 * 60_000);
    for (const path of ['setup', 'remove'])
      expect((await ask(cookie, path, {})).body, path).toMatchObject({ code: 'sign-in-again', status: 403 });
    // No password is one of theirs, nor is a code where there is no second factor.
    expect((await ask(cookie, 'setup', { password: 'x', code: '123456' })).body.code).toBe('sign-in-again');
    await enrol(await signIn());
  });

  it('is asked of the setting-up that the policy demands, too', async () => {
    const cookie = await personWith('admin-late', 'audit-administrator');
    expect(await sessionOf(cookie)).toMatchObject({ stage: 'enrol' });
    held.clock.advance(5 * 60_000);
    expect((await ask(cookie, 'setup', {})).body.code).toBe('sign-in-again');
  });

  it('is changed and removed later by a code of it or a recovery code, each good once', async () => {
    const { cookie, secret, codes } = await enrol(await personWith('coded', 'operator'));
    held.clock.advance(5 * 60_000);
    expect((await ask(cookie, 'remove', {})).body.code).toBe('sign-in-again');
    expect((await ask(cookie, 'remove', { code: '000000' })).body.code).toBe('code-wrong');
    const code = codeAt(secret, held.clock.now());
    expect((await ask(cookie, 'setup', { code })).status).toBe(200);
    expect((await ask(cookie, 'remove', { code })).body.code).toBe('code-wrong');
    expect((await ask(cookie, 'remove', { code: codes[0] })).status).toBe(204);
    expect(await sessionOf(cookie)).toMatchObject({ secondFactor: false });
    const asked = await auditOf(held, 'session.second-factor-asked');
    expect(asked.map(({ actor, detail }) => [actor, detail.by])).toEqual([
      ['coded', 'code'],
      ['coded', 'recovery-code'],
    ]);
  });

  it('guessed at locks the account and ends the session', async () => {
    const { cookie } = await enrol(await personWith('guessed', 'operator'));
    for (let tries = 0; tries < 5; tries++) await ask(cookie, 'remove', { code: '000000' });
    expect((await app.inject({ url: '/api/v1/session', headers: { cookie } })).statusCode).toBe(401);
    expect((await auditOf(held, 'account.locked')).at(-1)).toMatchObject({ actor: 'guessed' });
  });

  it('sends who is to sign in again to a provider that asks', async () => {
    const answer = await app.inject({ url: '/api/v1/session/oidc', query: { to: '/me', again: 'true' } });
    expect(new URL(String(answer.headers.location)).searchParams.get('prompt')).toBe('login');
  });
});
