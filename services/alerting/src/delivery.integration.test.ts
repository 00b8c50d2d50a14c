import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChannelBody } from '@beacontower/contracts';
import { retryDelivery } from '@beacontower/database';
import { IncidentMessage } from '@beacontower/messages';
import { type SmtpReceiver, startSmtpReceiver, startWebhookReceiver, type WebhookReceiver, waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, mailChannel, SECRET, startAfresh, startFixture, webhookChannel } from './alerting.fixture.ts';
import type { AlertingConfig } from './config.ts';

interface DeliveryRow {
  readonly id: string;
  readonly step: string;
  readonly state: string;
  readonly attempt: number;
  readonly in_doubt: number;
  readonly last_error: string | null;
}

let fixture: Fixture;
let hook: WebhookReceiver;
let mail: SmtpReceiver;
let objects: string[];
const running: { stop(): Promise<void> }[] = [];
const children: ChildProcess[] = [];

const objectNames = Array.from({ length: 20 }, (_, i) => `test:d${i}`);

async function run(instance = 'main/judge', config: Partial<AlertingConfig> = {}) {
  const alerting = fixture.alerting(instance, { sweepMs: 200, overdueMs: 400, ...config });
  running.push(alerting);
  await alerting.start();
}

/** The deliveries of an object's incidents by one channel, oldest first. */
async function deliveries(object: string, channel: string): Promise<DeliveryRow[]> {
  const result = await fixture.database.query<DeliveryRow & { [column: string]: unknown }>(
    `SELECT d.id, d.step, d.state, d.attempt, d.in_doubt, d.last_error FROM deliveries d JOIN incidents i ON i.id = d.incident_id
     WHERE i.cause_object = $1 AND d.channel = $2 ORDER BY d.created_at, d.step`,
    [object, channel],
  );
  return result.rows;
}

const until = (object: string, channel: string, matches: (rows: DeliveryRow[]) => boolean, timeoutMs = 15_000) =>
  waitFor(
    async () => {
      const rows = await deliveries(object, channel);
      return matches(rows) ? rows : undefined;
    },
    { timeoutMs, what: `the deliveries of ${object} by ${channel}` },
  );

async function useChannels(...channels: ChannelBody[]) {
  await fixture.apply(
    objectNames.map((id) => ({ id })),
    channels,
  );
}

const nextObject = () => {
  const object = objects.shift();
  if (object === undefined) throw new Error('the fixture has too few objects');
  return object;
};

beforeAll(async () => {
  [fixture, hook, mail] = await Promise.all([startFixture(), startWebhookReceiver({ secret: SECRET }), startSmtpReceiver()]);
  objects = [...objectNames];
  await useChannels(webhookChannel(hook.url));
  await fixture.transitions(objectNames, 'up');
});
beforeEach(() => startAfresh(fixture, hook, mail));
afterEach(async () => {
  for (const alerting of running.splice(0)) await alerting.stop();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await hook?.stop();
  await mail?.stop();
  await fixture?.stop();
});

describe('a webhook', () => {
  it('is tried again after 5xx and 429 with the same event, honouring Retry-After', async () => {
    await useChannels(webhookChannel(hook.url));
    await run();
    const object = nextObject();
    hook.script({ status: 503 }, { status: 429, retryAfterSeconds: 2 });
    await fixture.transition(object, 'down');
    const [row] = await until(object, 'hook', (rows) => rows[0]?.state === 'delivered');
    expect(row).toMatchObject({ attempt: 3, in_doubt: 0 });
    const ids = hook.received.map((request) => IncidentMessage.parse(request.json).id);
    expect(new Set(ids).size).toBe(1);
    expect(hook.received.map((request) => request.headers['x-beacontower-attempt'])).toEqual(['1', '2', '3']);
    expect((hook.received[2]?.at ?? 0) - (hook.received[1]?.at ?? 0)).toBeGreaterThanOrEqual(1_990);
    const attempts = await fixture.database.query(
      'SELECT attempt, outcome, status FROM delivery_attempts WHERE delivery_id = $1 ORDER BY 1',
      [row?.id],
    );
    expect(attempts.rows).toEqual([
      { attempt: 1, outcome: 'retry', status: 503 },
      { attempt: 2, outcome: 'retry', status: 429 },
      { attempt: 3, outcome: 'delivered', status: 200 },
    ]);
  });

  it('refused for good is dead, its resolution cancelled; retried by hand both go, in order', async () => {
    await useChannels(webhookChannel(hook.url));
    await run();
    const object = nextObject();
    hook.otherwise({ status: 410, body: 'gone\r\nfor good' });
    await fixture.transition(object, 'down');
    await until(object, 'hook', (rows) => rows[0]?.state === 'dead');
    await fixture.transition(object, 'up');
    const rows = await until(object, 'hook', (list) => list[1]?.state === 'cancelled');
    expect(hook.received.length).toBe(1);
    expect(rows[0]?.last_error).toBe('the receiver answered 410');
    hook.otherwise({ status: 200 });
    const by = { actor: 'li', source: null, now: Date.now() };
    expect(await retryDelivery(fixture.database, rows[0]?.id ?? '', by)).toEqual({ attempt: 1 });
    await until(object, 'hook', (list) => list.every((row) => row.state === 'delivered'));
    expect(hook.received.map((request) => IncidentMessage.parse(request.json).type)).toEqual([
      'incident.opened',
      'incident.opened',
      'incident.resolved',
    ]);
    await expect(retryDelivery(fixture.database, rows[0]?.id ?? '', by)).rejects.toMatchObject({ code: 'delivery-not-dead' });
  });

  it('that waits for its next attempt is sent at once when a person says so', async () => {
    await useChannels(webhookChannel(hook.url));
    await run();
    const object = nextObject();
    hook.script({ status: 503, retryAfterSeconds: 3_600 });
    await fixture.transition(object, 'down');
    const [row] = await until(object, 'hook', (rows) => rows[0]?.state === 'retrying');
    const by = { actor: 'li', source: null, now: Date.now() };
    expect(await retryDelivery(fixture.database, row?.id ?? '', by)).toEqual({ attempt: 1 });
    const [sent] = await until(object, 'hook', (rows) => rows[0]?.state === 'delivered');
    expect(sent?.attempt).toBe(2);
    expect(hook.received).toHaveLength(2);
  });

  it('is not sent where a redirect points', async () => {
    await useChannels(webhookChannel(hook.url));
    await run();
    const object = nextObject();
    hook.otherwise({ status: 302 });
    await fixture.transition(object, 'down');
    await until(object, 'hook', (rows) => rows[0]?.state === 'dead');
    expect(hook.received.length).toBe(1);
  });

  it('whose receiver hangs is in doubt, and holds up no other channel', async () => {
    const other = await startWebhookReceiver({ secret: SECRET });
    try {
      await useChannels(webhookChannel(hook.url, { timeoutMs: 4_000, maxAttempts: 1 }), webhookChannel(other.url, { id: 'other' }));
      await run('main/judge', { perChannel: 2, concurrency: 2 });
      const hanging = [nextObject(), nextObject(), nextObject()];
      hook.otherwise('hang');
      for (const object of hanging) await fixture.transition(object, 'down');
      await waitFor(() => other.received.length === 3, { timeoutMs: 3_500 });
      for (const object of hanging) {
        const [row] = await until(object, 'hook', (rows) => rows[0]?.state === 'dead');
        expect(row).toMatchObject({ attempt: 1, in_doubt: 1, last_error: 'no answer within 4000 ms' });
      }
    } finally {
      await other.stop();
    }
  });

  it('to a port where nobody listens is surely not sent: no doubt', async () => {
    const gone = await startWebhookReceiver();
    await gone.stop();
    await useChannels(webhookChannel(gone.url, { maxAttempts: 2 }));
    await run();
    const object = nextObject();
    await fixture.transition(object, 'down');
    const [row] = await until(object, 'hook', (rows) => rows[0]?.state === 'dead');
    expect(row).toMatchObject({ attempt: 2, in_doubt: 0 });
    expect(row?.last_error).toContain('ECONNREFUSED');
  });

  it('sends the resolution only after its alarm has come through', async () => {
    await useChannels(webhookChannel(hook.url));
    await run();
    const object = nextObject();
    hook.script({ status: 503, retryAfterSeconds: 1 });
    await fixture.transition(object, 'down');
    await until(object, 'hook', (rows) => rows[0]?.state === 'retrying');
    await fixture.transition(object, 'up');
    await until(object, 'hook', (rows) => rows.length === 2 && rows.every((row) => row.state === 'delivered'));
    expect(hook.received.map((request) => IncidentMessage.parse(request.json).type)).toEqual([
      'incident.opened',
      'incident.opened',
      'incident.resolved',
    ]);
  });

  it('whose sender was killed in mid-attempt (kill -9) is in doubt and told again with the same event by the next of its slot', async () => {
    await useChannels(webhookChannel(hook.url, { timeoutMs: 30_000 }));
    const object = nextObject();
    hook.script('hang');
    const child = spawn(
      process.execPath,
      [
        '--conditions=@beacontower/source',
        '--import=tsx',
        fileURLToPath(new URL('child.fixture.ts', import.meta.url)),
        fixture.postgres.url,
        fixture.redis.url,
        'killed/judge',
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    children.push(child);
    await fixture.transition(object, 'down');
    await waitFor(() => hook.received.length === 1, { timeoutMs: 30_000 });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    expect((await deliveries(object, 'hook'))[0]).toMatchObject({ state: 'sending', attempt: 1 });
    await run('killed/judge');
    const [row] = await until(object, 'hook', (rows) => rows[0]?.state === 'delivered');
    expect(row).toMatchObject({ attempt: 2, in_doubt: 1 });
    const ids = hook.received.map((request) => IncidentMessage.parse(request.json).id);
    expect(ids).toEqual([ids[0], ids[0]]);
  });

  it('is sent once where two processes go by the same name', async () => {
    await useChannels(webhookChannel(hook.url, { timeoutMs: 1_500, maxAttempts: 1 }));
    await run('same/judge');
    await run('same/judge');
    const object = nextObject();
    hook.otherwise('hang');
    await fixture.transition(object, 'down');
    const [row] = await until(object, 'hook', (rows) => rows[0]?.state === 'dead' || rows[0]?.state === 'uncertain');
    // Nobody else than its sender said what became of it.
    expect(row?.last_error).toBe('no answer within 1500 ms');
    expect(hook.received.length).toBe(1);
  });

  it('abandoned by a process of another slot is in doubt when its claim has lapsed', async () => {
    await useChannels(webhookChannel(hook.url));
    const object = nextObject();
    await run();
    await fixture.transition(object, 'down');
    const [row] = await until(object, 'hook', (rows) => rows[0]?.state === 'delivered');
    await fixture.database.query(
      `UPDATE deliveries SET state = 'sending', attempt = 2, finished_at = NULL, claimed_by = 'other/judge#1', due_at = $2 WHERE id = $1`,
      [row?.id, Date.now() + 700],
    );
    await fixture.database.query('INSERT INTO delivery_attempts (delivery_id, attempt, started_at) VALUES ($1, 2, $2)', [
      row?.id,
      Date.now(),
    ]);
    const [again] = await until(object, 'hook', (rows) => rows[0]?.state === 'delivered');
    expect(again).toMatchObject({ attempt: 3, in_doubt: 1 });
    expect(hook.received.length).toBe(2);
  });
});

describe('an e-mail', () => {
  it('goes over STARTTLS in Chinese, plain and HTML, and its recovery is threaded to it', async () => {
    await useChannels(mailChannel(mail));
    await run();
    const object = nextObject();
    await fixture.transition(object, 'down');
    const alarm = await mail.waitFor(() => true);
    await fixture.transition(object, 'up');
    const recovery = await mail.waitFor((one) => (one.mail.subject ?? '').includes('恢复'));
    expect(alarm).toMatchObject({ secure: true, from: 'alarm@noc.example.cn', to: ['noc@example.cn'] });
    expect(alarm.mail.subject).toMatch(/^\[告警 · 紧急\] 电路 广州-深圳 test:d\d+ 中断 #\d+$/);
    expect(alarm.mail.text).toContain('报障电话: 10000');
    expect(alarm.mail.html).toContain('lang="zh-CN"');
    expect(alarm.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(alarm.mail.date).toBeDefined();
    expect(recovery.mail.inReplyTo).toBe(alarm.mail.messageId);
    expect(recovery.mail.references).toContain(alarm.mail.messageId);
    const [row] = await until(object, 'mail', (rows) => rows.every((one) => one.state === 'delivered'));
    expect(alarm.mail.messageId).toBe(`<${row?.id}@noc.example.cn>`);
  });

  it.each([
    ['leave', 'uncertain', 1],
    ['resend', 'delivered', 2],
  ] as const)('lost after the final dot is in doubt: by the policy "%s" it ends %s', async (inDoubt, state, mails) => {
    await useChannels(mailChannel(mail, { inDoubt }));
    await run();
    const object = nextObject();
    mail.script('drop-after-dot');
    await fixture.transition(object, 'down');
    const [row] = await until(object, 'mail', (rows) => rows[0]?.state === state);
    expect(row).toMatchObject({ attempt: mails, in_doubt: 1 });
    expect(new Set(mail.received.map((one) => one.mail.messageId)).size).toBe(1);
    expect(mail.received.length).toBe(mails);
    await fixture.transition(object, 'up');
    await until(object, 'mail', (rows) => rows[1]?.state === 'delivered');
  });

  it('is tried again after a 4xx and dead after a 5xx', async () => {
    await useChannels(mailChannel(mail));
    await run();
    const object = nextObject();
    mail.script({ stage: 'rcpt', code: 451, message: 'later' }, { stage: 'data', code: 554, message: 'no' });
    await fixture.transition(object, 'down');
    const [row] = await until(object, 'mail', (rows) => rows[0]?.state === 'dead');
    expect(row).toMatchObject({ attempt: 2, in_doubt: 0 });
    const attempts = await fixture.database.query('SELECT outcome, status FROM delivery_attempts WHERE delivery_id = $1 ORDER BY attempt', [
      row?.id,
    ]);
    expect(attempts.rows).toEqual([
      { outcome: 'retry', status: 451 },
      { outcome: 'rejected', status: 554 },
    ]);
  });

  it('is never sent to a server whose certificate is not trusted', async () => {
    const stranger = await startSmtpReceiver();
    try {
      await useChannels(mailChannel(mail, { port: stranger.port, maxAttempts: 1 }));
      await run();
      const object = nextObject();
      await fixture.transition(object, 'down');
      await until(object, 'mail', (rows) => rows[0]?.state === 'dead');
      expect(stranger.received).toEqual([]);
    } finally {
      await stranger.stop();
    }
  });
});
