import { IncidentMessage } from '@beacontower/messages';
import { startWebhookReceiver, type WebhookReceiver, waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, SECRET, startFixture, webhookChannel } from './alerting.fixture.ts';

const DEVICE = 'test:device';
const PORT = 'test:device/GE1';

describe('interfaces', () => {
  let fixture: Fixture;
  let receiver: WebhookReceiver;
  let alerting: { stop(): Promise<void> } | undefined;

  const apply = (port: 'quiet' | 'watched') =>
    fixture.apply([{ id: DEVICE }, { id: PORT, parents: [DEVICE], interface: port }], [webhookChannel(receiver.url)]);
  const told = () => receiver.received.map((request) => IncidentMessage.parse(request.json));
  const waitTold = (type: IncidentMessage['type']) =>
    waitFor(async () => told().find((message) => message.type === type), { what: `a message ${type}` });
  const read = () =>
    waitFor(
      async () => {
        const { rows } = await fixture.database.query<{ done: boolean }>(
          'SELECT (SELECT sequence FROM log_readers) >= (SELECT max(id) FROM log) AS done',
        );
        return rows[0]?.done;
      },
      { what: 'the whole log read' },
    );
  const incidents = async () => (await fixture.database.query<{ state: string }>('SELECT state FROM incidents ORDER BY number')).rows;

  beforeAll(async () => {
    [fixture, receiver] = await Promise.all([startFixture(), startWebhookReceiver({ secret: SECRET })]);
    await apply('quiet');
    await fixture.transitions([DEVICE, PORT], 'up', Date.now() - 60_000);
    const started = fixture.alerting('main/judge', {
      sweepMs: 200,
      overdueMs: 500,
      correlation: { parentLookMs: 200, ownLookMs: 200, longestMs: 1_000 },
    });
    alerting = started;
    await started.start();
  });
  afterEach(() => receiver.clear());
  afterAll(async () => {
    await alerting?.stop();
    await receiver?.stop();
    await fixture?.stop();
  });

  it('that are quiet are recorded, and open nothing', async () => {
    await fixture.transition(PORT, 'down');
    await read();
    expect(await incidents()).toEqual([]);
  });

  it('alarm when they are watched from now on, and the alarm ends when they are quiet again', async () => {
    await apply('watched');
    const { incident } = await waitTold('incident.opened');
    expect(incident).toMatchObject({
      title: '接口 广州-深圳 test:device/GE1 中断',
      cause: { id: PORT, kind: 'interface', addresses: [], reason: 'no-reply' },
    });
    await apply('quiet');
    expect((await waitTold('incident.resolved')).incident).toMatchObject({ id: incident.id, resolution: 'unwatched' });
    await fixture.transition(PORT, 'up');
    await read();
    expect(await incidents()).toEqual([{ state: 'resolved' }]);
  });

  it('alarm anew each time they are watched while they stay down', async () => {
    await fixture.transition(PORT, 'down');
    const alarms: string[] = [];
    for (let times = 0; times < 2; times++) {
      receiver.clear();
      await apply('watched');
      alarms.push((await waitTold('incident.opened')).incident.id);
      await apply('quiet');
      await waitTold('incident.resolved');
    }
    expect(new Set(alarms).size).toBe(2);
    await fixture.transition(PORT, 'up');
    await read();
  });

  it('that are watched are explained by their device', async () => {
    await apply('watched');
    await fixture.transition(DEVICE, 'down');
    await fixture.transition(PORT, 'down');
    const { incident } = await waitTold('incident.opened');
    await waitFor(async () => {
      const { rows } = await fixture.database.query('SELECT role FROM incident_members WHERE incident_id = $1 AND object_id = $2', [
        incident.id,
        PORT,
      ]);
      return rows[0]?.role === 'symptom';
    });
    expect(told().map((message) => message.incident.cause.id)).toEqual([DEVICE]);
  });
});
