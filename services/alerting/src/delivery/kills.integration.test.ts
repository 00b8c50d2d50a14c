import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startWebhookReceiver, type WebhookReceiver, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Fixture, SECRET, startFixture, webhookChannel } from '../alerting.fixture.ts';
import { insertRow, readRows, untilRows } from './rows.fixture.ts';

const KILLS = 3;
let fixture: Fixture;
let hook: WebhookReceiver;
let child: ChildProcess | undefined;

beforeAll(async () => {
  [fixture, hook] = await Promise.all([startFixture(), startWebhookReceiver({ secret: SECRET })]);
  await fixture.apply([], [webhookChannel(hook.url, { maxAttempts: 50, timeoutMs: 10_000 })]);
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await hook?.stop();
  await fixture?.stop();
});

function spawnSender(): ChildProcess {
  const program = fileURLToPath(new URL('../child.fixture.ts', import.meta.url));
  const args = ['--conditions=@beacontower/source', '--import=tsx', program, fixture.postgres.url, fixture.redis.url, 'killed/judge'];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function end(one: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => one.once('exit', resolve));
  one.kill('SIGKILL');
  await gone;
}

it('alertmanager 2229, 4008, 4064: however often its sender is killed, each message arrives, and again only where its attempt is in doubt', async () => {
  hook.otherwise({ status: 200, delayMs: 120 });
  const rows: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const arrived = hook.received.length;
    for (let i = 0; i < 15; i++) rows.push(await insertRow(fixture, { channel: 'hook' }));
    child = spawnSender();
    // At another moment of its work each time.
    await waitFor(() => hook.received.length >= arrived + 3 + 2 * kill, { timeoutMs: 40_000 });
    await pause(37 * kill);
    await end(child);
  }
  child = spawnSender();
  await untilRows(fixture, rows, ({ state }) => state === 'delivered', 60_000);
  await end(child);
  const times = new Map(rows.map((row) => [row, 0]));
  for (const { headers } of hook.received) {
    const delivery = String(headers['x-beacontower-delivery']);
    times.set(delivery, (times.get(delivery) ?? 0) + 1);
  }
  expect(times.size).toBe(rows.length);
  for (const { id, inDoubt, attempt } of await readRows(fixture, rows)) {
    expect(times.get(id)).toBeGreaterThanOrEqual(1);
    expect(times.get(id)).toBeLessThanOrEqual(1 + inDoubt);
    expect(attempt).toBe(1 + inDoubt);
  }
});
