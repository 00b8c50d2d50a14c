import {
  appendCounted,
  blindBatch,
  checkFping,
  Fping,
  HostClock,
  lookAtAnchors,
  PlanCache,
  type RoundResult,
  type RoundStamp,
  RoundTaker,
  timeOfRedis,
  ZoneWorkers,
} from '@beacontower/collector-sdk';
import { LookDetail, type ObservationBatch, type RoundJob, type SnmpShardPlan } from '@beacontower/contracts';
import { appendEntries, type Keys, packValue } from '@beacontower/queue';
import type { Clock, Component, Health, Logger, Registry } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import { SNMP_COLLECTOR_DEFAULTS, type SnmpCollectorConfig } from './config.ts';
import { Gate } from './gate.ts';
import { createMetrics, type SnmpMetrics } from './metrics.ts';
import type { RoundOutput } from './outbox.ts';
import { type CompiledPlan, compilePlan, type Opener } from './plan.ts';
import { Round } from './round.ts';
import { Sessions } from './sessions.ts';
import type { SnmpTransport } from './wire/port.ts';
import { createSnmpTransport } from './wire/transport.ts';

/** A collector knows Redis, and the key that opens credentials. */
export interface SnmpCollectorDependencies {
  readonly redis: Redis;
  /** For the workers, which make connections of their own. */
  readonly redisUrl: string;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly sealer: Opener;
}

const STOP_WITHIN_MS = 2_500;

/** Takes SNMP rounds of its zones: asks devices, and appends states, samples and tables that the inventory does not know. */
export function createSnmpCollector(
  config: Partial<SnmpCollectorConfig> & { instance: string },
  dependencies: SnmpCollectorDependencies,
): Component {
  return new SnmpCollector({ ...SNMP_COLLECTOR_DEFAULTS, ...config }, dependencies);
}

class SnmpCollector implements Component {
  readonly name = 'collector-snmp';
  readonly #config: SnmpCollectorConfig;
  readonly #dependencies: SnmpCollectorDependencies;
  readonly #metrics: SnmpMetrics;
  readonly #clock: HostClock;
  readonly #transport: SnmpTransport;
  readonly #sessions: Sessions;
  readonly #gate: Gate;
  readonly #fping: Fping;
  readonly #plans: PlanCache<'snmp', CompiledPlan>;
  readonly #rounds: RoundTaker<'snmp', CompiledPlan>;
  readonly #workers: ZoneWorkers;
  #withoutFping: string | null = null;

  constructor(config: SnmpCollectorConfig, dependencies: SnmpCollectorDependencies) {
    const { redis, redisUrl, keys, clock, logger, registry, sealer } = dependencies;
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
    const monotonic = () => this.#clock.monotonic();
    this.#transport = createSnmpTransport({}, { clock: this.#clock, registry });
    this.#sessions = new Sessions(this.#transport, config.namesEveryMs);
    this.#gate = new Gate({ capacity: config.outstanding, holdMs: config.holdMs, monotonic });
    this.#fping = new Fping({ path: config.fping, pacingMs: 1, clock });
    this.#plans = new PlanCache(redis, keys, 'snmp', (plan) => compilePlan(plan, sealer));
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
      kind: 'snmp',
      zones: config.zones,
      concurrency: config.concurrency,
      closeWithinMs: STOP_WITHIN_MS,
      take: (round) => this.#rounds.take(round),
      onPlans: (shards) => {
        this.#plans.keepOnly(shards);
        this.#sessions.keepOnly(shards);
      },
    });
  }

  async start(): Promise<void> {
    try {
      checkFping(this.#config.fping);
    } catch (error) {
      // Polls go on without it; only where nobody answers at all does it decide whether that is believed.
      this.#withoutFping = error instanceof Error ? error.message : String(error);
      this.#dependencies.logger.warn({ err: error }, 'a round in which nobody answers cannot be told from a cut of our own');
    }
    await this.#clock.start();
    await this.#transport.start();
    await this.#workers.start();
  }

  async stop(): Promise<void> {
    // What is under way is given up: its devices count as not looked at, which one missing tick covers.
    this.#fping.stop();
    await this.#transport.stop();
    await Promise.all([this.#workers.stop(), this.#clock.stop()]);
  }

  health(): Health {
    const clock = this.#clock.health();
    if (clock.status === 'failed' || clock.status === 'degraded') return clock;
    if (this.#rounds.failedInARow > 2) return { status: 'degraded', detail: `${this.#rounds.failedInARow} rounds in a row were not whole` };
    if (this.#withoutFping !== null) return { status: 'degraded', detail: `silence of all devices is not believed: ${this.#withoutFping}` };
    return this.#workers.health();
  }

  async #round(job: RoundJob, compiled: CompiledPlan): Promise<RoundResult> {
    const { plan } = compiled;
    const details = await this.#details(plan.partition);
    const stamp: RoundStamp<SnmpShardPlan> = {
      plan,
      tick: job.tick,
      startedAt: this.#clock.now(),
      startedMonotonic: this.#clock.monotonic(),
      clockUncertaintyMs: this.#clock.uncertaintyMs,
      collector: this.#config.instance,
    };
    if (job.tick !== null) this.#metrics.startDelay.observe(Math.max(0, stamp.startedAt - job.tick) / 1_000);
    const output = this.#output(plan.partition);
    if (!this.#clock.trusted) {
      await output.append(blindBatch(stamp, stamp.startedMonotonic));
      return 'blind';
    }
    const round = new Round(
      {
        config: this.#config,
        sessions: this.#sessions,
        gate: this.#gate,
        metrics: this.#metrics,
        logger: this.#dependencies.logger,
        monotonic: () => this.#clock.monotonic(),
        output,
        lookAtAnchors: () => lookAtAnchors(this.#fping, plan.anchors),
      },
      compiled,
      stamp,
      details,
    );
    return round.take(devicesOf(compiled, job.checks));
  }

  /** What was last said of the partition's checks; what cannot be read is as good as not said. */
  async #details(partition: number): Promise<Map<number, LookDetail>> {
    const { redis, keys } = this.#dependencies;
    const details = new Map<number, LookDetail>();
    for (const [check, text] of Object.entries(await redis.hgetall(keys.detail(partition)))) {
      const parsed = LookDetail.safeParse(parseJson(text));
      if (parsed.success) details.set(Number(check), parsed.data);
    }
    return details;
  }

  #output(partition: number): RoundOutput {
    const { redis, keys } = this.#dependencies;
    return {
      append: async (batch: ObservationBatch) => {
        await appendEntries(redis, keys.observations(partition), [batch]);
        this.#metrics.batches.inc({ vantage: batch.vantage });
        this.#metrics.observations.inc(batch.verdicts.byteLength);
      },
      appendSamples: (batch) => appendCounted(redis, keys.samples(partition), batch, batch.status.byteLength, this.#metrics),
      tell: (devices) =>
        this.#quietly('interface tables could not be told of', async () => {
          const pipeline = redis.pipeline();
          for (const device of devices) pipeline.xadd(keys.devices, 'MAXLEN', '~', this.#config.deviceBacklog, '*', 'e', packValue(device));
          for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
        }),
      setDetails: (changes) =>
        this.#quietly('what was met could not be noted', async () => {
          const pipeline = redis.pipeline();
          for (const [check, detail] of changes) {
            if (detail) pipeline.hset(keys.detail(partition), String(check), JSON.stringify(detail));
            else pipeline.hdel(keys.detail(partition), String(check));
          }
          for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
        }),
    };
  }

  /** What is said again with the next round may fail now. */
  async #quietly(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#dependencies.logger.warn({ err: error }, what);
    }
  }
}

/** All devices of the plan, or those that hold one of the checks asked for. */
function devicesOf({ devices, deviceOfCheck }: CompiledPlan, checks: readonly number[] | null): number[] {
  if (checks === null) return devices.map((_, position) => position);
  return [...new Set(checks.flatMap((check) => deviceOfCheck.get(check) ?? []))];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
