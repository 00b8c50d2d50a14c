/** Early warnings, from what the assessor records to what people are told. */
import type { EarlyWarning } from '@beacontower/contracts';
import { type WarningChange, writeWarningChange } from '@beacontower/database';
import { IncidentMessage } from '@beacontower/messages';
import { startWebhookReceiver, type WebhookReceiver, waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, SECRET, startFixture, webhookChannel } from './alerting.fixture.ts';

let fixture: Fixture;
let receiver: WebhookReceiver;
const running: { stop(): Promise<void> }[] = [];

const run = async () => {
  const alerting = fixture.alerting('main/judge', { sweepMs: 200, overdueMs: 500 });
  running.push(alerting);
  await alerting.start();
};
const stop = async () => {
  for (const alerting of running.splice(0).reverse()) await alerting.stop();
};
const query = async (sql: string, ...values: unknown[]) => (await fixture.database.query(sql, values)).rows;
const messages = () => receiver.received.map((request) => IncidentMessage.parse(request.json));
const isOf = (objective: string, type: IncidentMessage['type']) => (request: { readonly json: unknown }) => {
  const { type: told, incident } = IncidentMessage.parse(request.json);
  return told === type && incident.warning?.objective === objective;
};

function aboutOf(objective: string, over: Partial<EarlyWarning> = {}): EarlyWarning {
  return {
    ...{ objective, name: '广域骨干网', nameEn: 'Backbone', target: 0.9997, periodFrom: 0, periodTo: Date.now() },
    ...{ budgetMs: 4_000_000.4, leftMs: 1_000_000, leftFraction: 0.25, exhaustedAt: Date.now() + 3_600_000, forecast: 'forecast' as const },
    firing: [{ severity: 'major', longMs: 3_600_000, shortMs: 300_000, limit: 14.4, longRate: 20, shortRate: 100 }],
    ...over,
  };
}
const write = (change: WarningChange) => fixture.database.transaction((tx) => writeWarningChange(tx, change));
const opened = (objective: string, id: string, division = 'cn'): WarningChange => ({
  ...{ change: 'opened', id, severity: 'major', title: '预警', division, class: 'backbone', about: aboutOf(objective), at: Date.now() },
});

beforeAll(async () => {
  [fixture, receiver] = await Promise.all([startFixture(), startWebhookReceiver({ secret: SECRET })]);
  await fixture.apply([{ id: 'test:a' }], [webhookChannel(receiver.url)]);
  await fixture.transition('test:a', 'up');
});
afterEach(async () => {
  await stop();
  receiver.clear();
});
afterAll(async () => {
  await receiver?.stop();
  await fixture?.stop();
});

describe('early warnings', () => {
  it('are told when they open, get worse and end, each as it was then, to whom the routes name', async () => {
    await run();
    const id = 'aaaaaaaa-0000-4000-8000-000000000001';
    await write(opened('one', id));
    await receiver.waitFor(isOf('one', 'incident.opened'));
    const worse = aboutOf('one', { leftMs: -1, exhaustedAt: null, forecast: 'exhausted' });
    await write({ change: 'escalated', id, severity: 'critical', about: worse, at: Date.now() });
    await receiver.waitFor(isOf('one', 'incident.escalated'));
    await write({ change: 'resolved', id, reason: 'recovered', about: aboutOf('one', { firing: [] }), at: Date.now() });
    await receiver.waitFor(isOf('one', 'incident.resolved'));
    expect(messages().map(({ incident }) => [incident.severity, incident.warning?.leftMs, incident.resolution])).toEqual([
      ['major', 1_000_000, null],
      ['critical', -1, null],
      ['critical', 1_000_000, 'recovered'],
    ]);
    expect(messages()[0]?.incident).toMatchObject({
      kind: 'early-warning',
      title: '可用率目标 广域骨干网 误差预算消耗过快',
      cause: { id: 'objective/one', name: '广域骨干网', kind: 'objective', class: 'backbone' },
      party: null,
      affected: { total: 0, objects: [] },
      warning: { budgetMs: 4_000_000, forecast: 'forecast', firing: [{ longRate: 20 }] },
    });
  });

  it('that were recorded while nobody read are told after a restart, and trouble no outage', async () => {
    await write(opened('two', 'aaaaaaaa-0000-4000-8000-000000000002'));
    await run();
    await receiver.waitFor(isOf('two', 'incident.opened'));
    await stop();
    // The correlator's memory is rebuilt from the record, with a warning under way in it.
    await run();
    await fixture.transition('test:a', 'down');
    await waitFor(() => messages().some(({ incident }) => incident.cause.id === 'test:a'));
    await fixture.transition('test:a', 'up');
    await waitFor(() => messages().some(({ type, incident }) => incident.cause.id === 'test:a' && type === 'incident.resolved'));
    expect(await query(`SELECT state FROM incidents WHERE objective = 'two'`)).toEqual([{ state: 'open' }]);
    expect(messages().filter(({ incident }) => incident.warning?.objective === 'two')).toHaveLength(1);
  });

  it('are withheld by a silence of their division, and go when it ends; planned work withholds none', async () => {
    await run();
    const [now, later] = [Date.now(), Date.now() + 3_600_000];
    const silence = 'aaaaaaaa-0000-4000-8000-00000000000f';
    await query(
      `INSERT INTO silences (id, objects, divisions, severities, reason, author, created_at, starts_at, ends_at)
       VALUES ($1, '{}', '{cn.quiet}', '{}', 'test', 'me', $2, $2, $3)`,
      silence,
      now,
      later,
    );
    await query(
      `INSERT INTO maintenance (id, title, objects, divisions, starts_at, ends_at, created_at, created_by, approved_at, approved_by)
       VALUES (gen_random_uuid(), 'x', '{}', '{cn}', $1, $2, $1, 'me', $1, 'you')`,
      now - 1_000,
      later,
    );
    await write(opened('three', 'aaaaaaaa-0000-4000-8000-000000000003', 'cn.quiet'));
    const state = () =>
      query(`SELECT d.state, d.last_error AS error FROM deliveries d JOIN incidents n ON n.id = d.incident_id WHERE n.objective = 'three'`);
    await waitFor(async () => (await state()).length === 1);
    expect(await state()).toEqual([{ state: 'withheld', error: `silence ${silence}` }]);
    await query('UPDATE silences SET ended_at = $2, ended_by = $3 WHERE id = $1', silence, Date.now(), 'me');
    await receiver.waitFor(isOf('three', 'incident.opened'));
  });
});
