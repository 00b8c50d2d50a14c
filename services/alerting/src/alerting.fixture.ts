/** A small node for the integration tests: real PostgreSQL and Redis, an inventory, transitions recorded as the pipeline records them. */
import { type ChannelBody, ContactBody, type DesiredEntity, type ObjectBody, RouteBody } from '@beacontower/contracts';
import { applyInventory, createDatabase, type Database, migrate, recordTransitions } from '@beacontower/database';
import { DEFAULT_ICMP_POLICY, type Look, type State } from '@beacontower/domain';
import { resolveSecret } from '@beacontower/mail';
import { createKeys } from '@beacontower/queue';
import { type Component, createLogger, createRegistry, SystemClock } from '@beacontower/runtime';
import { type SmtpReceiver, startPostgres, startRedis, type TestServer, type WebhookReceiver } from '@beacontower/testing';
import { createAlerting } from './app.ts';
import type { AlertingConfig } from './config.ts';

export const SECRET = 'a secret of the tests';

export interface FixtureObject {
  readonly id: string;
  readonly parents?: readonly string[];
  readonly class?: ObjectBody['class'];
  readonly division?: string;
  /** An access line of this unit. */
  readonly unit?: string;
  readonly kind?: ObjectBody['kind'];
  /** An interface of its parent, quiet or watched. */
  readonly interface?: 'quiet' | 'watched';
}

export interface Fixture {
  readonly database: Database;
  readonly postgres: TestServer;
  readonly redis: TestServer;
  /** Looks asked for so far by any instance. */
  readonly looks: Look[];
  readonly registry: ReturnType<typeof createRegistry>;
  apply(objects: readonly FixtureObject[], channels: readonly ChannelBody[]): Promise<void>;
  /** Records a transition of an object at `at` (epoch ms, now unless told), its edge one second wide. */
  transition(object: string, to: State, at?: number): Promise<void>;
  /** The same of many objects in one transaction. */
  transitions(objects: readonly string[], to: State, at?: number): Promise<void>;
  alerting(instance: string, config?: Partial<AlertingConfig>): Component;
  stop(): Promise<void>;
}

export const webhookChannel = (url: string, rest: Partial<Extract<ChannelBody, { kind: 'webhook' }>> = {}): ChannelBody => ({
  id: 'hook',
  kind: 'webhook',
  url,
  secret: { env: 'TEST_SECRET' },
  timeoutMs: 2_000,
  maxAttempts: 4,
  limit: null,
  template: null,
  allowLocal: true,
  ca: null,
  ...rest,
});

/** By the SMTP receiver of a test, STARTTLS and its own certificate. */
export const mailChannel = (
  { port, caFile }: Pick<SmtpReceiver, 'port' | 'caFile'>,
  rest: Partial<Extract<ChannelBody, { kind: 'email' }>> = {},
): ChannelBody => ({
  id: 'mail',
  kind: 'email',
  host: '127.0.0.1',
  port,
  tls: 'starttls',
  ca: { file: caFile },
  user: null,
  password: null,
  from: '烽台 <alarm@noc.example.cn>',
  timeoutMs: 3_000,
  maxAttempts: 3,
  inDoubt: 'leave',
  limit: null,
  template: null,
  ...rest,
});

export async function startFixture(): Promise<Fixture> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  await migrate(postgres.url);
  const database = createDatabase({ url: postgres.url, applicationName: 'test', maxConnections: 8 });
  const looks: Look[] = [];
  const registry = createRegistry({}, false);
  const states = new Map<string, State>();
  const record = async (objects: readonly string[], to: State, at = Date.now()) => {
    const edge = { at: at - 500, earliest: at - 1_000, latest: at };
    const reason = to === 'down' ? ('no-reply' as const) : ('replied' as const);
    const transitions = objects.map((objectId) => {
      const transition = { from: states.get(objectId) ?? ('unknown' as const), to, edge, reason, decidedAt: at };
      return { objectId, check: null, transition, resolutionMs: 1_000, epoch: 1, told: true };
    });
    for (const object of objects) states.set(object, to);
    await database.transaction((tx) => recordTransitions(tx, transitions, Date.now()));
  };
  const logger = createLogger({ name: 'test', level: 'silent' });
  return {
    database,
    postgres,
    redis,
    looks,
    registry,
    async apply(objects, channels) {
      const now = Date.now();
      const result = await applyInventory(database, { entities: entitiesOf(objects, channels), origin: 'file' }, { now, by: 'test' });
      if (result.plan.refused.length > 0) throw new Error(JSON.stringify(result.plan.refused));
    },
    transition: (object, to, at) => record([object], to, at),
    transitions: record,
    alerting: (instance, config = {}) =>
      createAlerting(
        { instance, ...config },
        {
          database,
          redisUrl: redis.url,
          bullPrefix: createKeys('bt').bull,
          looks: {
            request: async (wanted) => {
              looks.push(...wanted);
            },
            unjudged: async () => false,
          },
          clock: new SystemClock(),
          logger,
          registry,
          secrets: async (reference) => ('env' in reference ? SECRET : resolveSecret(reference)),
        },
      ),
    async stop() {
      await database.close();
      await Promise.all([postgres.stop(), redis.stop()]);
    },
  };
}

/** What one test did to a channel, or told its receivers, is not the next one's. */
export async function startAfresh({ database }: Fixture, hook: WebhookReceiver, mail: SmtpReceiver): Promise<void> {
  await database.query('DELETE FROM channel_states');
  hook.clear();
  hook.otherwise({ status: 200 });
  mail.clear();
  mail.otherwise('accept');
}

export function entitiesOf(objects: readonly FixtureObject[], channels: readonly ChannelBody[]): DesiredEntity[] {
  const node = { id: 'test', name: '测试中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' as const };
  const targets = channels.map((channel) => ({ channel: channel.id, address: channel.kind === 'email' ? 'noc@example.cn' : null }));
  return [
    { entity: 'node', id: 'test', body: node },
    { entity: 'division', id: 'cn', body: { id: 'cn', name: '中国', nameEn: 'China', code: '000000' } },
    { entity: 'contact', id: 'noc', body: ContactBody.parse({ id: 'noc', name: '值班', language: 'zh', targets }) },
    {
      entity: 'route',
      id: 'all',
      body: RouteBody.parse({ id: 'all', match: { severities: null, classes: null, divisions: null, parties: null }, contacts: ['noc'] }),
    },
    ...channels.map((channel) => ({ entity: 'channel' as const, id: channel.id, body: channel })),
    ...objects.map((object) => ({ entity: 'object' as const, id: object.id, body: objectBody(object) })),
  ];
}

function objectBody({
  id,
  parents = [],
  division = 'cn',
  class: objectClass = 'backbone',
  interface: port,
  ...rest
}: FixtureObject): ObjectBody {
  const body: ObjectBody = {
    id,
    kind: rest.kind ?? (rest.unit === undefined ? 'circuit' : 'access-line'),
    name: `广州-深圳 ${id}`,
    division,
    class: objectClass,
    party: null,
    servingRule: 'any',
    dependency: { parents: [...parents], rule: { require: 'any' } },
    checks: [
      {
        id: `${id}/icmp4`,
        objectId: id,
        kind: 'icmp',
        family: 4,
        address: '127.0.0.1',
        zone: 'z',
        policy: { ...DEFAULT_ICMP_POLICY, intervalMs: 1_000 },
      },
    ],
    weight: 1,
    runbook: 'https://wiki.example.cn/runbook',
    attributes: {
      ...{ carrier: '中国电信', circuitNumber: 'CT-1001', hotline: '10000' },
      ...(rest.unit === undefined ? {} : { unit: rest.unit }),
    },
  };
  if (port === undefined) return body;
  const checks: ObjectBody['checks'] = [{ id: `${id}/status`, objectId: id, kind: 'interface', device: parents[0] ?? '', ifName: 'GE1' }];
  return {
    ...body,
    kind: 'interface',
    class: 'other',
    checks,
    attributes: { ifName: 'GE1' },
    ...(port === 'quiet' ? { quiet: true } : {}),
  };
}
