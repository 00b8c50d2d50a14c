import { ConditionBody, type DesiredEntity, type ObjectBody } from '@beacontower/contracts';
import {
  acquireLeases,
  applyInventory,
  type Database,
  dispatchLog,
  type Lease,
  readCheckKeys,
  recordTransitions,
} from '@beacontower/database';
import { DEFAULT_ICMP_POLICY, DEFAULT_SNMP_POLICY, exactEdge, type State } from '@beacontower/domain';
import { appendSamples, createKeys, createRedis, packUint16, packUint32 } from '@beacontower/queue';
import { createLogger, createRegistry, type Registry } from '@beacontower/runtime';
import { batchOf, FakeClock, startDatabase, startRedis, type TestDatabase, type TestServer } from '@beacontower/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { CONDITIONS_DEFAULTS } from './config.ts';
import { createConditionMetrics } from './metrics.ts';
import { SampleFollower } from './sample-follower.ts';
import { CONDITIONS_LEASE, ConditionWatch } from './watch.ts';

export const START = Date.UTC(2026, 2, 10, 4);
export const MINUTE = 60_000;
/** The moment so many minutes after the start, epoch ms. */
export const minute = (n: number): number => START + n * MINUTE;
const keys = createKeys('test');
const NO_REPLY = 0xffff_ffff;

const object = { division: 'cn', class: 'backbone', party: 'noc', servingRule: 'any', weight: 1, runbook: null, attributes: {} } as const;
const alone = { parents: [], rule: { require: 'any' } } as const;
const zone = 'centre';

/** A device with an agent and two pings, and two interfaces of it. */
const OBJECTS: readonly ObjectBody[] = [
  {
    ...object,
    ...{ id: 'bj:core', kind: 'device', name: '核心路由器', dependency: { parents: [], rule: { require: 'any' } } },
    checks: [
      { id: 'bj:core/icmp4', objectId: 'bj:core', kind: 'icmp', family: 4, address: '192.0.2.1', zone, policy: DEFAULT_ICMP_POLICY },
      { id: 'bj:core/icmp6', objectId: 'bj:core', kind: 'icmp', family: 6, address: '2001:db8::1', zone, policy: DEFAULT_ICMP_POLICY },
      {
        ...{ id: 'bj:core/snmp', objectId: 'bj:core', kind: 'snmp', family: 4, address: '192.0.2.1', port: 161, zone, credential: 'ro' },
        ...{ policy: DEFAULT_SNMP_POLICY, interfaces: { watch: [], ignore: [] } },
      },
    ],
  },
  ...['ge1', 'ge2'].map(
    (ifName): ObjectBody => ({
      ...object,
      ...{ id: `bj:core/${ifName}`, kind: 'interface', name: `核心路由器 ${ifName}`, quiet: true },
      dependency: { parents: ['bj:core'], rule: { require: 'any' } },
      checks: [{ id: `bj:core/${ifName}/status`, objectId: `bj:core/${ifName}`, kind: 'interface', device: 'bj:core', ifName }],
    }),
  ),
  ...['leaf'].map(
    (id): ObjectBody => ({
      ...object,
      id: `bj:${id}`,
      kind: 'device',
      name: id,
      dependency: { ...alone, parents: ['bj:core'] },
      checks: [],
    }),
  ),
];

export const EVERYTHING = { kinds: null, classes: null, divisions: null, parties: null, attributes: null, objects: null };
export const BUSY: ConditionBody = {
  ...{ id: 'busy', name: '带宽利用率过高', nameEn: 'is too busy', severity: 'major', where: { ...EVERYTHING, kinds: ['interface'] } },
  test: { on: 'samples', metric: 'utilisation', side: 'above', raise: 0.8, clear: 0.7 },
  ...{ forMs: 2 * MINUTE, clearForMs: 2 * MINUTE, calendar: null, runbook: 'https://wiki.example/busy' },
};

/** A row of an incident with what was told of it. */
export interface IncidentSeen {
  readonly id: string;
  readonly condition: string;
  readonly cause_object: string;
  readonly state: string;
  readonly title: string;
  readonly facts: Record<string, unknown>;
  readonly started_at: number;
  readonly resolved_at: number | null;
  readonly events: string[];
  readonly notices: string[];
  readonly [column: string]: unknown;
}

/** One node with its conditions, whose time and samples are those of the test. */
export class Scene {
  readonly clock = new FakeClock(START);
  readonly faults: unknown[] = [];
  registry: Registry = createRegistry({}, false);
  #watch: ConditionWatch;
  #keys = new Map<string, number>();
  readonly #database: Database;
  readonly #redis: Redis;
  readonly #lease: Lease;

  private constructor(database: Database, redis: Redis, lease: Lease) {
    this.#database = database;
    this.#redis = redis;
    this.#lease = lease;
    this.#watch = this.#begin();
  }

  /** Begins with an empty record. */
  static async create(database: Database, redis: Redis): Promise<Scene> {
    await database.query(
      `TRUNCATE node_identity, inventory, checks, log, log_readers, transitions, current_states, incidents, incident_events, incident_members,
         correlation_pending, notices, condition_states, condition_offsets, leases RESTART IDENTITY CASCADE`,
    );
    await database.query('UPDATE inventory_version SET version = 0');
    await redis.flushall();
    const [lease] = await acquireLeases(database, [CONDITIONS_LEASE], 'test', 3_600_000);
    return new Scene(database, redis, lease as Lease);
  }

  #begin(redis = this.#redis): ConditionWatch {
    const { clock } = this;
    this.registry = createRegistry({}, false);
    const metrics = createConditionMetrics(this.registry);
    const config = { ...CONDITIONS_DEFAULTS, instance: 'test', blockMs: 1, lookMs: 0 };
    const deps = { redis, blockingRedis: redis, keys, partitions: 1, clock, metrics, database: this.#database };
    const logger = createLogger({ name: 'test', level: 'silent' });
    return new ConditionWatch(config, { ...deps, createSamples: () => new SampleFollower(config, { ...deps, logger }) });
  }

  /** Another process takes up the work: it knows what the record and the streams tell. */
  restart(redis = this.#redis): void {
    this.#watch = this.#begin(redis);
  }

  async configure(conditions: readonly ConditionBody[], objects: readonly ObjectBody[] = OBJECTS): Promise<void> {
    const calendar = {
      id: 'office',
      name: '工作时间',
      nameEn: null,
      dates: [],
      knownUntil: null,
      week: Array.from({ length: 7 }, () => [{ from: 540, to: 1080 }]),
    };
    const entities: DesiredEntity[] = [
      { entity: 'node', id: 'bj', body: { id: 'bj', name: '国家中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' } },
      { entity: 'calendar', id: 'office', body: calendar },
      ...objects.map((body): DesiredEntity => ({ entity: 'object', id: body.id, body })),
      ...conditions.map((body): DesiredEntity => ({ entity: 'condition', id: body.id, body: ConditionBody.parse(body) })),
    ];
    await applyInventory(this.#database, { entities, origin: 'file', partitions: 1 }, { now: this.clock.now(), by: 'test' });
    this.#keys = await readCheckKeys(this.#database);
  }

  /** Objects without those given. */
  static without(...ids: readonly string[]): readonly ObjectBody[] {
    return OBJECTS.filter(({ id }) => !ids.includes(id));
  }

  /** Lets the time come and looks. */
  async at(minute: number): Promise<void> {
    this.clock.advance(START + minute * MINUTE - this.clock.now());
    await dispatchLog(this.#database, 1_000);
    await this.#watch.pass({ lease: this.#lease, fault: (error) => this.faults.push(error) });
  }

  /**
   * The agent is polled at a minute: so much of a line of 1 Gbit/s went through `ge1` in the minute before (and half through `ge2`);
   * `uptime` in minutes.
   */
  async poll(
    minute: number,
    busy: number,
    over: { readonly uptime?: number; readonly errors?: number; readonly status?: number } = {},
  ): Promise<void> {
    this.#octets += Math.round(busy * 7_500_000_000);
    this.#errors += over.errors ?? 0;
    const uptime = (over.uptime ?? 10_000 + minute) * 6_000;
    const row = (ifName: string, part: number) => {
      const counters = Array.from({ length: 12 }, () => 0n);
      counters[0] = BigInt(Math.round(this.#octets * part));
      counters[1] = BigInt(Math.round((START + minute * MINUTE) / MINUTE) * 10_000);
      counters[8] = BigInt(this.#errors);
      return { check: this.keyOf(`bj:core/${ifName}/status`), uptime, counters, status: over.status ?? 0x11 };
    };
    await appendSamples(this.#redis, keys.samples(0), batchOf(START + minute * MINUTE, [row('ge1', 1), row('ge2', 0.5)]));
  }
  #octets = 0;
  #errors = 0;

  /** A round of pings: replies of 10, and round-trip time in ms, of both families. */
  async ping(
    minute: number,
    four: readonly [received: number, rtt: number],
    six: readonly [received: number, rtt: number] = four,
  ): Promise<void> {
    const families = [four, six];
    const rtt = packUint32(families.map(([received, ms]) => (received === 0 ? NO_REPLY : ms * 1_000)));
    await appendSamples(this.#redis, keys.samples(0), {
      ...{ type: 'icmp', shard: '0.centre.icmp.10000', tick: START + minute * MINUTE, startedAt: START + minute * MINUTE },
      checks: packUint32(['bj:core/icmp4', 'bj:core/icmp6'].map((check) => this.keyOf(check))),
      sent: packUint16([10, 10]),
      received: packUint16(families.map(([received]) => received)),
      ...{ rttMin: rtt, rttAvg: rtt, rttMax: rtt, jitter: packUint32([0, 0]) },
    });
  }

  async state(objectId: string, from: State, to: State, minute: number): Promise<void> {
    const at = START + minute * MINUTE;
    const transition = { from, to, edge: exactEdge(at), reason: 'replied', decidedAt: at } as const;
    await this.#database.transaction((tx) =>
      recordTransitions(tx, [{ objectId, check: null, transition, resolutionMs: 20_000, epoch: 1, told: true }], at),
    );
  }

  async incidents(): Promise<IncidentSeen[]> {
    const { rows } = await this.#database.query<IncidentSeen>(
      `SELECT n.*, ARRAY(SELECT kind FROM incident_events e WHERE e.incident_id = n.id ORDER BY e.id) AS events,
         ARRAY(SELECT step FROM notices t WHERE t.incident_id = n.id ORDER BY t.id) AS notices
       FROM incidents n WHERE n.kind = 'condition' ORDER BY number`,
    );
    return rows;
  }

  /** Polls of successive minutes, each judged when it came. */
  async polls(from: number, ...values: readonly number[]): Promise<void> {
    for (const [index, value] of values.entries()) {
      await this.poll(from + index, value);
      await this.at(from + index);
    }
  }

  /** Each incident as `condition object state`. */
  async told(): Promise<string[]> {
    return (await this.incidents()).map(({ condition, cause_object, state }) => `${condition} ${cause_object} ${state}`);
  }

  keyOf(check: string): number {
    const key = this.#keys.get(check);
    if (key === undefined) throw new Error(`no check ${check}`);
    return key;
  }
}

/** The servers of a file of tests, and the scene of the test under way. */
export interface Scenes {
  scene: Scene;
  database: Database;
  redis: Redis;
  server: TestServer;
  /** The same from the beginning. */
  renew(): Promise<Scene>;
}

/** Starts servers for the file, and a scene for each test; what went wrong unseen fails the test. */
export function useScenes(): Scenes {
  const suite = {
    async renew() {
      suite.scene = await Scene.create(suite.database, suite.redis);
      return suite.scene;
    },
  } as Scenes;
  let postgres: TestDatabase | undefined;
  beforeAll(async () => {
    [postgres, suite.server] = await Promise.all([startDatabase(), startRedis()]);
    suite.database = postgres.database;
    suite.redis = createRedis(suite.server.url, () => undefined);
    await suite.redis.ping();
  });
  beforeEach(async () => {
    await suite.renew();
  });
  afterEach(() => {
    expect(suite.scene.faults).toEqual([]);
  });
  afterAll(async () => {
    suite.redis?.disconnect();
    await Promise.all([postgres?.stop(), suite.server?.stop()]);
  });
  return suite;
}
