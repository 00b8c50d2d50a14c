import type { ChannelBody } from '@beacontower/contracts';
import { listChannelStates, retryDelivery } from '@beacontower/database';
import { type SmtpReceiver, startSmtpReceiver, startWebhookReceiver, type WebhookReceiver, waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, mailChannel, SECRET, startAfresh, startFixture, webhookChannel } from '../alerting.fixture.ts';
import { insertIncident, insertRow, untilRows } from './rows.fixture.ts';

let fixture: Fixture;
let hook: WebhookReceiver;
let mail: SmtpReceiver;
const running: { stop(): Promise<void> }[] = [];
const noc = { channel: 'mail', address: 'noc@example.cn' };
const by = () => ({ actor: 'li', source: null, now: Date.now() });

/** Channels `hook` and `mail`, and one process that sends. */
async function run(rest: Partial<Extract<ChannelBody, { kind: 'webhook' }>> = {}, ...more: ChannelBody[]) {
  await fixture.apply([], [webhookChannel(hook.url, { maxAttempts: 50, ...rest }), mailChannel(mail), ...more]);
  const alerting = fixture.alerting('main/judge', { sweepMs: 200, overdueMs: 400 });
  running.push(alerting);
  await alerting.start();
}

const stateOf = async (channel: string) => (await listChannelStates(fixture.database, [''])).find(({ id }) => id === channel);
const many = (count: number, insert: (index: number) => Promise<string>) => Promise.all(Array.from({ length: count }, (_, i) => insert(i)));

beforeAll(async () => {
  [fixture, hook, mail] = await Promise.all([startFixture(), startWebhookReceiver({ secret: SECRET }), startSmtpReceiver()]);
});
beforeEach(() => startAfresh(fixture, hook, mail));
afterEach(async () => {
  for (const alerting of running.splice(0)) await alerting.stop();
});
afterAll(async () => {
  await hook?.stop();
  await mail?.stop();
  await fixture?.stop();
});

describe('the rate limit of a channel', () => {
  it('lets no more through within its time, severe ones first, each once', async () => {
    const limit = { messages: 2, perMs: 5_000 };
    const minors = await many(5, () => insertRow(fixture, { severity: 'minor', ageMs: 50 }));
    await run({ limit });
    await untilRows(fixture, minors, (row) => row.state === 'delivered' || row.held === 'limit');
    expect((await stateOf('hook'))?.held.byLimit).toBe(3);
    const critical = await insertRow(fixture, { severity: 'critical' });
    const [first, ...others] = await untilRows(fixture, [critical, ...minors]);
    expect(hook.received).toHaveLength(6);
    const late = others.filter((row) => (row.firstAttemptAt ?? 0) > (first?.firstAttemptAt ?? 0));
    expect(late.length).toBeGreaterThanOrEqual(1);
    const claimed = [first, ...others].map((row) => row?.firstAttemptAt ?? 0);
    for (const at of claimed)
      expect(claimed.filter((other) => other >= at && other < at + limit.perMs).length).toBeLessThanOrEqual(limit.messages);
  });

  it('that is raised, or taken away, lets go at once what waited for a place', async () => {
    const rows = await many(4, () => insertRow(fixture));
    await run({ limit: { messages: 1, perMs: 3_600_000 } });
    await untilRows(fixture, rows, (row) => row.state === 'delivered' || row.held === 'limit');
    await fixture.apply([], [webhookChannel(hook.url, { maxAttempts: 50 }), mailChannel(mail)]);
    await untilRows(fixture, rows);
    expect(hook.received).toHaveLength(4);
  });

  it('does not hold up what was let go before the clock went back, and an end goes after its alarm all the same', async () => {
    const incident = await insertIncident(fixture);
    const alarm = await insertRow(fixture, { incident, ageMs: -3_600_000 });
    const resolution = await insertRow(fixture, { incident, step: 'resolved', follows: alarm });
    await run();
    await untilRows(fixture, [alarm, resolution]);
    expect(hook.received.map(({ headers }) => headers['x-beacontower-delivery'])).toEqual([alarm, resolution]);
  });
});

describe('the circuit breaker of a channel', () => {
  it('opens after five failures, lets one message try, and when that succeeds lets all go, each once', async () => {
    hook.otherwise({ status: 503 });
    await run();
    const rows = await many(12, () => insertRow(fixture));
    await waitFor(async () => (await stateOf('hook'))?.breaker.state === 'open', { timeoutMs: 15_000 });
    await untilRows(fixture, rows, (row) => row.held === 'breaker');
    expect((await stateOf('hook'))?.breaker).toMatchObject({ lastError: 'the receiver answered 503' });
    hook.clear();
    hook.otherwise({ status: 200 });
    await untilRows(fixture, rows);
    expect(hook.received).toHaveLength(12);
    expect(await stateOf('hook')).toMatchObject({ breaker: { state: 'closed', failures: 0 }, underWay: 0, heldSince: null });
  });

  it('counts no refusal of a message: the channel answers', async () => {
    hook.otherwise({ status: 404 });
    await run();
    const rows = await many(7, () => insertRow(fixture));
    await untilRows(fixture, rows, (row) => row.state === 'dead');
    expect(hook.received).toHaveLength(7);
    expect((await stateOf('hook'))?.breaker.state).toBe('closed');
  });

  it('is passed by a message that a person sends again', async () => {
    hook.otherwise({ status: 503 });
    await run();
    const rows = await many(6, () => insertRow(fixture));
    await untilRows(fixture, rows, (row) => row.held === 'breaker');
    hook.otherwise({ status: 200 });
    await fixture.database.query(`UPDATE channel_states SET probe_at = probe_at + 3600000`);
    await fixture.database.query(`UPDATE deliveries SET due_at = due_at + 3600000 WHERE held IS NOT NULL`);
    await retryDelivery(fixture.database, rows[0] ?? '', by());
    await untilRows(fixture, rows);
  });
});

describe('a fallback', () => {
  it('is used while the channel is down, the message and the timeline say so, and nothing is sent twice', async () => {
    hook.otherwise({ status: 503 });
    await run();
    const incident = await insertIncident(fixture);
    const rows = [
      await insertRow(fixture, { incident, fallbacks: [noc] }),
      ...(await many(7, () => insertRow(fixture, { fallbacks: [noc] }))),
    ];
    const sent = await untilRows(fixture, rows);
    for (const row of sent) expect(row).toMatchObject({ channel: 'mail', diverted: [{ channel: 'hook', why: 'circuit-open' }] });
    expect(mail.received).toHaveLength(8);
    expect(mail.received[0]?.mail.text).toContain('通道“hook”不可用（连续多次发送失败），本消息改由“mail”发送');
    const events = await fixture.database.query<{ kind: string; detail: object }>(
      'SELECT kind, detail FROM incident_events WHERE incident_id = $1',
      [incident],
    );
    expect(events.rows).toEqual([
      { kind: 'delivery-diverted', detail: { delivery: rows[0], contact: 'noc', from: 'hook', to: 'mail', why: 'circuit-open' } },
    ]);
  });

  it('takes a message that the channel refuses for good', async () => {
    hook.otherwise({ status: 410 });
    await run();
    const row = await insertRow(fixture, { fallbacks: [noc] });
    expect((await untilRows(fixture, [row]))[0]).toMatchObject({
      attempt: 2,
      channel: 'mail',
      diverted: [{ channel: 'hook', why: 'refused' }],
    });
    const proof = await fixture.database.query(
      'SELECT channel, address, outcome, length(digest) AS digest FROM delivery_attempts WHERE delivery_id = $1 ORDER BY attempt',
      [row],
    );
    expect(proof.rows).toEqual([
      { channel: 'hook', address: null, outcome: 'rejected', digest: 64 },
      { channel: 'mail', address: 'noc@example.cn', outcome: 'delivered', digest: 64 },
    ]);
  });

  it('takes a message whose channel is no longer configured', async () => {
    await run();
    const row = await insertRow(fixture, { channel: 'gone', fallbacks: [noc] });
    expect((await untilRows(fixture, [row]))[0]).toMatchObject({ attempt: 1, channel: 'mail' });
  });

  it('that fails too ends in a dead letter, which a person sends again by its own channel', async () => {
    hook.otherwise({ status: 410 });
    mail.otherwise({ stage: 'rcpt', code: 550, message: 'no such mailbox' });
    await run();
    const row = await insertRow(fixture, { fallbacks: [noc] });
    await untilRows(fixture, [row], ({ state }) => state === 'dead');
    hook.otherwise({ status: 200 });
    await retryDelivery(fixture.database, row, by());
    expect((await untilRows(fixture, [row]))[0]).toMatchObject({ channel: 'hook', attempt: 3 });
  });
});
