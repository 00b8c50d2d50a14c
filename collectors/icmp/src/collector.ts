import {
  appendCounted,
  blindBatch,
  checkFping,
  Fping,
  HostClock,
  PlanCache,
  type RoundResult,
  type RoundStamp,
  RoundTaker,
  TokenBucket,
  timeOfRedis,
  ZoneWorkers,
} from '@beacontower/collector-sdk';
import type { IcmpShardPlan, RoundJob } from '@beacontower/contracts';
import { appendEntries, type Keys } from '@beacontower/queue';
import type { Clock, Component, Health, Logger, Registry } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import { ICMP_COLLECTOR_DEFAULTS, type IcmpCollectorConfig } from './config.ts';
import { createMetrics, type IcmpMetrics } from './metrics.ts';
import { Round } from './round.ts';
import { type CompiledPlan, compilePlan } from './targets.ts';
import { ZoneTracers } from './trace/zone-tracers.ts';

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
  readonly #rounds: RoundTaker<'icmp', CompiledPlan>;
  readonly #workers: ZoneWorkers;
  readonly #tracers: ZoneTracers;

  constructor(config: IcmpCollectorConfig, dependencies: IcmpCollectorDependencies) {
    const { redis, redisUrl, keys, clock, logger, registry } = dependencies;
    this.#config = config;
    this.#dependencies = dependencies;
    this.#metrics = createMetrics(registry);
    this.#clock = new HostClock({
      base: clock,
      ask: timeOfRedis(redis),
      logger,
      everyMs: config.clockEveryMs,
      onStep: () => this.#metrics.clockSteps.inc(),
    });
    this.#fping = new Fping({ path: config.fping, pacingMs: config.pacingMs, clock });
    this.#plans = new PlanCache(redis, keys, 'icmp', compilePlan);
    this.#bucket = new TokenBucket(config.confirmationsPerSecond, config.confirmationsPerSecond);
    this.#rounds = new RoundTaker({
      clock: this.#clock,
      plans: this.#plans,
      metrics: this.#metrics,
      round: (job, plan) => this.#round(job, plan),
    });
    this.#workers = new ZoneWorkers({
      redis,
      redisUrl,
      keys,
      logger,
      kind: 'icmp',
      zones: config.zones,
      concurrency: config.concurrency,
      closeWithinMs: STOP_WITHIN_MS,
      take: (round) => this.#rounds.take(round),
      onPlans: (shards) => this.#plans.keepOnly(shards),
    });
    const { fping, tracepath, traces } = config;
    this.#tracers = new ZoneTracers({
      ...{ redis, keys, clock, logger, fping, tracepath, concurrency: traces },
      zones: () => this.#workers.zones,
      onAnswer: (result) => this.#metrics.traces.inc({ result }),
    });
  }

  async start(): Promise<void> {
    const version = checkFping(this.#config.fping);
    this.#dependencies.logger.info({ fping: version }, 'fping is usable');
    await this.#clock.start();
    await this.#workers.start();
    await this.#tracers.start();
  }

  async stop(): Promise<void> {
    // What is under way is given up: its targets count as not looked at, which one missing tick covers.
    this.#fping.stop();
    await Promise.all([this.#workers.stop(), this.#tracers.stop(), this.#clock.stop()]);
  }

  health(): Health {
    const clock = this.#clock.health();
    if (clock.status === 'failed' || clock.status === 'degraded') return clock;
    if (this.#rounds.failedInARow > 2) return { status: 'degraded', detail: `${this.#rounds.failedInARow} rounds in a row showed nothing` };
    return this.#workers.health();
  }

  async #round(job: RoundJob, compiled: CompiledPlan): Promise<RoundResult> {
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
        appendSamples: (batch) => appendCounted(redis, keys.samples(partition), batch, batch.sent.byteLength / 2, this.#metrics),
      },
      compiled,
      stamp,
    );
    return round.take(rowsOf(compiled, job.checks), verdicts);
  }
}

function rowsOf(compiled: CompiledPlan, checks: readonly number[] | null): Uint32Array {
  if (checks === null) return Uint32Array.from(compiled.plan.checks, (_, row) => row);
  return Uint32Array.from(checks.flatMap((check) => compiled.rowOfCheck.get(check) ?? [])).sort();
}
