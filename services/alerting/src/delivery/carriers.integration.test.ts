import type { ChannelBody } from '@beacontower/contracts';
import { findDelivery, retryDelivery } from '@beacontower/database';
import { type SmtpReceiver, startSmtpReceiver, startWebhookReceiver, type WebhookReceiver, waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, mailChannel, SECRET, startAfresh, startFixture, webhookChannel } from '../alerting.fixture.ts';
import { insertIncident, insertRow, readRows, untilRows } from './rows.fixture.ts';

let fixture: Fixture;
let hook: WebhookReceiver;
let mail: SmtpReceiver;
const running: { stop(): Promise<void> }[] = [];
const noc = { channel: 'mail', address: 'noc@example.cn' } as const;

async function run(rest: Partial<Extract<ChannelBody, { kind: 'email' }>> = {}) {
  await fixture.apply([], [webhookChannel(hook.url), mailChannel(mail, { maxAttempts: 2, ...rest })]);
  const alerting = fixture.alerting('main/judge', { sweepMs: 200, overdueMs: 400 });
  running.push(alerting);
  await alerting.start();
}

/** A message that carries rows of these steps, each of an incident of its own unless told. Returns its id and theirs. */
async function insertCarrier(
  rows: readonly { readonly incident?: string; readonly step?: 'opened' | 'resolved' }[],
  fallbacks: { channel: string; address: string | null }[] = [],
) {
  const carrier = await insertRow(fixture, { step: 'group', ...noc, fallbacks, state: 'cancelled' });
  const carried: string[] = [];
  for (const row of rows) carried.push(await insertRow(fixture, { ...row, ...noc, state: 'grouped', carrier }));
  await fixture.database.query(`UPDATE deliveries SET state = 'pending' WHERE id = $1`, [carrier]);
  return { carrier, carried };
}

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

describe('a message about several incidents', () => {
  it('is one message; each row has its fate, its way and its proof', async () => {
    const { carrier, carried } = await insertCarrier([{}, {}, {}]);
    await run();
    await untilRows(fixture, [carrier, ...carried]);
    expect(mail.received).toHaveLength(1);
    // It names two, as its route says, and counts the third.
    expect(mail.received[0]?.mail.text).toMatch(/另有 1/);
    const row = await findDelivery(fixture.database, carried[1] ?? '', ['']);
    expect(row).toMatchObject({
      carrier,
      carries: 0,
      channel: 'mail',
      state: 'delivered',
      attempts: [{ attempt: 1, channel: 'mail', outcome: 'delivered' }],
    });
    expect(row?.firstAttemptAt).not.toBeNull();
    expect(await findDelivery(fixture.database, carrier, [''])).toMatchObject({ incident: null, carries: 3, carrier: null });
    expect(await findDelivery(fixture.database, carrier, ['cn'])).toBeDefined();
    expect(await findDelivery(fixture.database, carrier, ['us'])).toBeUndefined();
  });

  it('that is dead is sent again with all it carried, and the resolution that was called off goes after it', async () => {
    mail.otherwise({ stage: 'rcpt', code: 550, message: 'no such mailbox' });
    const incident = await insertIncident(fixture);
    const { carrier, carried } = await insertCarrier([{ incident }, {}]);
    const resolution = await insertRow(fixture, { incident, step: 'resolved', ...noc, follows: carried[0] ?? '' });
    await run();
    await untilRows(fixture, [carrier, ...carried], ({ state }) => state === 'dead');
    await untilRows(fixture, [resolution], ({ state }) => state === 'cancelled');
    mail.otherwise('accept');
    await retryDelivery(fixture.database, carried[1] ?? '', { actor: 'li', source: null, now: Date.now() });
    await untilRows(fixture, [carrier, ...carried, resolution]);
    expect(mail.received.filter(({ answer }) => answer === 'accept')).toHaveLength(2);
  });

  it('whichever of its dead alarms is sent again: its end, which was called off, goes after it', async () => {
    const incident = await insertIncident(fixture);
    const opened = await insertRow(fixture, { incident, ...noc, state: 'dead', ageMs: 3_000 });
    const escalated = await insertRow(fixture, { incident, ...noc, step: 'escalated', state: 'dead', ageMs: 2_000 });
    const resolution = await insertRow(fixture, { incident, ...noc, step: 'resolved', follows: escalated });
    await run();
    await untilRows(fixture, [resolution], ({ state }) => state === 'cancelled');
    await retryDelivery(fixture.database, opened, { actor: 'li', source: null, now: Date.now() });
    await untilRows(fixture, [opened, resolution]);
    expect(mail.received).toHaveLength(2);
  });

  it('leaves out a resolution whose alarm never arrived', async () => {
    const incident = await insertIncident(fixture);
    await insertRow(fixture, { incident, ...noc, state: 'dead', ageMs: 1_000 });
    const { carrier, carried } = await insertCarrier([{ incident, step: 'resolved' }, {}]);
    await run();
    await untilRows(fixture, [carrier, carried[1] ?? '']);
    expect((await readRows(fixture, carried))[0]).toMatchObject({ state: 'cancelled' });
    expect(mail.received).toHaveLength(1);
  });

  it('waits for an earlier one about one of its incidents', async () => {
    const incident = await insertIncident(fixture);
    const alarm = await insertRow(fixture, { incident, ...noc, ageMs: 1_000 });
    const { carrier } = await insertCarrier([{ incident, step: 'resolved' }, {}]);
    mail.script({ stage: 'rcpt', code: 451, message: 'later' });
    await run();
    const [first, second] = await untilRows(fixture, [alarm, carrier]);
    expect(second?.firstAttemptAt ?? 0).toBeGreaterThan(first?.firstAttemptAt ?? 0);
    expect(first?.attempt).toBe(2);
  });

  it('goes though another waits for it that it waits for: one begins', async () => {
    const [a, b] = [await insertIncident(fixture), await insertIncident(fixture)];
    const first = await insertCarrier([{ incident: a }]);
    const second = await insertCarrier([{ incident: b }, { incident: a, step: 'resolved' }]);
    const late = await insertRow(fixture, { incident: b, step: 'resolved', ...noc, state: 'grouped', carrier: first.carrier });
    await run();
    await untilRows(fixture, [first.carrier, second.carrier, late]);
    expect(mail.received).toHaveLength(2);
  });

  it('whose fallback takes one event a message is split up: each goes by itself, once', async () => {
    mail.otherwise({ stage: 'rcpt', code: 550, message: 'no such mailbox' });
    const { carrier, carried } = await insertCarrier([{}, {}, {}], [{ channel: 'hook', address: null }]);
    await run();
    for (const row of await untilRows(fixture, carried))
      expect(row).toMatchObject({ channel: 'hook', diverted: [{ channel: 'mail', why: 'refused' }] });
    expect(hook.received).toHaveLength(3);
    expect((await readRows(fixture, [carrier]))[0]).toMatchObject({ state: 'cancelled' });
  });

  it('in doubt is in doubt for each it carried', async () => {
    mail.script('drop-after-dot');
    const { carrier, carried } = await insertCarrier([{}, {}]);
    await run();
    for (const row of await untilRows(fixture, [carrier, ...carried], ({ state }) => state === 'uncertain')) expect(row.inDoubt).toBe(1);
  });
});

describe('a record that is away for a moment', () => {
  it('alertmanager 2229: what was sent meanwhile is known to be sent, and not sent again', async () => {
    const before = hook.answered;
    hook.script({ status: 200, delayMs: 1_500 });
    const row = await insertRow(fixture, { channel: 'hook' });
    await run();
    await waitFor(() => hook.received.length === 1, { timeoutMs: 15_000 });
    await fixture.postgres.kill();
    await waitFor(() => hook.answered === before + 1, { timeoutMs: 15_000 });
    await fixture.postgres.start();
    expect((await untilRows(fixture, [row], ({ state }) => state === 'delivered', 30_000))[0]).toMatchObject({ attempt: 1, inDoubt: 0 });
    expect(hook.received).toHaveLength(1);
  });
});

describe('the bus', () => {
  it('says the same of a message many times, and it is sent once', async () => {
    hook.otherwise({ status: 200, delayMs: 300 });
    await run();
    const other = fixture.alerting('other/judge', { sweepMs: 50, overdueMs: 0 });
    running.push(other);
    await other.start();
    const rows = await Promise.all(Array.from({ length: 20 }, () => insertRow(fixture, { channel: 'hook' })));
    await untilRows(fixture, rows);
    expect(hook.received).toHaveLength(20);
    expect(new Set(hook.received.map((request) => request.headers['x-beacontower-delivery']))).toEqual(new Set(rows));
  });
});
