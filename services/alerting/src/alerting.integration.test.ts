import { createDatabase, reopenIncident, resolveIncident, WorkflowFault } from '@beacontower/database';
import { IncidentMessage } from '@beacontower/messages';
import { createRedis } from '@beacontower/queue';
import { startWebhookReceiver, type WebhookReceiver, waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, SECRET, startFixture, webhookChannel } from './alerting.fixture.ts';

describe('from a transition in the log to the webhook', () => {
  let fixture: Fixture;
  let receiver: WebhookReceiver;
  const running: { stop(): Promise<void> }[] = [];

  const run = async (instance: string) => {
    const alerting = fixture.alerting(instance, { sweepMs: 200, overdueMs: 500 });
    running.push(alerting);
    await alerting.start();
    return alerting;
  };
  const told = (object: string) =>
    receiver.received.map((request) => IncidentMessage.parse(request.json)).filter((message) => message.incident.cause.id === object);
  const isOf = (object: string, type: IncidentMessage['type']) => (request: { readonly json: unknown }) => {
    const message = IncidentMessage.parse(request.json);
    return message.type === type && message.incident.cause.id === object;
  };
  const query = async (sql: string, ...values: unknown[]) => (await fixture.database.query(sql, values)).rows;
  /** Waits until everything written to the log has been taken into account and every delivery has ended. */
  const settled = () =>
    waitFor(
      async () => {
        const [row] = await query(
          `SELECT (SELECT count(*) FROM log WHERE sequence IS NULL) + (SELECT count(*) FROM deliveries WHERE state IN ('pending', 'sending', 'retrying')) AS open`,
        );
        return row?.open === 0;
      },
      { what: 'the end of all deliveries' },
    );

  beforeAll(async () => {
    [fixture, receiver] = await Promise.all([startFixture(), startWebhookReceiver({ secret: SECRET })]);
    const quick = Array.from({ length: 10 }, (_, i) => `quick${i}`);
    const names = ['a', 'cut', 'bus', 'two', 'quiet', 'work', 'hand', 'restart', ...quick];
    const objects = names.map((id) => ({ id: `test:${id}`, division: id === 'quiet' ? 'cn.quiet' : 'cn' }));
    const children = Array.from({ length: 300 }, (_, i) => ({ id: `test:child${i}`, parents: ['test:cut'] }));
    await fixture.apply([...objects, ...children], [webhookChannel(receiver.url)]);
    for (const { id } of objects) await fixture.transition(id, 'up');
    await fixture.transitions(
      children.map(({ id }) => id),
      'up',
    );
  });
  afterEach(async () => {
    for (const alerting of running.splice(0).reverse()) await alerting.stop();
  });
  afterAll(async () => {
    await receiver?.stop();
    await fixture?.stop();
  });

  it('tells the alarm and its recovery, signed, of one incident, in order', async () => {
    await run('main/judge');
    await fixture.transition('test:a', 'down');
    const alarm = await receiver.waitFor(isOf('test:a', 'incident.opened'));
    await fixture.transition('test:a', 'up');
    const recovery = await receiver.waitFor(isOf('test:a', 'incident.resolved'));
    expect([alarm.signature, recovery.signature]).toEqual(['valid', 'valid']);
    expect(alarm.headers).toMatchObject({ 'user-agent': 'Beacontower/1', 'x-beacontower-attempt': '1' });
    const [first, second] = told('test:a');
    expect(second?.incident.id).toBe(first?.incident.id);
    expect(first?.incident).toMatchObject({ severity: 'critical', state: 'open', resolvedAt: null, title: '电路 广州-深圳 test:a 中断' });
    expect(first?.incident.attributes).toEqual({ carrier: '中国电信', circuitNumber: 'CT-1001', hotline: '10000' });
    expect(second?.incident).toMatchObject({ state: 'resolved' });
    await settled();
    const rows = await query(`SELECT step, state, follows IS NOT NULL AS follows FROM deliveries ORDER BY created_at`);
    expect(rows).toEqual([
      { step: 'opened', state: 'delivered', follows: false },
      { step: 'resolved', state: 'delivered', follows: true },
    ]);
  });

  it('is quick from the commit to the webhook', async () => {
    await run('main/judge');
    const latencies: number[] = [];
    for (let i = 0; i < 20; i++) {
      receiver.clear();
      // Each object once: one that comes and goes is told of as that, and no longer as down.
      await fixture.transition(`test:quick${i >> 1}`, i % 2 === 0 ? 'down' : 'up');
      const committedAt = Date.now();
      const request = await receiver.waitFor(() => true, { intervalMs: 2 });
      latencies.push(request.at - committedAt);
    }
    latencies.sort((a, b) => a - b);
    console.info(`commit to webhook: p50 ${latencies[9]} ms, most ${latencies[19]} ms`);
    expect(latencies[9]).toBeLessThan(500);
  });

  it('makes one incident and one alarm of 300 children seen down before their parent', async () => {
    await run('main/judge');
    receiver.clear();
    await fixture.transitions(
      Array.from({ length: 300 }, (_, i) => `test:child${i}`),
      'down',
    );
    await waitFor(() => fixture.looks.some((look) => look.object === 'test:cut'));
    await fixture.transition('test:cut', 'down');
    await receiver.waitFor(isOf('test:cut', 'incident.opened'));
    const symptoms = `SELECT count(*) AS n FROM incident_members m JOIN incidents i ON i.id = m.incident_id
      WHERE i.cause_object = 'test:cut' AND m.role = 'symptom' AND m.left_at IS NULL`;
    await waitFor(async () => (await query(symptoms))[0]?.n === 300);
    expect(await query('SELECT * FROM correlation_pending')).toEqual([]);
    fixture.looks.length = 0;
    await fixture.transition('test:cut', 'up');
    await receiver.waitFor(isOf('test:cut', 'incident.resolved'));
    await waitFor(() => fixture.looks.length >= 300);
    await fixture.transitions(
      Array.from({ length: 300 }, (_, i) => `test:child${i}`),
      'up',
    );
    await waitFor(async () => (await query(symptoms))[0]?.n === 0);
    await settled();
    expect(receiver.received.length).toBe(2);
    const joined = await query(`SELECT body -> 'count' AS count FROM log WHERE kind = 'incident' AND body ->> 'change' = 'joined'`);
    expect(joined).toEqual([{ count: 300 }]);
  });

  it('queues again what the bus has lost', async () => {
    await run('main/judge');
    receiver.clear();
    receiver.script({ status: 503, retryAfterSeconds: 1 });
    await fixture.transition('test:bus', 'down');
    await waitFor(() => receiver.received.length === 1);
    await waitFor(async () => (await query(`SELECT 1 FROM deliveries WHERE state = 'retrying'`)).length === 1);
    const redis = createRedis(fixture.redis.url, () => undefined);
    await redis.flushall();
    redis.disconnect();
    await waitFor(() => receiver.received.length === 2);
    await fixture.transition('test:bus', 'up');
    await receiver.waitFor(isOf('test:bus', 'incident.resolved'));
    expect(told('test:bus').map((message) => message.type)).toEqual(['incident.opened', 'incident.opened', 'incident.resolved']);
    expect(new Set(told('test:bus').map((message) => message.id)).size).toBe(2);
  });

  it('does not tell twice when two instances run, nor lose anything when one goes', async () => {
    const first = await run('one/judge');
    await run('two/judge');
    receiver.clear();
    await fixture.transition('test:two', 'down');
    await receiver.waitFor(isOf('test:two', 'incident.opened'));
    await first.stop();
    await fixture.transition('test:two', 'up');
    await receiver.waitFor(isOf('test:two', 'incident.resolved'));
    await settled();
    expect(told('test:two').map((message) => message.type)).toEqual(['incident.opened', 'incident.resolved']);
  });

  it('nightingale 3146, icinga reporting 71: reads on after a restart where the record stands, and tells what happened meanwhile', async () => {
    receiver.clear();
    await fixture.transition('test:restart', 'down');
    await fixture.transition('test:restart', 'up');
    await run('main/judge');
    await receiver.waitFor(isOf('test:restart', 'incident.resolved'));
    await settled();
    expect(told('test:restart').map((message) => message.type)).toEqual(['incident.opened', 'incident.resolved']);
  });

  it('withholds by a silence, says so, and lets the alarm go when the silence ends and it is still down', async () => {
    await run('main/judge');
    receiver.clear();
    const id = 'aaaaaaaa-0000-4000-8000-000000000001';
    const [now, later] = [Date.now(), Date.now() + 3_600_000];
    await query(
      `INSERT INTO silences (id, objects, divisions, severities, reason, author, created_at, starts_at, ends_at)
       VALUES ($1, '{}', '{cn.quiet}', '{}', 'test', 'me', $2, $2, $3)`,
      id,
      now,
      later,
    );
    const state = async () =>
      (await query(
        `SELECT d.state, d.last_error AS error FROM deliveries d JOIN incidents i ON i.id = d.incident_id WHERE i.cause_object = 'test:quiet' ORDER BY d.created_at`,
      )) as {
        state: string;
        error: string | null;
      }[];
    await fixture.transition('test:quiet', 'down');
    await waitFor(async () => (await state()).length === 1);
    expect(await state()).toEqual([{ state: 'withheld', error: `silence ${id}` }]);
    await fixture.transition('test:quiet', 'up');
    await waitFor(async () => (await state()).length === 2);
    expect((await state())[1]).toEqual({ state: 'withheld', error: `its alarm was withheld (silence ${id})` });
    await fixture.transition('test:quiet', 'down');
    await waitFor(async () => (await state()).length === 3);
    expect(receiver.received).toEqual([]);
    await query('UPDATE silences SET ended_at = $2, ended_by = $3 WHERE id = $1', id, Date.now(), 'me');
    await receiver.waitFor(isOf('test:quiet', 'incident.opened'));
    await fixture.transition('test:quiet', 'up');
    await receiver.waitFor(isOf('test:quiet', 'incident.resolved'));
    expect(told('test:quiet').length).toBe(2);
  });

  it('withholds by approved maintenance only', async () => {
    await run('main/judge');
    receiver.clear();
    const now = Date.now();
    const insert = `INSERT INTO maintenance (id, title, objects, divisions, starts_at, ends_at, created_at, created_by) VALUES ($1, 'x', '{test:work}', '{}', $2, $3, $2, 'me')`;
    await query(insert, 'bbbbbbbb-0000-4000-8000-000000000001', now - 1_000, now + 3_600_000);
    await fixture.transition('test:work', 'down');
    await receiver.waitFor(isOf('test:work', 'incident.opened'));
    await fixture.transition('test:work', 'up');
    await receiver.waitFor(isOf('test:work', 'incident.resolved'));
    await query('UPDATE maintenance SET approved_at = $1, approved_by = $2', now - 500, 'boss');
    await fixture.transition('test:work', 'down');
    await waitFor(
      async () => (await query(`SELECT 1 FROM deliveries WHERE state = 'withheld' AND last_error LIKE 'maintenance %'`)).length === 1,
    );
    await fixture.transition('test:work', 'up');
    await waitFor(async () => (await query(`SELECT 1 FROM incidents WHERE state IN ('open', 'acknowledged')`)).length === 0);
    expect(told('test:work').length).toBe(2);
  });

  it('tells those who were told when a person resolves an incident whose cause nobody sees any more', async () => {
    await run('main/judge');
    receiver.clear();
    await fixture.transition('test:hand', 'down');
    const alarm = IncidentMessage.parse((await receiver.waitFor(isOf('test:hand', 'incident.opened'))).json);
    const act = { incident: alarm.incident.id, actor: 'li', source: null, revision: null, now: Date.now() };
    await expect(resolveIncident(fixture.database, act, 'gone')).rejects.toThrow(WorkflowFault);
    await fixture.transition('test:hand', 'unknown');
    await waitFor(async () => (await query(`SELECT 1 FROM incident_events WHERE kind = 'cause-unknown'`)).length === 1);
    await resolveIncident(fixture.database, { ...act, now: Date.now() }, 'taken out of service');
    await receiver.waitFor(isOf('test:hand', 'incident.resolved'));
    await expect(reopenIncident(fixture.database, act, 'no')).rejects.toMatchObject({ code: 'not-closed' });
    await settled();
    expect(told('test:hand').length).toBe(2);
  });

  it('keeps one incident per cause whatever is read twice', async () => {
    await run('main/judge');
    receiver.clear();
    const before = (await query('SELECT count(*) AS n FROM incidents'))[0];
    for (const alerting of running.splice(0)) await alerting.stop();
    await query(`UPDATE log_readers SET sequence = 0`);
    await run('main/judge');
    const other = createDatabase({ url: fixture.postgres.url, applicationName: 'other' });
    await waitFor(async () => {
      const result = await other.query<{ done: boolean }>(
        'SELECT sequence >= (SELECT max(sequence) FROM log) - 5 AS done FROM log_readers',
      );
      return result.rows[0]?.done;
    });
    await other.close();
    await settled();
    expect((await query('SELECT count(*) AS n FROM incidents'))[0]).toEqual(before);
    expect(receiver.received).toEqual([]);
  });
});
