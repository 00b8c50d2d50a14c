import { blindBatch, checkFping, Fping, HostClock, PlanCache, type RoundStamp, TokenBucket, ZoneWorkers } from '@beacontower/collector-sdk';
import type { IcmpSampleBatch, IcmpShardPlan, RoundJob } from '@beacontower/contracts';
import { appendEntries, appendSamples, type Keys, parseShard } from '@beacontower/queue';
import type { Clock, Component, Health, Logger, Registry } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import { ICMP_COLLECTOR_DEFAULTS, type IcmpCollectorConfig } from './config.ts';
import { createMetrics, type IcmpMetrics } from './metrics.ts';
import { Round } from './round.ts';
import { type CompiledPlan, compilePlan } from './targets.ts';

/** A collector knows Redis and nothing else. */
export interface IcmpCollectorDependencies {
  readonly redis: Redis;
  /** For the workers, which make connections of their own. */
  readonly redisUrl: string;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
}

const STOP_WITHIN_MS = 2_500;

/** Takes ICMP rounds of its zones and appends what it saw. `start` throws a `UserError` when fping cannot be used. */
export function createIcmpCollector(
  config: Partial<IcmpCollectorConfig> & { instance: string },
  dependencies: IcmpCollectorDependencies,
): Component {
  return new IcmpCollector({ ...ICMP_COLLECTOR_DEFAULTS, ...config }, dependencies);
}

class IcmpCollector implements Component {
  readonly name = 'collector-icmp';
  readonly #config: IcmpCollectorConfig;
  readonly #dependencies: IcmpCollectorDependencies;
  readonly #metrics: IcmpMetrics;
  readonly #clock: HostClock;
  readonly #fping: Fping;
  readonly #plans: PlanCache<'icmp', CompiledPlan>;
  readonly #bucket: TokenBucket;
  readonly #workers: ZoneWorkers;
  #failedInARow = 0;

  constructor(config: IcmpCollectorConfig, dependencies: IcmpCollectorDependencies) {
    const { redis, redisUrl, keys, clock, logger, registry } = dependencies;
    this.#config = config;
    this.#dependencies = dependencies;
    this.#metrics = createMetrics(registry);
    this.#clock = new HostClock({
      base: clock,
      ask: async () => {
        const [seconds, microseconds] = await redis.time();
        return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
      },
      logger,
      everyMs: config.clockEveryMs,
      onStep: () => this.#metrics.clockSteps.inc(),
    });
    this.#fping = new Fping({ path: config.fping, pacingMs: config.pacingMs, clock });
    this.#plans = new PlanCache(redis, keys, 'icmp', compilePlan);
    this.#bucket = new TokenBucket(config.confirmationsPerSecond, config.confirmationsPerSecond);
    this.#workers = new ZoneWorkers({
      redis,
      redisUrl,
      keys,
      logger,
      kind: 'icmp',
      zones: config.zones,
      concurrency: config.concurrency,
      closeWithinMs: STOP_WITHIN_MS,
      take: (round) => this.#take(round),
      onPlans: (shards) => this.#plans.keepOnly(shards),
    });
  }

  async start(): Promise<void> {
    const version = checkFping(this.#config.fping);
    this.#dependencies.logger.info({ fping: version }, 'fping is usable');
    await this.#clock.start();
    await this.#workers.start();
  }

  async stop(): Promise<void> {
    // What is under way is given up: its targets count as not looked at, which one missing tick covers.
    this.#fping.stop();
    await Promise.all([this.#workers.stop(), this.#clock.stop()]);
  }

  health(): Health {
    const clock = this.#clock.health();
    if (clock.status === 'failed' || clock.status === 'degraded') return clock;
    if (this.#failedInARow > 2) return { status: 'degraded', detail: `${this.#failedInARow} rounds in a row showed nothing` };
    return this.#workers.health();
  }

  async #take(job: RoundJob): Promise<void> {
    await this.#clock.settle();
    if (this.#clock.now() >= job.startBefore) {
      this.#ended(job, 'late');
      return;
    }
    const compiled = await this.#plans.get(job.shard, job.planVersion);
    if (!compiled) {
      this.#ended(job, 'no-plan');
      return;
    }
    const started = this.#clock.monotonic();
    try {
      const result = await this.#round(job, compiled);
      this.#ended(job, result);
      this.#failedInARow = result === 'failed' ? this.#failedInARow + 1 : 0;
    } catch (error) {
      this.#ended(job, 'failed');
      this.#failedInARow++;
      throw error;
    } finally {
      this.#metrics.roundTime.observe((this.#clock.monotonic() - started) / 1_000);
    }
  }

  /** Extra looks are no rounds: nobody scheduled them, so they are counted apart. */
  #ended(job: RoundJob, result: string): void {
    if (job.tick === null) this.#metrics.looks.inc({ result });
    else this.#metrics.rounds.inc({ result, zone: parseShard(job.shard)?.zone ?? '' });
  }

  async #round(job: RoundJob, compiled: CompiledPlan): Promise<'taken' | 'blind' | 'failed'> {
    const { redis, keys } = this.#dependencies;
    const { partition } = compiled.plan;
    const verdicts = new Map(Object.entries(await redis.hgetall(keys.verdicts(partition))).map(([key, verdict]) => [Number(key), verdict]));
    const startedMonotonic = this.#clock.monotonic();
    const stamp: RoundStamp<IcmpShardPlan> = {
      plan: compiled.plan,
      tick: job.tick,
      startedAt: this.#clock.now(),
      startedMonotonic,
      clockUncertaintyMs: this.#clock.uncertaintyMs,
      collector: this.#config.instance,
    };
    if (job.tick !== null) this.#metrics.startDelay.observe(Math.max(0, stamp.startedAt - job.tick) / 1_000);
    if (!this.#clock.trusted) {
      this.#metrics.batches.inc({ vantage: 'blind' });
      await appendEntries(redis, keys.observations(partition), [blindBatch(stamp, startedMonotonic)]);
      return 'blind';
    }
    const round = new Round(
      {
        fping: this.#fping,
        metrics: this.#metrics,
        monotonic: () => this.#clock.monotonic(),
        confirmations: (wanted) => this.#bucket.take(wanted, this.#clock.monotonic()),
        append: async (batch) => {
          await appendEntries(redis, keys.observations(partition), [batch]);
        },
        appendSamples: (batch) => this.#appendSamples(partition, batch),
      },
      compiled,
      stamp,
    );
    return round.take(rowsOf(compiled, job.checks), verdicts);
  }

  async #appendSamples(partition: number, batch: IcmpSampleBatch): Promise<void> {
    const { redis, keys } = this.#dependencies;
    try {
      const { bytes, dropped } = await appendSamples(redis, keys.samples(partition), batch);
      this.#metrics.samples.inc(batch.sent.byteLength / 2);
      this.#metrics.sampleBytes.inc(bytes);
      this.#metrics.samplesDropped.inc(dropped);
    } catch {
      this.#metrics.sampleFailures.inc();
    }
  }
}

function rowsOf(compiled: CompiledPlan, checks: readonly number[] | null): Uint32Array {
  if (checks === null) return Uint32Array.from(compiled.plan.checks, (_, row) => row);
  return Uint32Array.from(checks.flatMap((check) => compiled.rowOfCheck.get(check) ?? [])).sort();
}
