import { DEFAULT_ACCESS_POLICY } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../context.ts';
import { BOOTSTRAP, bearer, createToken, type Harness, startHarness } from '../test-harness.ts';
import { auditOf, Browser, codeAt, makeAccount, PASSWORD } from './account.fixture.ts';
import { sweepSessions } from './sweep.ts';

let harness: Harness;
let app: App;
let system: Browser;
let security: Browser;
let gdSecurity: Browser;
const ids: Record<string, string> = {};

/** Signs an administrator in; the policy of these tests asks nobody for a second factor. */
async function signedIn(name: string): Promise<Browser> {
  const browser = new Browser(app);
  await browser.signIn(name);
  return browser;
}

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app();
  await harness.database.query('INSERT INTO access_policy (body, revision, changed_at, changed_by) VALUES ($1, 1, 0, $2)', [
    JSON.stringify({ secondFactor: 'optional' }),
    'test',
  ]);
  ids.system = await makeAccount(harness, 'system', { roles: ['system-administrator'] });
  ids.security = await makeAccount(harness, 'security', { roles: ['security-administrator'] });
  ids.gdSecurity = await makeAccount(harness, 'security.gd', { roles: ['security-administrator'], divisions: ['cn.gd'] });
  ids.gd = await makeAccount(harness, 'operator.gd', { divisions: ['cn.gd.shenzhen'] });
  ids.fj = await makeAccount(harness, 'operator.fj', { divisions: ['cn.fj'] });
  [system, security, gdSecurity] = await Promise.all([signedIn('system'), signedIn('security'), signedIn('security.gd')]);
}, 60_000);
afterAll(() => harness.close());

describe('an account', () => {
  it('is made by a system administrator, given rights by a security administrator, and comes in by a one-time password', async () => {
    const made = await system.ask('POST', '/accounts', { name: 'wang.fang', displayName: '王芳', email: 'wang.fang@example.org' });
    expect([made.status, made.body.state]).toEqual([201, 'no-rights']);
    const { id } = made.body;
    expect((await system.ask('PUT', `/accounts/${id}/rights`, { roles: ['operator'], divisions: [''] }, { 'if-match': '*' })).status).toBe(
      403,
    );
    const rights = await security.ask(
      'PUT',
      `/accounts/${id}/rights`,
      { roles: ['operator'], divisions: ['cn.gd'] },
      { 'if-match': '"1"' },
    );
    expect([rights.status, rights.headers.etag]).toEqual([200, '"2"']);
    expect((await security.ask('PUT', `/accounts/${id}/rights`, { roles: [], divisions: [] }, { 'if-match': '"1"' })).status).toBe(412);

    const reset = await system.ask('POST', `/accounts/${id}/password`);
    expect(reset.status).toBe(201);
    expect(reset.body.password).toMatch(/^[a-z\d]{4}(-[a-z\d]{4}){3}$/);
    const person = new Browser(app);
    expect((await person.signIn('wang.fang', reset.body.password)).stage).toBe('change-password');
    expect((await person.ask('POST', '/session/password', { current: reset.body.password, next: PASSWORD })).body.stage).toBe('full');
    expect((await person.ask('GET', '/incidents')).status).toBe(200);

    const rows = await harness.database.query('SELECT * FROM audit');
    expect(JSON.stringify(rows.rows)).not.toContain(reset.body.password);
    for (const action of ['account.create', 'account.rights', 'account.password-reset', 'account.password-changed'])
      expect((await auditOf(harness, action)).at(-1)).toMatchObject({ object: id, result: 'done' });
    expect((await auditOf(harness, 'account.rights')).at(-1)?.detail).toMatchObject({
      before: { roles: [], divisions: [] },
      after: { roles: ['operator'], divisions: ['cn.gd'] },
    });
  });

  it.each([
    ['a name somebody has, in another case', { name: 'Wang.Fang', displayName: 'x' }, 409, 'name-taken'],
    ['a name in full width that somebody has', { name: 'ｗａｎｇ.fang', displayName: 'x' }, 409, 'name-taken'],
    ['a name of the system itself', { name: 'Bootstrap', displayName: 'x' }, 400, 'invalid-request'],
    ['a name of the identity provider', { name: 'node', displayName: 'x' }, 400, 'invalid-request'],
    ['what a terminal obeys', { name: 'sly', displayName: 'x\u001b[2J' }, 400, 'invalid-request'],
    ['what turns the words after it', { name: 'sly', displayName: 'x\u202e' }, 400, 'invalid-request'],
    ['a name with a line in it', { name: 'a\nb', displayName: 'x' }, 400, 'invalid-request'],
    ['rights with it', { name: 'sly', displayName: 'x', roles: ['operator'] }, 400, 'invalid-request'],
  ])('is not made with %s', async (_what, body, status, code) => {
    const answer = await system.ask('POST', '/accounts', body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('that is disabled is out at once, and in again when it is not', async () => {
    const id = await makeAccount(harness, 'leaver');
    const person = await signedIn('leaver');
    const body = { displayName: 'Leaver', email: null, disabled: true };
    expect((await system.ask('PUT', `/accounts/${id}`, body, { 'if-match': '*' })).body.state).toBe('disabled');
    expect((await person.ask('GET', '/incidents')).status).toBe(401);
    expect((await person.ask('POST', '/session', { name: 'leaver', password: PASSWORD })).status).toBe(401);
    await system.ask('PUT', `/accounts/${id}`, { ...body, disabled: false }, { 'if-match': '*' });
    await person.signIn('leaver');
  });

  it('leaves no token behind that may do more than read, neither when it goes nor when it may less', async () => {
    const id = await makeAccount(harness, 'maker', { roles: ['system-administrator'] });
    const person = await signedIn('maker');
    const make = async (name: string, role: string) =>
      (await person.ask('POST', '/tokens', { name, roles: [role], divisions: [''] })).body as unknown as { token: string };
    const [wall, backdoor] = [await make('wall-of-maker', 'viewer'), await make('backdoor', 'system-administrator')];
    const may = async ({ token }: { token: string }, path: string) =>
      (await app.inject({ url: `/api/v1${path}`, headers: { authorization: `Bearer ${token}` } })).statusCode;
    expect([await may(wall, '/incidents'), await may(backdoor, '/tokens')]).toEqual([200, 200]);
    await security.ask('PUT', `/accounts/${id}/rights`, { roles: ['viewer'], divisions: [''] }, { 'if-match': '*' });
    expect([await may(wall, '/incidents'), await may(backdoor, '/tokens')]).toEqual([200, 401]);
    const told = (await auditOf(harness, 'account.rights')).find(({ object }) => object === id);
    expect(told?.detail.tokensRevoked).toHaveLength(1);
  });

  it('has no more rights in a session it opened before', async () => {
    const id = await makeAccount(harness, 'mover');
    const person = await signedIn('mover');
    await security.ask('PUT', `/accounts/${id}/rights`, { roles: ['viewer'], divisions: ['cn.fj'] }, { 'if-match': '*' });
    expect((await person.ask('GET', '/incidents')).status).toBe(401);
    expect(await person.signIn('mover')).toMatchObject({ roles: ['viewer'], divisions: ['cn.fj'] });
  });

  it('that locked itself is let in by a security administrator', async () => {
    const id = await makeAccount(harness, 'forgetful', {}, { failures: 5, lockedUntil: harness.clock.now() + 900_000 });
    expect((await security.ask('GET', `/accounts/${id}`)).body.state).toBe('locked');
    expect((await new Browser(app).ask('POST', '/session', { name: 'forgetful', password: PASSWORD })).status).toBe(401);
    expect((await system.ask('POST', `/accounts/${id}/unlock`)).status).toBe(403);
    expect((await security.ask('POST', `/accounts/${id}/unlock`)).body.state).toBe('active');
    await signedIn('forgetful');
  });

  it('that lost its telephone sets up another', async () => {
    const id = await makeAccount(harness, 'lost');
    const person = await signedIn('lost');
    const { body } = await person.ask('POST', '/session/second-factor/setup', { password: PASSWORD });
    await person.ask('POST', '/session/second-factor/confirm', { code: codeAt(body.secret, harness.clock.now()) });
    expect((await security.ask('POST', `/accounts/${id}/second-factor/reset`)).status).toBe(204);
    expect((await person.ask('GET', '/session')).status).toBe(401);
    expect((await person.signIn('lost')).stage).toBe('full');
  });
});

describe('a token', () => {
  it.each([['command line'], ['Identity Provider'], ['a\u202eb'], ['a\u001b[2J']])('is not called %j', async (name) => {
    expect((await system.ask('POST', '/tokens', { name, roles: ['viewer'], divisions: [''] })).status).toBe(400);
  });
});

describe('three administrators', () => {
  it('are three people', async () => {
    const body = { roles: ['system-administrator', 'audit-administrator'], divisions: [''] };
    const answer = await security.ask('PUT', `/accounts/${ids.gd}/rights`, body, { 'if-match': '*' });
    expect([answer.status, answer.body.errors[0]?.path]).toEqual([400, 'roles']);
    const direct = harness.database.query("UPDATE accounts SET roles = '{audit-administrator,system-administrator}' WHERE name = 'system'");
    await expect(direct).rejects.toThrow(/check constraint/);
  });

  it('decide nothing on themselves, and the last of each stays', async () => {
    const rights = { roles: ['operator'], divisions: [''] };
    expect((await security.ask('PUT', `/accounts/${ids.security}/rights`, rights, { 'if-match': '*' })).body.code).toBe('own-account');
    const off = { displayName: 'x', email: null, disabled: true };
    expect((await system.ask('PUT', `/accounts/${ids.system}`, off, { 'if-match': '*' })).body.code).toBe('own-account');
    expect((await security.ask('PUT', `/accounts/${ids.system}/rights`, rights, { 'if-match': '*' })).body.code).toBe('last-administrator');
    expect((await system.ask('POST', `/accounts/${ids.system}/password`)).body.code).toBe('own-account');
    expect((await security.ask('POST', `/accounts/${ids.security}/second-factor/reset`)).body.code).toBe('own-account');
  });

  it('do not take each other over: passwords of security and audit are set on the machine', async () => {
    expect((await system.ask('POST', `/accounts/${ids.security}/password`)).body.code).toBe('on-the-machine');
    expect((await security.ask('POST', `/accounts/${ids.gd}/password`)).body.code).toBe('role-required');
    expect((await system.ask('POST', `/accounts/${ids.gd}/second-factor/reset`)).body.code).toBe('role-required');
  });

  it('see nothing of the network as security administrators', async () => {
    for (const path of ['/incidents', '/objects', '/availability', '/tokens?x=1', '/audit'])
      expect([path, (await security.ask('GET', path)).status].join()).toMatch(/,(403|400)$/);
  });

  it('get no more from a token than they have', async () => {
    const more = await system.ask('POST', '/tokens', { name: 'sly', roles: ['duty-manager'], divisions: [''] });
    expect([more.status, more.body.code]).toEqual([403, 'outside-rights']);
    const same = await system.ask('POST', '/tokens', { name: 'system', roles: ['viewer'], divisions: [''] });
    expect([same.status, same.body.code]).toEqual([409, 'name-taken']);
    const token = await system.ask('POST', '/tokens', { name: 'wall', roles: ['viewer'], divisions: [''] });
    expect(token.status).toBe(201);
    expect((await security.ask('DELETE', `/tokens/${token.body.id}`)).status).toBe(204);
    expect((await system.ask('POST', '/accounts', { name: 'operator+system-administrator of ', displayName: 'x' })).status).toBe(400);
  });
});

describe('a security administrator of one province', () => {
  it('sees and changes only who lies within it', async () => {
    const names = (await gdSecurity.ask('GET', '/accounts')).body.items.map(({ name }) => name);
    expect(names).toContain('operator.gd');
    expect(names).not.toContain('operator.fj');
    expect(names).not.toContain('system');
    const rights = { roles: ['viewer'], divisions: ['cn.gd'] };
    for (const path of [`/accounts/${ids.fj}`, `/accounts/${ids.system}`]) expect((await gdSecurity.ask('GET', path)).status).toBe(404);
    expect((await gdSecurity.ask('PUT', `/accounts/${ids.fj}/rights`, rights, { 'if-match': '*' })).status).toBe(404);
    expect((await gdSecurity.ask('POST', `/accounts/${ids.fj}/unlock`)).status).toBe(404);
    const beyond = await gdSecurity.ask('PUT', `/accounts/${ids.gd}/rights`, { roles: ['viewer'], divisions: ['cn'] }, { 'if-match': '*' });
    expect([beyond.status, beyond.body.code]).toEqual([403, 'outside-scope']);
    expect((await gdSecurity.ask('PUT', `/accounts/${ids.gd}/rights`, rights, { 'if-match': '*' })).status).toBe(200);
  });

  it('sees and ends only their sessions', async () => {
    const [gd, fj] = [await signedIn('operator.gd'), await signedIn('operator.fj')];
    const foreign = (await fj.ask('GET', '/session')).body.id;
    const names = (await gdSecurity.ask('GET', '/sessions')).body.items.map(({ name }) => name);
    expect(names).toContain('operator.gd');
    expect(names).not.toContain('operator.fj');
    expect((await gdSecurity.ask('DELETE', `/sessions/${foreign}`)).status).toBe(404);
    expect((await gdSecurity.ask('DELETE', `/sessions/${(await gd.ask('GET', '/session')).body.id}`)).status).toBe(204);
    expect((await gd.ask('GET', '/session')).status).toBe(401);
    expect((await fj.ask('GET', '/session')).status).toBe(200);
    const policy = { ...DEFAULT_ACCESS_POLICY, secondFactor: 'optional' };
    expect((await gdSecurity.ask('PUT', '/access-policy', policy, { 'if-match': '*' })).status).toBe(403);
  });
});

describe('a list of accounts', () => {
  it('is searched and paged', async () => {
    const found = (await system.ask('GET', '/accounts?q=OPERATOR.')).body.items.map(({ name }) => name);
    expect(found).toEqual(['operator.fj', 'operator.gd']);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await system.ask('GET', `/accounts?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...body.items.map(({ name }) => name));
      cursor = (body as unknown as { nextCursor: string | null }).nextCursor;
    }
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen.length).toBeGreaterThan(8);
    expect((await system.ask('GET', '/accounts?cursor=x')).status).toBe(400);
  });
});

describe('the policy', () => {
  const policy = { ...DEFAULT_ACCESS_POLICY, secondFactor: 'optional' as const };
  const put = (body: object, headers: Record<string, string> = { 'if-match': '*' }) => security.ask('PUT', '/access-policy', body, headers);

  it('is read with its revision and changed by it', async () => {
    const read = await system.ask('GET', '/access-policy');
    expect([read.status, read.headers.etag]).toEqual([200, '"1"']);
    expect((await put(policy, {})).status).toBe(428);
    expect((await put({ ...policy, minLength: 14 }, { 'if-match': '"1"' })).headers.etag).toBe('"2"');
    expect((await put(policy, { 'if-match': '"1"' })).status).toBe(412);
    expect((await system.ask('PUT', '/access-policy', policy, { 'if-match': '*' })).status).toBe(403);
    expect((await put({ ...policy, minLength: 4 })).status).toBe(400);
    expect((await put({ ...policy, administrationFrom: ['10.0.0.0/8', 'x'] })).status).toBe(400);
    expect((await auditOf(harness, 'access-policy.change')).at(-1)).toMatchObject({
      actor: 'security',
      detail: { before: { minLength: 12 }, after: { minLength: 14 } },
    });
    await put(policy);
  });

  it('cannot shut out whoever sets it; administrators work from the networks it names, tokens too', async () => {
    expect((await put({ ...policy, administrationFrom: ['10.0.0.0/8'] })).status).toBe(400);
    expect((await put({ ...policy, administrationFrom: ['127.0.0.0/8', '2001:db8::/32'] })).status).toBe(200);
    const from = (remoteAddress: string, token = BOOTSTRAP) => app.inject({ url: '/api/v1/tokens', headers: bearer(token), remoteAddress });
    expect((await from('192.0.2.7')).json().code).toBe('not-from-here');
    expect((await from('2001:db8::7')).statusCode).toBe(200);
    expect((await from('::ffff:127.0.0.9')).statusCode).toBe(200);
    const moved = await app.inject({ url: '/api/v1/accounts', headers: { cookie: system.cookie }, remoteAddress: '192.0.2.7' });
    expect(moved.json().code).toBe('not-from-here');
    const operator = await createToken(app, ['operator'], ['']);
    const read = await app.inject({ url: '/api/v1/incidents', headers: bearer(operator), remoteAddress: '192.0.2.7' });
    expect(read.statusCode).toBe(200);
    await put(policy);
  });

  it('that asks everybody for a second factor asks those who are here already', async () => {
    const person = await signedIn('operator.fj');
    await put({ ...policy, secondFactor: 'everyone' });
    expect((await person.ask('GET', '/incidents')).body.code).toBe('session-incomplete');
    expect((await person.ask('GET', '/session')).body.stage).toBe('enrol');
    // The security administrator, too, who set it.
    expect((await security.ask('GET', '/access-policy')).body.code).toBe('session-incomplete');
  });
});

describe('passwords over the wire', () => {
  it('are not taken in clear from another host, and the answer says what to do', async () => {
    const request = { method: 'POST', url: '/api/v1/session', payload: { name: 'x', password: 'y' }, remoteAddress: '192.0.2.7' } as const;
    const answer = await app.inject(request);
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'https-needed']);
    expect(answer.json().detail).toMatch(/BEACONTOWER_TLS_CERT_FILE/);
    const ways = await app.inject({ url: '/api/v1/session/ways', remoteAddress: '192.0.2.7' });
    expect(ways.json()).toMatchObject({ password: false, reason: expect.stringMatching(/HTTPS/) });
    expect((await app.inject('/api/v1/session/ways')).json()).toMatchObject({ password: true, reason: null });

    const lab = await harness.app({ allowHttp: true });
    expect((await lab.inject(request)).statusCode).toBe(401);
    const behind = await harness.app({ trustedProxies: ['192.0.2.7'] });
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.9' };
    expect((await behind.inject({ ...request, headers: forwarded })).statusCode).toBe(401);
    expect((await app.inject({ ...request, headers: forwarded })).statusCode).toBe(403);
  });

  it('give a cookie that is for HTTPS and this host only', async () => {
    const behind = await harness.app({ trustedProxies: ['127.0.0.1'] });
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.9' };
    const answer = await behind.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { name: 'operator.gd', password: PASSWORD },
      headers,
    });
    expect(answer.headers['set-cookie']).toMatch(/^__Host-beacontower=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
    const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
    expect((await behind.inject({ url: '/api/v1/session', headers: { ...headers, cookie } })).statusCode).toBe(200);
    const planted = cookie.replace('__Host-', '');
    expect((await behind.inject({ url: '/api/v1/session', headers: { ...headers, cookie: planted } })).statusCode).toBe(401);
  });
});

describe('sessions that are over by time', () => {
  it('are ended and recorded without anybody asking', async () => {
    harness.clock.advance(31 * 60_000);
    const ended = await sweepSessions(harness.deps);
    expect(ended).toBeGreaterThan(3);
    expect(await sweepSessions(harness.deps)).toBe(0);
    const rows = await auditOf(harness, 'session.expired');
    expect(rows.map(({ actor }) => actor)).toContain('system');
  });
});
