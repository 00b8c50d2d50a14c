import { setTimeout as pause } from 'node:timers/promises';
import { type ChannelBody, ContactBody, type DesiredEntity, type ObjectBody, RouteBody } from '@beacontower/contracts';
import { applyInventory, type Database, recordTransitions } from '@beacontower/database';
import { DEFAULT_ICMP_POLICY } from '@beacontower/domain';
import { createKeys } from '@beacontower/queue';
import { createLogger, createRegistry, SystemClock } from '@beacontower/runtime';
import { createAlerting } from '@beacontower/service-alerting';
import { startDatabase, startRedis, startWebhookReceiver, waitFor } from '@beacontower/testing';
import { type Measurement, percentile } from './measurement.ts';

const MESSAGES = 60;
/** Between two messages: the node is idle again. */
const IDLE_MS = 150;
/** What the issue promises of the median. */
const PROMISED_MS = 200;

/**
 * How long an idle node takes from the moment routing lets a message go to its first attempt, and to the moment at which a receiver
 * on this machine has it. One incident after another, through the real correlator, router, bus and worker.
 */
export async function measure(): Promise<readonly Measurement[]> {
  const [postgres, redis, receiver] = await Promise.all([startDatabase(), startRedis(), startWebhookReceiver()]);
  const { database } = postgres;
  const alerting = createAlerting(
    { instance: 'bench/judge' },
    {
      database,
      redisUrl: redis.url,
      bullPrefix: createKeys('bench').bull,
      looks: { request: async () => undefined, unjudged: async () => false },
      clock: new SystemClock(),
      logger: createLogger({ name: 'bench', level: 'error' }),
      registry: createRegistry({}, false),
      secrets: async () => 'a secret of the bench',
    },
  );
  try {
    const inventory = { entities: entities(`${receiver.url}/`), origin: 'file' as const };
    const { plan } = await applyInventory(database, inventory, { now: Date.now(), by: 'bench' });
    if (plan.refused.length > 0) throw new Error(JSON.stringify(plan.refused));
    await alerting.start();
    for (let index = 0; index < MESSAGES; index++) {
      await cut(database, `bench:d${index}`);
      await waitFor(() => receiver.received.length === index + 1, { timeoutMs: 30_000 });
      await pause(IDLE_MS);
    }
    return figuresOf(
      await readAttempts(database),
      new Map(receiver.received.map((each) => [each.headers['x-beacontower-delivery'], each.at])),
    );
  } finally {
    await alerting.stop();
    await Promise.all([postgres.stop(), redis.stop(), receiver.stop()]);
  }
}

interface Attempt {
  readonly id: string;
  readonly releasedAt: number;
  readonly firstAttemptAt: number;
  readonly [column: string]: unknown;
}

async function readAttempts(database: Database): Promise<Attempt[]> {
  const result = await database.query<Attempt>(
    'SELECT id, released_at AS "releasedAt", first_attempt_at AS "firstAttemptAt" FROM deliveries WHERE first_attempt_at IS NOT NULL',
  );
  return result.rows;
}

function figuresOf(attempts: readonly Attempt[], arrivals: ReadonlyMap<unknown, number>): Measurement[] {
  const begun = attempts.map(({ releasedAt, firstAttemptAt }) => firstAttemptAt - releasedAt);
  const arrived = attempts.map(({ id, releasedAt }) => (arrivals.get(id) ?? Number.POSITIVE_INFINITY) - releasedAt);
  const figure = (name: string, value: number) => ({ name: `firstAttempt.${name}`, value, unit: 'ms', peer: null, peerValue: null });
  const median = percentile(begun, 0.5);
  if (!(attempts.length === MESSAGES && median < PROMISED_MS)) {
    throw new Error(
      `${attempts.length} of ${MESSAGES} messages, the median to the first attempt is ${median} ms, not under ${PROMISED_MS}`,
    );
  }
  return [
    figure('p50', median),
    figure('p99', percentile(begun, 0.99)),
    figure('arrival.p50', percentile(arrived, 0.5)),
    figure('arrival.p99', percentile(arrived, 0.99)),
  ];
}

async function cut(database: Database, object: string): Promise<void> {
  const at = Date.now();
  const edge = { at: at - 500, earliest: at - 1_000, latest: at };
  const transition = { from: 'unknown', to: 'down', edge, reason: 'no-reply', decidedAt: at } as const;
  const row = { objectId: object, check: null, transition, resolutionMs: 1_000, epoch: 1, told: true };
  await database.transaction((tx) => recordTransitions(tx, [row], at));
}

function entities(url: string): DesiredEntity[] {
  const rest = { timeoutMs: 5_000, maxAttempts: 5, limit: null, template: null, allowLocal: true, ca: null };
  const hook: ChannelBody = { id: 'hook', kind: 'webhook', url, secret: { env: 'BENCH_SECRET' }, ...rest };
  const match = { severities: null, classes: null, divisions: null, parties: null };
  return [
    { entity: 'node', id: 'bench', body: { id: 'bench', name: 'bench', division: 'cn', timeZone: 'Asia/Shanghai', language: 'en' } },
    { entity: 'division', id: 'cn', body: { id: 'cn', name: '中国', nameEn: 'China', code: '000000' } },
    { entity: 'channel', id: 'hook', body: hook },
    {
      entity: 'contact',
      id: 'noc',
      body: ContactBody.parse({ id: 'noc', name: 'noc', language: 'en', targets: [{ channel: 'hook', address: null }] }),
    },
    { entity: 'route', id: 'all', body: RouteBody.parse({ id: 'all', match, contacts: ['noc'] }) },
    ...Array.from({ length: MESSAGES }, (_, index) => objectOf(`bench:d${index}`)),
  ];
}

function objectOf(id: string): DesiredEntity {
  const policy = { ...DEFAULT_ICMP_POLICY, intervalMs: 1_000 };
  const body: ObjectBody = {
    id,
    kind: 'circuit',
    name: id,
    division: 'cn',
    class: 'backbone',
    party: null,
    servingRule: 'any',
    dependency: { parents: [], rule: { require: 'any' } },
    checks: [{ id: `${id}/icmp4`, objectId: id, kind: 'icmp', family: 4, address: '127.0.0.1', zone: 'z', policy }],
    weight: 1,
    runbook: null,
    attributes: {},
  };
  return { entity: 'object', id, body };
}
