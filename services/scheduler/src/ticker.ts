import type { ShardPlan } from '@beacontower/contracts';
import { closeTicks, type Keys, markAdded, markOpened, type RoundQueues, readTicks } from '@beacontower/queue';
import type { Clock, Logger } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import type { SchedulerMetrics } from './metrics.ts';
import { type DueClose, type DueRound, Wheel } from './wheel.ts';

/** Longest sleep: a step of the wall clock is seen this much later at most. */
const LONGEST_SLEEP_MS = 1_000;
const FAILURE_PAUSE_MS = 200;
/** How often queues that nobody empties are looked for, and how many rounds a shard may leave waiting. */
const BACKLOG_LOOK_MS = 10_000;
const BACKLOG_ROUNDS = 5;
/** The wall clock may differ this much from the monotonic one between two looks before that counts as a step. */
const STEP_MS = 250;

export interface TickerDependencies {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly queues: RoundQueues;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: SchedulerMetrics;
  /** Whether the lease is surely ours at this moment. */
  readonly mayAct: () => boolean;
}

/** Turns the wheel: adds rounds at their ticks and closes ticks at their deadlines. Its passes never overlap and never reject. */
export class Ticker {
  readonly #dependencies: TickerDependencies;
  #wheel = new Wheel();
  #plans: ReadonlyMap<string, ShardPlan> = new Map();
  #running: Promise<void> | undefined;
  #stopped = true;
  #wake: (() => void) | undefined;
  #difference: number | undefined;
  #failing = false;
  #backlogLookedAt = 0;

  constructor(dependencies: TickerDependencies) {
    this.#dependencies = dependencies;
  }

  get failing(): boolean {
    return this.#failing;
  }

  start(): void {
    if (this.#running) return;
    this.#stopped = false;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#running;
    this.#running = undefined;
    this.#wheel = new Wheel();
    this.#plans = new Map();
  }

  /** Takes over the plans as they now stand in Redis. Shards already turning keep their place. */
  async setPlans(plans: ReadonlyMap<string, ShardPlan>): Promise<void> {
    const { redis, keys, clock } = this.#dependencies;
    const fresh = [...plans.values()].filter((plan) => !this.#wheel.has(plan.shard));
    const ticks = await readTicks(
      redis,
      keys,
      fresh.map((plan) => plan.shard),
    );
    for (const shard of this.#plans.keys()) if (!plans.has(shard)) this.#wheel.remove(shard);
    this.#plans = plans;
    for (const plan of fresh) {
      const remembered = ticks.get(plan.shard) ?? { closed: undefined, added: undefined };
      this.#wheel.add(plan, clock.now(), remembered);
      const closed = this.#wheel.closedOf(plan.shard);
      if (remembered.closed === undefined && closed !== undefined) await markOpened(redis, keys, plan.shard, closed);
    }
    this.#wake?.();
  }

  async #run(): Promise<void> {
    const { clock, logger, metrics } = this.#dependencies;
    while (!this.#stopped) {
      let pause: number;
      try {
        await this.#pass();
        const now = clock.now();
        pause = Math.min(LONGEST_SLEEP_MS, Math.max(1, this.#wheel.next(now) - now));
        this.#failing = false;
      } catch (error) {
        if (this.#stopped) break;
        this.#failing = true;
        metrics.failures.inc();
        logger.warn({ err: error }, 'rounds could not be added or ticks not be closed; it is tried again');
        pause = FAILURE_PAUSE_MS;
      }
      if (!this.#stopped) await this.#sleep(pause);
    }
  }

  async #pass(): Promise<void> {
    const { clock, mayAct } = this.#dependencies;
    this.#watchSteps();
    if (!mayAct()) return;
    const now = clock.now();
    const { rounds, closes } = this.#wheel.due(now);
    if (rounds.length > 0) await this.#addRounds(rounds);
    if (closes.length > 0 && mayAct()) await this.#close(closes);
    await this.#dropBacklog();
  }

  async #dropBacklog(): Promise<void> {
    const { clock, queues, logger, metrics } = this.#dependencies;
    if (clock.monotonic() - this.#backlogLookedAt < BACKLOG_LOOK_MS) return;
    this.#backlogLookedAt = clock.monotonic();
    const dropped = await queues.dropBacklog(BACKLOG_ROUNDS * Math.max(10, this.#plans.size));
    if (dropped.length === 0) return;
    for (const { kind, zone, rounds } of dropped) metrics.dropped.inc({ kind, zone }, rounds);
    logger.warn({ dropped }, 'no collector took these rounds in time: they were dropped, and their ticks are closed as not looked at');
  }

  async #addRounds(rounds: readonly DueRound[]): Promise<void> {
    const { redis, keys, queues, clock, metrics } = this.#dependencies;
    await queues.add(
      rounds.map(({ shard, tick, intervalMs }) => ({
        shard,
        planVersion: this.#plans.get(shard)?.version ?? 0,
        tick,
        startBefore: tick + intervalMs,
        checks: null,
      })),
    );
    const now = clock.now();
    for (const { shard, tick, passedOver } of rounds) {
      this.#wheel.wasAdded(shard, tick);
      metrics.lag.observe(Math.max(0, now - tick) / 1_000);
      const { kind = '', zone = '' } = this.#plans.get(shard) ?? {};
      metrics.due.inc({ kind, zone }, 1 + passedOver);
      metrics.skipped.inc({ kind, zone }, passedOver);
      metrics.added.inc({ kind, zone });
    }
    await markAdded(redis, keys, rounds);
  }

  async #close(closes: readonly DueClose[]): Promise<void> {
    const { redis, keys, metrics } = this.#dependencies;
    await closeTicks(
      redis,
      keys,
      closes.flatMap((close) => {
        const plan = this.#plans.get(close.shard);
        return plan ? [{ type: 'closed' as const, partition: plan.partition, ...close }] : [];
      }),
    );
    for (const { shard, fromTick, toTick, intervalMs, clockStepBack } of closes) {
      if (clockStepBack) this.#wheel.wasSetBack(shard, toTick);
      else this.#wheel.wasClosed(shard, toTick);
      const ticks = Math.round((toTick - fromTick) / intervalMs) + 1;
      metrics.closed.inc(ticks);
      if (ticks > 1) metrics.backfilled.inc(ticks - 1);
    }
  }

  #watchSteps(): void {
    const { clock, logger, metrics } = this.#dependencies;
    const difference = clock.now() - clock.monotonic();
    const step = difference - (this.#difference ?? difference);
    this.#difference = difference;
    if (Math.abs(step) < STEP_MS) return;
    metrics.steps.inc();
    logger.warn({ stepMs: Math.round(step) }, 'the wall clock stepped; rounds go on at the ticks of the new time');
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake = done;
    });
  }
}
