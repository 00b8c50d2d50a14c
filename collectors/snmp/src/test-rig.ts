import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DeviceSeen,
  type LookDetail,
  type ObservationBatch,
  type SnmpSecret,
  type SnmpShardPlan,
  VERDICT,
} from '@beacontower/contracts';
import { REASONS } from '@beacontower/domain';
import {
  createKeys,
  createRedis,
  decodeEntry,
  decodeSamples,
  RoundQueues,
  unpackInt32,
  unpackUint16,
  unpackUint32,
  unpackValue,
  writePlans,
} from '@beacontower/queue';
import { type Component, createLogger, createRegistry, type Registry, SystemClock } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import { createSnmpCollector } from './collector.ts';
import { SNMP_COLLECTOR_DEFAULTS, type SnmpCollectorConfig } from './config.ts';

export const SHARD = '0.main.snmp.60000';
const keys = createKeys('test');
const VERDICT_NAMES = Object.keys(VERDICT);

/** One observation in words. `first`, `last`: epoch ms. */
export interface Seen {
  readonly verdict: string;
  readonly reason: string | null;
  readonly first: number;
  readonly last: number;
  readonly tick: number | null;
}

/** One row of interface samples. */
export interface SampleRow {
  readonly check: number;
  readonly at: number;
  readonly uptime: number;
  readonly broken: number;
  readonly speed: number;
  readonly status: number;
  readonly present: number;
  readonly wide: number;
  readonly counters: readonly bigint[];
}

export type PlannedTestDevice = Partial<SnmpShardPlan['devices'][number]> & { readonly port: number; readonly secret?: SnmpSecret };

export const COMMUNITY: SnmpSecret = { version: '2c', community: 'public' };
/** Opens what `sealed` made; everything else does not open. */
const sealer = {
  open(sealed: string, context: string): string {
    const [where, text] = JSON.parse(sealed) as [string, string];
    if (where !== context) throw new Error('sealed for something else');
    return text;
  },
};
const sealed = (id: string, secret: SnmpSecret) => JSON.stringify([`credential ${id}`, JSON.stringify(secret)]);

/** A Redis of the test's own. */
export interface TestRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** A collector on a private Redis, rounds given by hand, and what it appended in words. */
export class TestRig {
  readonly #server: TestRedis;
  readonly redis: Redis;
  readonly #queues: RoundQueues;
  #registry: Registry = createRegistry({}, false);
  #collector: Component | undefined;
  #version = 0;
  #rounds = 0;
  #tick = Date.now();

  /** @param server a private Redis, which ends with the rig. */
  constructor(server: TestRedis) {
    this.#server = server;
    this.redis = createRedis(server.url, () => undefined);
    this.#queues = new RoundQueues({ redisUrl: server.url, keys, onError: () => undefined });
  }

  async stop(): Promise<void> {
    await this.stopCollector();
    await this.#queues.close();
    this.redis.disconnect();
    await this.#server.stop();
  }

  /** Another test: nothing of before is left. */
  async reset(): Promise<void> {
    await this.stopCollector();
    await this.redis.flushall();
    this.#registry = createRegistry({}, false);
    this.#rounds = 0;
    this.#results.clear();
  }

  async startCollector(config: Partial<SnmpCollectorConfig> = {}): Promise<Component> {
    const collector = createSnmpCollector(
      { ...SNMP_COLLECTOR_DEFAULTS, instance: 'test/collect', ...config },
      {
        redis: this.redis,
        redisUrl: this.#server.url,
        keys,
        clock: new SystemClock(),
        logger: createLogger({ name: 'test', level: 'error' }),
        registry: this.#registry,
        sealer,
      },
    );
    this.#collector = collector;
    await collector.start();
    return collector;
  }

  async stopCollector(): Promise<void> {
    await this.#collector?.stop();
    this.#collector = undefined;
  }

  /** Writes a plan. Devices without a check key get 1000, 2000, …; those asked for `check: null` are looked at for named interfaces alone. */
  async plan(devices: readonly PlannedTestDevice[], more: Partial<SnmpShardPlan> = {}): Promise<void> {
    const secrets = devices.map(({ secret }) => secret ?? COMMUNITY);
    const planned = devices.map(({ secret: _, ...given }, at) => ({
      device: `n:d${at}`,
      address: '127.0.0.1',
      check: (at + 1) * 1_000,
      digest: null,
      interfaces: [],
      policy: 0,
      ...given,
      credential: at,
    }));
    const plan: SnmpShardPlan = {
      version: ++this.#version,
      shard: SHARD,
      partition: 0,
      zone: 'main',
      kind: 'snmp',
      intervalMs: 60_000,
      phaseMs: 0,
      anchors: ['127.0.0.1'],
      checks: planned.flatMap(({ check, interfaces }) => [...(check === null ? [] : [check]), ...interfaces.map((one) => one.check)]),
      credentials: secrets.map((secret, at) => ({ id: `c${at}`, version: secret.version, sealed: sealed(`c${at}`, secret) })),
      policies: [{ timeoutMs: 300, retries: 1 }],
      devices: planned,
      ...more,
    };
    await writePlans(this.redis, keys, { written: [plan], removed: [], orphans: [] });
  }

  /** Gives a round and waits for its end. Returns how it ended. */
  async round(checks: readonly number[] | null = null): Promise<string> {
    await this.addRound(checks);
    return this.roundDone();
  }

  async addRound(checks: readonly number[] | null = null, startBefore = Date.now() + 30_000): Promise<void> {
    const job = { shard: SHARD, planVersion: this.#version, startBefore };
    if (checks) await this.#queues.addFirst([{ ...job, tick: null, checks: [...checks] }]);
    else await this.#queues.add([{ ...job, tick: this.#tick++, checks: null }]);
  }

  /** Waits for the end of one more round (or extra look) and returns how it ended. */
  async roundDone(timeoutMs = 45_000): Promise<string> {
    for (const deadline = performance.now() + timeoutMs; performance.now() < deadline; await sleep(5)) {
      const ended = [...(await this.#values('snmp_rounds')), ...(await this.#values('snmp_looks'))];
      const done = ended.reduce((sum, { value }) => sum + value, 0);
      if (done <= this.#rounds) continue;
      const how = (one: (typeof ended)[number]) => `${one.labels.zone ?? 'look'} ${one.labels.result}`;
      const last = ended.find((one) => one.value > (this.#results.get(how(one)) ?? 0));
      this.#rounds = done;
      this.#results = new Map(ended.map((one) => [how(one), one.value]));
      return String(last?.labels.result);
    }
    throw new Error(`waited ${timeoutMs} ms in vain for the end of the round`);
  }
  #results = new Map<string, number>();

  async counted(name: string, label?: string): Promise<number> {
    const values = (await this.#values(name)).filter(({ labels }) => label === undefined || Object.values(labels).includes(label));
    return values.reduce((sum, { value }) => sum + value, 0);
  }

  async gauge(name: string): Promise<number> {
    const all = await this.#registry.getMetricsAsJSON();
    return all.find((metric) => metric.name === `beacontower_${name}`)?.values[0]?.value ?? Number.NaN;
  }

  async batches(): Promise<ObservationBatch[]> {
    const entries = await this.redis.xrangeBuffer(keys.observations(0), '-', '+');
    return entries.flatMap(([, fields]) => {
      const entry = decodeEntry(fields[1] ?? Buffer.alloc(0));
      return entry.type === 'observations' ? [entry] : [];
    });
  }

  /** Everything observed since the last call, by check; of several the last. */
  async observed(): Promise<Record<number, Seen>> {
    const seen: Record<number, Seen> = {};
    for (const batch of await this.batches()) {
      const first = unpackInt32(batch.first);
      const last = unpackInt32(batch.last);
      unpackUint32(batch.checks).forEach((check, at) => {
        seen[check] = {
          verdict: VERDICT_NAMES[(batch.verdicts[at] ?? 0) & 0x0f] ?? '?',
          reason: REASONS[batch.reasons?.[at] ?? 255] ?? null,
          first: batch.startedAt + (first[at] ?? 0),
          last: batch.startedAt + (last[at] ?? 0),
          tick: batch.tick,
        };
      });
    }
    await this.redis.del(keys.observations(0));
    return seen;
  }

  /** The same without the times. */
  async verdicts(): Promise<Record<number, string>> {
    return Object.fromEntries(Object.entries(await this.observed()).map(([check, { verdict, reason }]) => [check, `${verdict} ${reason}`]));
  }

  /** Samples since the last call. */
  async samples(): Promise<SampleRow[]> {
    const entries = await this.redis.xrangeBuffer(keys.samples(0), '-', '+');
    await this.redis.del(keys.samples(0));
    return entries.flatMap(([, fields]) => rowsOf(fields[1] ?? Buffer.alloc(0)));
  }

  async told(): Promise<DeviceSeen[]> {
    const entries = await this.redis.xrangeBuffer(keys.devices, '-', '+');
    await this.redis.del(keys.devices);
    return entries.map(([, fields]) => unpackValue(fields[1] ?? Buffer.alloc(0)) as DeviceSeen);
  }

  async detail(check: number): Promise<LookDetail | null> {
    const text = await this.redis.hget(keys.detail(0), String(check));
    return text === null ? null : (JSON.parse(text) as LookDetail);
  }

  async #values(name: string): Promise<{ labels: Partial<Record<string, string | number>>; value: number }[]> {
    const all = await this.#registry.getMetricsAsJSON();
    return all.filter((metric) => metric.name === `beacontower_${name}_total`).flatMap((metric) => metric.values);
  }
}

function rowsOf(bytes: Uint8Array): SampleRow[] {
  const batch = decodeSamples(bytes);
  if (batch.type !== 'interfaces') return [];
  const read = unpackInt32(batch.read);
  const columns = [batch.uptime, batch.broken, batch.speed].map(unpackUint32);
  const present = unpackUint16(batch.present);
  const wide = unpackUint16(batch.wide);
  const counters = batch.counters.map((column) => new BigUint64Array(Uint8Array.from(column).buffer));
  return [...unpackUint32(batch.checks)].map((check, at) => ({
    check,
    at: batch.startedAt + (read[at] ?? 0),
    uptime: columns[0]?.[at] ?? 0,
    broken: columns[1]?.[at] ?? 0,
    speed: columns[2]?.[at] ?? 0,
    status: batch.status[at] ?? 0,
    present: present[at] ?? 0,
    wide: wide[at] ?? 0,
    counters: counters.map((column) => column[at] ?? 0n),
  }));
}
