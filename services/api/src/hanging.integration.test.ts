/** PostgreSQL that is there but does not answer: stopped by a signal, as by a disk that hangs or a machine that was put to sleep. */
import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { CSRF_HEADER } from '@beacontower/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Browser, makeAccount, PASSWORD } from './accounts/account.fixture.ts';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, startHarness } from './test-harness.ts';

let harness: Harness;
let app: App;
let browser: Browser;
let token: string;
let address: string;
let frozen: number[] = [];

/** Stops PostgreSQL with all that serve its connections. */
async function freeze(): Promise<void> {
  // What could not be recorded the last time holds changes up until it is.
  await expect.poll(() => app.audit.isBehind, { timeout: 10_000 }).toBe(false);
  const found = await harness.database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const backend = found.rows[0]?.pid ?? 0;
  const postmaster = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${backend}/status`, 'utf8'))?.[1]);
  process.kill(postmaster, 'SIGSTOP');
  frozen = [postmaster];
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim().split(' ').map(Number);
  for (const child of children) {
    process.kill(child, 'SIGSTOP');
    frozen.push(child);
  }
}

function thaw(): void {
  for (const pid of frozen) {
    try {
      process.kill(pid, 'SIGCONT');
    } catch (error) {
      // Its client had gone: it ended as soon as another was let go on.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  frozen = [];
}

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app({ database: { lookUpMs: 300, questionMs: 500, longQuestionMs: 700 } });
  address = await app.listen({ host: '127.0.0.1', port: 0 });
  await makeAccount(harness, 'chen.yu');
  browser = new Browser(app);
  await browser.signIn('chen.yu');
  token = await createToken(app, ['viewer'], ['']);
}, 60_000);
afterEach(thaw);
afterAll(async () => {
  thaw();
  await harness.close();
});

describe('while PostgreSQL hangs', () => {
  it.each([
    ['a session', 'GET', '/incidents', () => ({ cookie: browser.cookie })],
    ['a token', 'GET', '/objects', () => bearer(token)],
    ['who signed in asks who they are', 'GET', '/session', () => ({ cookie: browser.cookie })],
    ['a question without a look-up before it', 'GET', '/incidents', () => bearer()],
    ['a long question', 'GET', '/reports', () => bearer()],
    ['a change', 'DELETE', '/session', () => ({ cookie: browser.cookie, [CSRF_HEADER]: browser.csrf })],
    ['a sign-in', 'POST', '/session', () => ({})],
  ] as const)(
    '%s is answered 503 with when to try again',
    async (_what, method, path, headers) => {
      await freeze();
      const payload = method === 'POST' ? { payload: { name: 'chen.yu', password: PASSWORD } } : {};
      const answer = await app.inject({ method, url: `/api/v1${path}`, headers: headers(), ...payload });
      expect([answer.statusCode, answer.json().code]).toEqual([503, 'unavailable']);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    },
    15_000,
  );

  it('this process is alive, live events go on, and all is as before afterwards', async () => {
    const stream = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${address}/api/v1/live`, { headers: { cookie: browser.cookie } }, resolve).on('error', reject);
    });
    let ended = false;
    stream.on('close', () => {
      ended = true;
    });
    stream.resume();
    expect(stream.statusCode).toBe(200);
    await freeze();
    const many = await Promise.all(Array.from({ length: 20 }, () => browser.ask('GET', '/incidents')));
    expect(many.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 503));
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    thaw();
    await expect.poll(async () => (await browser.ask('GET', '/incidents')).status, { timeout: 15_000 }).toBe(200);
    expect(ended).toBe(false);
    stream.destroy();
  }, 30_000);
});
