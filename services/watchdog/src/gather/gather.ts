import type { SelfFacts } from '@beacontower/contracts';
import { type Database, readFederationHealth, readRecordHealth } from '@beacontower/database';
import { type Keys, readMetrics, readVitals, type Vitals } from '@beacontower/queue';
import type { Clock, Logger } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import type { WatchdogConfig } from '../config.ts';
import { Increases } from '../increases.ts';
import { type PlannedShard, readClosing, readQueues, readShards, readStored, readStream } from './bus.ts';
import { federationFacts } from './federation.ts';
import { clockFacts, measureOffset, readDisk, readRedis } from './hosts.ts';
import { readingsOf } from './metrics-reading.ts';
import { roundsOf } from './rounds.ts';
import { storeFacts } from './store.ts';
import { within } from './within.ts';

export interface GatherDependencies {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The facts of one look; `node` is null until it is known. */
export interface Gathered {
  readonly facts: SelfFacts;
  readonly node: string | null;
}

const DAY_MS = 86_400_000;
const NOTHING = { roles: [], rounds: [], ticks: null, streams: null, queues: null, store: null, redis: null, clock: null } as const;

/** Asks Redis, the record and what every process has said of itself. Never rejects: what did not answer is null. */
export class Gatherer {
  readonly #config: WatchdogConfig;
  readonly #deps: GatherDependencies;
  readonly #increases = new Increases();
  #node: string | null = null;
  /** When the record was last found silent: one question at a time waits for it. */
  #asking: Promise<unknown> | undefined;

  constructor(config: WatchdogConfig, deps: GatherDependencies) {
    this.#config = config;
    this.#deps = deps;
  }

  async gather(): Promise<Gathered> {
    const { config, deps } = { config: this.#config, deps: this.#deps };
    const [health, disk] = await Promise.all([this.#record(), readDisk(config.dataDirectory)]);
    const record = health?.record ?? null;
    this.#node = record?.node ?? this.#node;
    const bus = await this.#within('Redis', () => this.#bus(record?.offsets ?? null));
    const now = deps.clock.now();
    const facts: SelfFacts = {
      ...(bus ?? { ...NOTHING, windowMs: config.windowMs, silentRoles: [...config.roles], roles: [], rounds: [] }),
      record: record && {
        newestCommitAgeMs: ageOf(record.committedAt, now),
        undispatchedAgeMs: ageOf(record.undispatchedSince, now) ?? 0,
        overdueDeliveryMs: ageOf(record.deliveryDueAt, now) ?? 0,
        deadDeliveries: record.deadDeliveries,
      },
      disk,
      federation: health === null ? null : federationFacts(health.federation, now),
    };
    return { facts, node: this.#node };
  }

  async #record() {
    const { database, clock } = this.#deps;
    // A database that hangs must not collect questions: while one is unanswered no other is asked.
    if (this.#asking) return null;
    const now = clock.now();
    const asked = Promise.all([readRecordHealth(database, now, now - DAY_MS), readFederationHealth(database)]).then(
      ([record, federation]) => ({
        record,
        federation,
      }),
    );
    this.#asking = asked
      .catch(() => undefined)
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#within('the record', () => asked);
  }

  async #bus(offsets: ReadonlyMap<number, string> | null): Promise<Omit<SelfFacts, 'record' | 'disk' | 'federation'>> {
    const { redis, keys, clock } = this.#deps;
    if (redis.status !== 'ready') throw new Error('not connected');
    const offsetMs = await measureOffset(redis, clock);
    const now = clock.now() + offsetMs;
    const shards = await readShards(redis, keys);
    const [vitals, metrics, ticks, queues, stored, memory] = await Promise.all([
      readVitals(redis, keys, this.#config.roles, now),
      readMetrics(redis, keys, now),
      readClosing(redis, keys, shards, now),
      readQueues(redis, keys, shards),
      readStored(redis, keys),
      readRedis(redis),
    ]);
    const windowMs = this.#window(shards);
    const readings = readingsOf(metrics);
    this.#increases.take(readings.counters, now, now - windowMs);
    const streams = await Promise.all([
      readStream(redis, 'observations', keys.observations, offsets, now),
      readStream(redis, 'samples', keys.samples, stored, now),
    ]);
    return {
      windowMs,
      roles: vitals.map((said) => roleFacts(said, now)).sort((a, b) => (a.role + a.instance < b.role + b.instance ? -1 : 1)),
      silentRoles: this.#needed(shards).filter((role) => !vitals.some((said) => said.role === role)),
      rounds: roundsOf(this.#increases, shards),
      ticks,
      streams,
      queues,
      store: storeFacts(readings, this.#increases, now),
      redis: memory,
      clock: clockFacts(offsetMs, vitals, now),
    };
  }

  /** Every role this node has, except collectors for which there is nothing to do. */
  #needed(shards: readonly PlannedShard[]): string[] {
    const kinds = new Set(shards.map(({ kind }) => `collector-${kind}`));
    return this.#config.roles.filter((role) => !role.startsWith('collector-') || kinds.has(role));
  }

  #window(shards: readonly PlannedShard[]): number {
    const longest = Math.max(0, ...shards.map(({ intervalMs }) => intervalMs));
    return Math.min(this.#config.longestWindowMs, Math.max(this.#config.windowMs, 3 * longest));
  }

  async #within<T>(what: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await within(this.#config.askMs, work());
    } catch (error) {
      this.#deps.logger.debug({ err: error, what }, 'did not answer the watchdog');
      return null;
    }
  }
}

function roleFacts({ role, instance, status, detail, at }: Vitals, now: number): SelfFacts['roles'][number] {
  return { role, instance, status, detail: detail ?? null, ageMs: Math.max(0, Math.round(now - at)) };
}

function ageOf(at: number | null, now: number): number | null {
  return at === null ? null : Math.max(0, Math.round(now - at));
}
