import { acquireLeases, type Database, holderOf, type Lease, releaseLeases, renewLeases } from '@beacontower/database';
import { type Keys, RoundQueues, readPlan, readPlanVersions, writePlans } from '@beacontower/queue';
import { type Clock, type Component, type Health, type Logger, Loop, type Registry } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import { SCHEDULER_DEFAULTS, type SchedulerConfig } from './config.ts';
import { createDatabaseSource } from './database-source.ts';
import type { InventorySource } from './inventory-source.ts';
import { createMetrics, type SchedulerMetrics } from './metrics.ts';
import { buildPlans, comparePlans } from './plans.ts';
import { Ticker } from './ticker.ts';

const LEASE = 'scheduler';
/** Collectors go by Redis's time: ticks of a clock further off than this would reach them late or early. */
const CLOCK_LIMIT_MS = 1_000;

export interface SchedulerDependencies {
  readonly database: Database;
  readonly redis: Redis;
  /** For the queues, which make connections of their own. */
  readonly redisUrl: string;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** The inventory; PostgreSQL's unless given. */
  readonly source?: InventorySource;
}

/**
 * The scheduler: of all that run, the holder of the lease `scheduler` writes the plans, adds rounds and closes ticks.
 *
 * When another holder has the lease, it stops at once. When PostgreSQL does not answer it goes on: nobody can take a lease
 * from a database that is down, and measuring must not stop with it. Should the database be unreachable from here alone and
 * another take over, nothing is done twice: rounds have one job id per tick and a tick is closed by compare-and-append.
 */
export function createScheduler(config: Partial<SchedulerConfig> & { instance: string }, dependencies: SchedulerDependencies): Component {
  return new Scheduler({ ...SCHEDULER_DEFAULTS, ...config }, dependencies);
}

class Scheduler implements Component {
  readonly name = 'scheduler';
  readonly #config: SchedulerConfig;
  readonly #dependencies: SchedulerDependencies;
  readonly #source: InventorySource;
  readonly #metrics: SchedulerMetrics;
  readonly #watch: Loop;
  #queues: RoundQueues | undefined;
  #ticker: Ticker | undefined;
  readonly #holder: string;
  #lease: Lease | undefined;
  /** Until it has asked for the lease once: its predecessor's is its own. */
  #isNew = true;
  #seenVersion: number | undefined;
  /** Shard → version of the plans as they must lie in Redis. */
  #published: ReadonlyMap<string, number> = new Map();
  /** The plans have been published once, or somebody else was found to do that. */
  #hasPassed = false;
  #databaseFailing = false;
  #clockOffMs = 0;
  #comparing: Promise<void> | undefined;

  constructor(config: SchedulerConfig, dependencies: SchedulerDependencies) {
    this.#config = config;
    this.#dependencies = dependencies;
    this.#source = dependencies.source ?? createDatabaseSource(dependencies.database);
    this.#metrics = createMetrics(dependencies.registry);
    this.#holder = holderOf(config.instance);
    this.#watch = new Loop({
      name: 'scheduler watch',
      logger: dependencies.logger,
      pauseMs: config.watchMs,
      failurePauseMs: config.watchMs,
      pass: async () => {
        await this.#pass();
        this.#hasPassed = true;
        this.#databaseFailing = false;
        return 'pause';
      },
      onFailure: () => {
        this.#databaseFailing = true;
        this.#metrics.failures.inc();
      },
    });
  }

  async start(): Promise<void> {
    const { redis, redisUrl, keys, clock, logger } = this.#dependencies;
    this.#queues = new RoundQueues({ redisUrl, keys, onError: (error) => logger.warn({ err: error }, 'queue of rounds') });
    const mayAct = () => this.#lease !== undefined;
    this.#ticker = new Ticker({ redis, keys, queues: this.#queues, clock, logger, metrics: this.#metrics, mayAct });
    this.#watch.start();
  }

  async stop(): Promise<void> {
    await this.#watch.stop();
    const lease = this.#lease;
    this.#lose();
    await within(2_000, this.#ticker?.stop());
    if (lease) await within(1_000, releaseLeases(this.#dependencies.database, [lease]));
    await within(1_000, this.#queues?.close());
  }

  health(): Health {
    if (this.#ticker?.failing) return { status: 'degraded', detail: 'rounds cannot be added: Redis does not answer' };
    if (this.#databaseFailing) return { status: 'degraded', detail: 'the inventory cannot be read: PostgreSQL does not answer' };
    // A scheduler that has planned nothing yet must not stand for a node that has nothing to plan.
    if (!this.#hasPassed) return { status: 'starting' };
    if (Math.abs(this.#clockOffMs) > CLOCK_LIMIT_MS)
      return {
        status: 'degraded',
        detail: `this host's clock differs from Redis's by ${this.#clockOffMs} ms: rounds may be dropped as late`,
      };
    return this.#lease ? { status: 'ok', detail: 'active' } : { status: 'ok', detail: 'standing by' };
  }

  async #pass(): Promise<void> {
    const { database } = this.#dependencies;
    const { leaseMs } = this.#config;
    if (this.#lease) {
      const [kept] = await renewLeases(database, [this.#lease], leaseMs);
      if (!kept) {
        this.#dependencies.logger.warn({ epoch: this.#lease.epoch }, 'the lease has passed to another scheduler');
        this.#lose();
        await this.#ticker?.stop();
      }
    }
    if (!this.#lease) {
      const [gained] = await acquireLeases(database, [LEASE], this.#holder, leaseMs, this.#isNew);
      this.#isNew = false;
      if (!gained) return;
      this.#dependencies.logger.info({ epoch: gained.epoch }, 'this scheduler is the active one');
      this.#lease = gained;
      this.#metrics.active.set(1);
    }
    const version = await this.#source.version();
    if (version !== this.#seenVersion) await this.#publish();
    this.#ticker?.start();
    // Beside the loop: Redis not answering must not keep the lease from being renewed.
    this.#comparing ??= Promise.all([this.#compareClock(), this.#comparePlans()])
      .then(() => undefined)
      .catch(() => undefined)
      .finally(() => {
        this.#comparing = undefined;
      });
  }

  async #compareClock(): Promise<void> {
    const { redis, clock } = this.#dependencies;
    const sentAt = clock.monotonic();
    const now = clock.now();
    const [seconds, microseconds] = await redis.time();
    const halfWay = (clock.monotonic() - sentAt) / 2;
    const difference = now + halfWay - Number(seconds) * 1_000 - Number(microseconds) / 1_000;
    // What the way there and back could explain says nothing.
    this.#clockOffMs = Math.abs(difference) > halfWay ? Math.round(difference) : 0;
  }

  /** A Redis that was emptied, or a scheduler that woke up after its time, must not leave the collectors without their plans. */
  async #comparePlans(): Promise<void> {
    const { redis, keys, logger } = this.#dependencies;
    const published = this.#published;
    const stored = await readPlanVersions(redis, keys);
    const differs = stored.size !== published.size || [...published].some(([shard, version]) => stored.get(shard) !== version);
    if (!differs || published !== this.#published || this.#seenVersion === undefined) return;
    logger.warn({ shards: published.size, found: stored.size }, 'the plans in Redis are not those written; they are written again');
    this.#seenVersion = undefined;
  }

  #lose(): void {
    this.#lease = undefined;
    this.#seenVersion = undefined;
    this.#metrics.active.set(0);
  }

  async #publish(): Promise<void> {
    const { redis, keys, clock, logger } = this.#dependencies;
    const inventory = await this.#source.load();
    const { plans, invalid } = buildPlans(inventory);
    const versions = await readPlanVersions(redis, keys);
    const stored = new Map<string, NonNullable<Awaited<ReturnType<typeof readPlan>>>>();
    for (const shard of versions.keys()) {
      const plan = await readPlan(redis, keys, shard).catch(() => null);
      if (plan) stored.set(shard, plan);
    }
    const { written, removed, orphans, current } = comparePlans(stored, plans, clock.now());
    const lost = [...versions.keys()].filter((shard) => !plans.has(shard) && !stored.has(shard));
    if (!this.#lease) return;
    await writePlans(redis, keys, { written, removed: [...removed, ...lost], orphans });
    await this.#ticker?.setPlans(current);
    this.#seenVersion = inventory.version;
    this.#published = new Map([...current].map(([shard, plan]) => [shard, plan.version]));
    this.#metrics.plans.set(current.size);
    this.#metrics.plansWritten.inc(written.length);
    this.#metrics.invalid.set(invalid);
    logger.info({ inventory: inventory.version, shards: current.size, written: written.length, removed: removed.length, invalid }, 'plans');
  }
}

async function within(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  if (!work) return;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), limit]);
  clearTimeout(timer);
}
