import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../context.ts';
import { type Harness, startHarness } from '../test-harness.ts';
import { auditOf, Browser, codeAt, makeAccount, PASSWORD } from './account.fixture.ts';

const NEXT = 'another-Lamp-9-window';
let harness: Harness;
let app: App;
let browser: Browser;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app();
}, 60_000);
beforeEach(() => {
  browser = new Browser(app);
});
afterAll(() => harness.close());

async function withSecondFactor(name: string, from = new Browser(app)): Promise<{ secret: string; codes: string[] }> {
  await from.signIn(name);
  const { body } = await from.ask('POST', '/session/second-factor/setup', { password: PASSWORD });
  const secret = body.secret;
  const confirmed = await from.ask('POST', '/session/second-factor/confirm', { code: codeAt(secret, harness.clock.now()) });
  expect(confirmed.status).toBe(200);
  harness.clock.advance(60_000);
  return { secret, codes: confirmed.body.codes };
}

it('does not let the first code of a second factor be guessed, which shows the recovery codes', async () => {
  const limited = new Browser(await harness.app());
  await makeAccount(harness, 'guessed');
  await limited.signIn('guessed');
  await limited.ask('POST', '/session/second-factor/setup', { password: PASSWORD });
  const said: string[] = [];
  for (let tries = 0; tries < 31; tries++)
    said.push((await limited.ask('POST', '/session/second-factor/confirm', { code: 'abcdef' })).body.code);
  expect(said.slice(0, 30).every((code) => code === 'code-wrong')).toBe(true);
  expect(said.at(-1)).toBe('too-many-attempts');
});

describe('a first sign-in', () => {
  it('needs a new password and, of an administrator, a second factor before it opens anything', async () => {
    await makeAccount(
      harness,
      'system1',
      { roles: ['system-administrator'] },
      { mustChange: true, oneTimeUntil: harness.clock.now() + 1_000 },
    );
    expect((await browser.signIn('system1')).stage).toBe('change-password');
    expect((await browser.ask('GET', '/accounts')).body.code).toBe('session-incomplete');
    const before = browser.cookie;
    const changed = await browser.ask('POST', '/session/password', { current: PASSWORD, next: NEXT });
    expect([changed.status, changed.body.stage]).toEqual([200, 'enrol']);
    expect(browser.cookie).not.toBe(before);
    const old = await app.inject({ url: '/api/v1/session', headers: { cookie: before } });
    expect(old.statusCode).toBe(401);

    expect((await browser.ask('GET', '/accounts')).body.code).toBe('session-incomplete');
    const setup = await browser.ask('POST', '/session/second-factor/setup', {});
    expect(setup.body.uri).toMatch(/^otpauth:\/\/totp\/.*system1.*algorithm=SHA1&digits=6&period=30/);
    const wrong = await browser.ask('POST', '/session/second-factor/confirm', { code: '000000' });
    expect([wrong.status, wrong.body.code]).toEqual([403, 'code-wrong']);
    const code = codeAt(setup.body.secret, harness.clock.now());
    const confirmed = await browser.ask('POST', '/session/second-factor/confirm', { code });
    expect(confirmed.body.codes).toHaveLength(10);
    expect(new Set(confirmed.body.codes).size).toBe(10);
    expect((await browser.ask('GET', '/session')).body).toMatchObject({ stage: 'full', secondFactor: true });
    expect((await browser.ask('GET', '/accounts')).status).toBe(200);

    const kept = await harness.database.query(
      "SELECT password_hash, encode(second_factor, 'escape') AS factor, recovery_codes FROM accounts",
    );
    expect(JSON.stringify(kept.rows)).not.toContain(setup.body.secret);
    expect(JSON.stringify(kept.rows)).not.toContain(NEXT);
    const audit = await harness.database.query('SELECT * FROM audit');
    for (const secret of [PASSWORD, NEXT, setup.body.secret, code, confirmed.body.codes[0] ?? ''])
      expect(JSON.stringify(audit.rows)).not.toContain(secret);
  });

  it('is over when a one-time password was not used in time', async () => {
    await makeAccount(harness, 'late', {}, { mustChange: true, oneTimeUntil: harness.clock.now() });
    const answer = await browser.ask('POST', '/session', { name: 'late', password: PASSWORD });
    expect([answer.status, answer.body.code]).toEqual([403, 'one-time-password-over']);
  });
});

describe('a password', () => {
  beforeAll(() => makeAccount(harness, 'li.ming'));

  it.each([
    ['Short-1', ['too-short']],
    ['alllowercaseletters', ['too-few-classes']],
    ['This-is-Ming-4711', ['holds-name']],
    ['P@ssw0rd2026', ['too-common']],
    [PASSWORD, ['used-before']],
  ])('%s is refused: %j', async (next, faults) => {
    await browser.signIn('li.ming');
    const { status, body } = await browser.ask('POST', '/session/password', { current: PASSWORD, next });
    expect([status, body.code]).toEqual([400, 'password-refused']);
    expect(body.errors.map(({ expected }) => expected)).toEqual(faults);
    expect(JSON.stringify(body)).not.toContain(next);
  });

  it('is changed by whoever knows the one before; other sessions of theirs end', async () => {
    const other = new Browser(app);
    await other.signIn('li.ming');
    await browser.signIn('li.ming');
    expect((await browser.ask('POST', '/session/password', { current: 'wrong', next: NEXT })).body.code).toBe('password-wrong');
    expect((await browser.ask('POST', '/session/password', { current: PASSWORD, next: NEXT })).status).toBe(200);
    expect((await browser.ask('GET', '/incidents')).status).toBe(200);
    expect((await other.ask('GET', '/incidents')).status).toBe(401);
    expect((await other.ask('POST', '/session', { name: 'li.ming', password: PASSWORD })).status).toBe(401);
    await other.signIn('li.ming', NEXT);
    // The one before is remembered.
    expect((await browser.ask('POST', '/session/password', { current: NEXT, next: PASSWORD })).body.code).toBe('password-refused');
    expect((await auditOf(harness, 'account.password-changed')).at(-1)).toMatchObject({
      actor: 'li.ming',
      detail: { sessionsEnded: expect.any(Number) },
    });
  });

  it('that is too old has to be changed', async () => {
    await makeAccount(harness, 'old', {}, { passwordSetAt: harness.clock.now() - 90 * 86_400_000 });
    expect((await browser.signIn('old')).stage).toBe('change-password');
    expect((await browser.ask('GET', '/incidents')).body.code).toBe('session-incomplete');
    expect((await browser.ask('POST', '/session/password', { current: PASSWORD, next: NEXT })).body.stage).toBe('full');
  });

  it('leaves no hash of itself under an idempotency key', async () => {
    await makeAccount(harness, 'keyed');
    await browser.signIn('keyed');
    await browser.ask('POST', '/session/password', { current: PASSWORD, next: NEXT }, { 'idempotency-key': 'k-1' });
    expect((await harness.database.query("SELECT 1 FROM idempotency_keys WHERE key = 'k-1'")).rowCount).toBe(0);
  });
});

describe('failures in a row', () => {
  const guess = (name: string, password: string) => new Browser(app).ask('POST', '/session', { name, password });

  it('lock the account, in the same words; it opens again by time', async () => {
    await makeAccount(harness, 'target');
    const refusals = [];
    for (let count = 0; count < 5; count += 1) refusals.push(await guess('target', `wrong ${count}`));
    refusals.push(await guess('target', PASSWORD));
    expect(new Set(refusals.map(({ status, body }) => `${status} ${String(body.detail)}`)).size).toBe(1);
    expect(await auditOf(harness, 'account.locked')).toMatchObject([{ actor: 'target', detail: { failures: 5 } }]);
    harness.clock.advance(15 * 60_000 - 1);
    expect((await guess('target', PASSWORD)).status).toBe(401);
    harness.clock.advance(1);
    expect((await guess('target', PASSWORD)).status).toBe(201);
  });

  it('are counted however many come at once', async () => {
    await makeAccount(harness, 'flooded');
    await Promise.all(Array.from({ length: 12 }, (_, index) => guess('flooded', `wrong ${index}`)));
    const rows = (await auditOf(harness, 'session.sign-in')).filter(({ actor }) => actor === 'flooded');
    const reasons = rows.map(({ detail }) => detail.reason);
    expect(reasons.filter((reason) => reason === 'wrong-password')).toHaveLength(5);
    expect(reasons.filter((reason) => reason === 'locked')).toHaveLength(7);
  });

  it('are forgotten after a success', async () => {
    await makeAccount(harness, 'clumsy');
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 4; count += 1) await guess('clumsy', 'wrong');
      expect((await guess('clumsy', PASSWORD)).status).toBe(201);
      harness.clock.advance(6 * 60_000);
    }
  });

  it('of one address have to wait, whoever is meant', async () => {
    harness.clock.advance(3_600_000);
    for (let count = 0; count < 30; count += 1) expect((await guess(`nobody${count}`, 'x')).status).toBe(401);
    const answer = await guess('somebody', 'x');
    expect([answer.status, answer.body.code]).toEqual([429, 'too-many-attempts']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(250);
    harness.clock.advance(300_000);
    expect((await guess('somebody', 'x')).status).toBe(401);
    harness.clock.advance(3_600_000);
  });
});

describe('a second factor', () => {
  it('is asked for, and a code is good once', async () => {
    await makeAccount(harness, 'factor1');
    const { secret } = await withSecondFactor('factor1');
    expect((await browser.signIn('factor1')).stage).toBe('second-factor');
    expect((await browser.ask('GET', '/incidents')).body.code).toBe('session-incomplete');
    for (const path of ['/session/password', '/session/second-factor/setup'])
      expect((await browser.ask('POST', path, path.endsWith('password') ? { current: PASSWORD, next: NEXT } : {})).status).toBe(409);
    expect((await browser.ask('GET', '/session/list')).status).toBe(409);
    const code = codeAt(secret, harness.clock.now());
    expect((await browser.ask('POST', '/session/second-factor', { code })).body.stage).toBe('full');
    expect((await browser.ask('GET', '/incidents')).status).toBe(200);

    const again = new Browser(app);
    await again.signIn('factor1');
    expect((await again.ask('POST', '/session/second-factor', { code })).body.code).toBe('code-wrong');
    harness.clock.advance(30_000);
    expect((await again.ask('POST', '/session/second-factor', { code: codeAt(secret, harness.clock.now()) })).status).toBe(200);
  });

  it('takes the code before and after this one, and no other', async () => {
    await makeAccount(harness, 'factor2');
    const { secret } = await withSecondFactor('factor2');
    await browser.signIn('factor2');
    const now = harness.clock.now();
    expect((await browser.ask('POST', '/session/second-factor', { code: codeAt(secret, now + 60_000) })).status).toBe(403);
    expect((await browser.ask('POST', '/session/second-factor', { code: codeAt(secret, now + 30_000) })).status).toBe(200);
  });

  it('is stood in for by a recovery code, once', async () => {
    await makeAccount(harness, 'factor3');
    const { codes } = await withSecondFactor('factor3');
    const code = (codes[3] ?? '').toUpperCase();
    await browser.signIn('factor3');
    expect((await browser.ask('POST', '/session/second-factor', { code })).status).toBe(200);
    expect((await auditOf(harness, 'session.second-factor')).at(-1)?.detail).toMatchObject({ by: 'recovery-code', recoveryCodesLeft: 9 });
    await browser.signIn('factor3');
    expect((await browser.ask('POST', '/session/second-factor', { code })).status).toBe(403);
  });

  it('that is guessed locks the account, though the password is right each time', async () => {
    await makeAccount(harness, 'factor4');
    await withSecondFactor('factor4');
    for (let count = 0; count < 5; count += 1) {
      await browser.signIn('factor4');
      expect((await browser.ask('POST', '/session/second-factor', { code: '000000' })).status).toBe(403);
    }
    expect((await browser.ask('GET', '/session')).status).toBe(401);
    expect((await browser.ask('POST', '/session', { name: 'factor4', password: PASSWORD })).status).toBe(401);
    expect((await auditOf(harness, 'account.locked')).at(-1)).toMatchObject({ actor: 'factor4' });
  });

  it('is replaced only by who knows the password, and the one before counts until then', async () => {
    await makeAccount(harness, 'factor5');
    const mine = new Browser(app);
    const { secret } = await withSecondFactor('factor5', mine);
    expect((await mine.ask('POST', '/session/second-factor/setup', {})).body.code).toBe('password-needed');
    expect((await mine.ask('POST', '/session/second-factor/setup', { password: 'wrong' })).body.code).toBe('password-wrong');
    const { body } = await mine.ask('POST', '/session/second-factor/setup', { password: PASSWORD });
    await browser.signIn('factor5');
    expect((await browser.ask('POST', '/session/second-factor', { code: codeAt(body.secret, harness.clock.now()) })).status).toBe(403);
    expect((await browser.ask('POST', '/session/second-factor', { code: codeAt(secret, harness.clock.now()) })).status).toBe(200);
    const confirm = await mine.ask('POST', '/session/second-factor/confirm', { code: codeAt(body.secret, harness.clock.now()) });
    expect(confirm.status).toBe(200);
    // Whoever came in by the one before is out.
    expect((await browser.ask('GET', '/session')).status).toBe(401);
  });

  it('is done without again where the policy lets one', async () => {
    await makeAccount(harness, 'factor6');
    const mine = new Browser(app);
    await withSecondFactor('factor6', mine);
    expect((await mine.ask('POST', '/session/second-factor/remove', { password: PASSWORD })).status).toBe(204);
    expect((await new Browser(app).signIn('factor6')).stage).toBe('full');
    await makeAccount(harness, 'system6', { roles: ['system-administrator'] });
    await withSecondFactor('system6', mine);
    expect((await mine.ask('POST', '/session/second-factor/remove', { password: PASSWORD })).body.code).toBe('second-factor-needed');
  });

  it('is of people: a token has none', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/session/second-factor/setup',
      headers: { authorization: 'Bearer bootstrap-token-of-the-tests' },
      payload: {},
    });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'account-needed']);
  });
});

describe('one’s own sessions', () => {
  it('are listed and ended; nobody else’s', async () => {
    await makeAccount(harness, 'many');
    await makeAccount(harness, 'other');
    const [one, two, other] = [new Browser(app), new Browser(app), new Browser(app)];
    const first = await one.signIn('many');
    const second = await two.signIn('many');
    const foreign = await other.signIn('other');
    const listed = (await one.ask('GET', '/session/list')).body.items;
    expect(listed.map(({ id, current }) => [id, current]).sort()).toEqual(
      [
        [first.id, true],
        [second.id, false],
      ].sort(),
    );
    expect((await one.ask('DELETE', `/session/list/${foreign.id}`)).status).toBe(404);
    expect((await one.ask('DELETE', `/session/list/${second.id}`)).status).toBe(204);
    expect((await two.ask('GET', '/session')).status).toBe(401);
    expect((await auditOf(harness, 'session.end')).at(-1)).toMatchObject({ actor: 'many', object: second.id });
  });
});
