import { startWebhookReceiver, type WebhookReceiver, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, SECRET, startFixture, webhookChannel } from './alerting.fixture.ts';
import { IncidentMessage } from './message.ts';

const typeOf = (request: { readonly json: unknown }) => IncidentMessage.parse(request.json).type;

describe('from a transition in the log to the webhook', () => {
  let fixture: Fixture;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    [fixture, receiver] = await Promise.all([startFixture(), startWebhookReceiver({ secret: SECRET })]);
    await fixture.apply([{ id: 'test:a' }], [webhookChannel(receiver.url)]);
  });
  afterAll(async () => {
    await receiver?.stop();
    await fixture?.stop();
  });

  it('tells the alarm and its recovery, signed, with the same incident', async () => {
    const alerting = fixture.alerting('main/judge');
    await alerting.start();
    try {
      await fixture.transition('test:a', 'up');
      await fixture.transition('test:a', 'down');
      const alarm = await receiver.waitFor((request) => typeOf(request) === 'incident.opened');
      expect(alarm.signature).toBe('valid');
      await fixture.transition('test:a', 'up');
      const recovery = await receiver.waitFor((request) => typeOf(request) === 'incident.resolved');
      expect(recovery.signature).toBe('valid');
      const told = [alarm, recovery].map((request) => IncidentMessage.parse(request.json).incident);
      expect(told[1]?.id).toBe(told[0]?.id);
      expect(told[0]).toMatchObject({ severity: 'critical', state: 'open', title: '电路 电路 test:a 中断' });
      await waitFor(async () => {
        const rows = await fixture.database.query(`SELECT state FROM deliveries`);
        return rows.rows.length === 2 && rows.rows.every((row) => row.state === 'delivered');
      });
    } finally {
      await alerting.stop();
    }
  });
});
