import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@beacontower/database';
import { createLogger, createRegistry, SystemClock } from '@beacontower/runtime';
import { startWebhookReceiver, type WebhookReceiver } from '@beacontower/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Fixture, SECRET, startFixture, webhookChannel } from '../alerting.fixture.ts';
import { createChannels } from '../channels/index.ts';
import { ALERTING_DEFAULTS } from '../config.ts';
import { createAlertingMetrics } from '../metrics.ts';
import { DeliveryDirectories } from './directory.ts';
import { insertRow, untilRows } from './rows.fixture.ts';
import { DeliveryWorker } from './worker.ts';

let fixture: Fixture;
let hook: WebhookReceiver;

beforeAll(async () => {
  [fixture, hook] = await Promise.all([startFixture(), startWebhookReceiver({ secret: SECRET })]);
  await fixture.apply([], [webhookChannel(hook.url, { timeoutMs: 10_000 })]);
});
afterAll(async () => {
  await hook?.stop();
  await fixture?.stop();
});

/** A worker without a bus; `claiming` is asked before each claim. */
function createWorker(claiming: () => Promise<void>): DeliveryWorker {
  const { database } = fixture;
  const watched: Database = {
    query: database.query.bind(database),
    listen: database.listen.bind(database),
    limited: database.limited.bind(database),
    close: database.close.bind(database),
    async transaction(work) {
      await claiming();
      return database.transaction(work);
    },
  };
  const metrics = createAlertingMetrics(createRegistry({}, false));
  return new DeliveryWorker(
    { ...ALERTING_DEFAULTS, instance: 'test/judge' },
    {
      database: watched,
      bus: { add: async () => undefined },
      channels: createChannels({ secrets: async () => SECRET }),
      directories: new DeliveryDirectories(database, ALERTING_DEFAULTS.claimMarginMs),
      clock: new SystemClock(),
      logger: createLogger({ name: 'test', level: 'silent' }),
      metrics,
      random: () => 0,
      redisUrl: fixture.redis.url,
      bullPrefix: 'bt',
    },
  );
}

it('what one job has claimed is not sent by another whose own claim was lost with its connection', async () => {
  const row = await insertRow(fixture);
  let claims = 0;
  const worker = createWorker(async () => {
    claims += 1;
    if (claims > 1) return;
    // The other job, which the bus told of it too, is at work meanwhile.
    for (let wait = 0; wait < 40 && hook.received.length === 0; wait++) await pause(50);
    throw new Error('Connection terminated unexpectedly');
  });
  hook.otherwise({ status: 200, delayMs: 3_000 });
  const job = { delivery: row, attempt: 0 };
  await Promise.all([worker.take(job), worker.take(job)]);
  await pause(4_000);
  // Nobody has it, or it was sent: told again, as the sweeper would.
  await worker.take(job);
  await untilRows(fixture, [row]);
  expect(hook.received).toHaveLength(1);
  expect((await fixture.database.query('SELECT in_doubt FROM deliveries WHERE id = $1', [row])).rows).toEqual([{ in_doubt: 0 }]);
});
