import {
  type AttemptUnderWay,
  assertLeases,
  countDeliveries,
  countOpenBreakers,
  followClockBack,
  hastenLimited,
  type LeasedWork,
  readDueDeliveries,
  readInventoryVersion,
  readLostClaims,
  type Turn,
} from '@beacontower/database';
import type { RateLimit } from '@beacontower/domain';
import type { LoopResult } from '@beacontower/runtime';
import type { AlertingConfig } from '../config.ts';
import type { DeliveryDirectories } from './directory.ts';
import { failed } from './outgoing.ts';
import { type RecordDependencies, recordResult } from './record.ts';

const BATCH = 500;
/** By how much a clock must go back for what waits to follow it. */
const CLOCK_STEP_MS = 1_000;
const STATES = ['waiting', 'withheld', 'grouped', 'pending', 'sending', 'retrying', 'uncertain', 'dead'] as const;

export interface SweeperDependencies extends RecordDependencies {
  readonly directories: DeliveryDirectories;
  /** How this process's worker signs its claims. */
  readonly claimant: string;
}

/**
 * Under its lease: queues again what the bus lost, and declares in doubt what a dead process left half done. At its start, whatever
 * an earlier process of the same slot was sending is in doubt at once.
 */
export class Sweeper implements LeasedWork {
  readonly name = 'sweeper';
  readonly lease = 'outbox-sweeper';
  readonly pauseMs: number;
  readonly #config: AlertingConfig;
  readonly #deps: SweeperDependencies;
  /** When each overdue row was last told to the bus, so that a full queue is not filled further. */
  readonly #told = new Map<string, number>();
  /** The limit of each channel as it was last seen, so that what waits for it follows when it is changed. */
  #limits = new Map<string, RateLimit | null>();
  #lookedAt = 0;

  constructor(config: AlertingConfig, deps: SweeperDependencies) {
    this.#config = config;
    this.pauseMs = config.sweepMs;
    this.#deps = deps;
  }

  // Later on whoever shares the slot is alive.
  async settleInherited(): Promise<void> {
    while ((await this.#settleLost({ ofSlot: true })) === BATCH);
  }

  async pass({ lease }: Turn): Promise<LoopResult> {
    const { database, metrics } = this.#deps;
    await database.transaction((tx) => assertLeases(tx, [lease]));
    await this.#settleLost({ ofSlot: false });
    await this.#followClock();
    await this.#followLimits();
    await this.#tellAgain();
    const counts = await countDeliveries(database);
    for (const state of STATES) metrics.deliveries.set({ state }, counts.get(state) ?? 0);
    metrics.channelsDown.set(await countOpenBreakers(database));
    return 'pause';
  }

  async #settleLost({ ofSlot }: { readonly ofSlot: boolean }): Promise<number> {
    const { database, clock, claimant, logger } = this.#deps;
    const lost = await readLostClaims(database, {
      lapsedBefore: ofSlot ? 0 : clock.now(),
      slot: ofSlot ? this.#config.instance : null,
      by: claimant,
      limit: BATCH,
    });
    for (const attempt of lost) {
      logger.warn({ delivery: attempt.id, attempt: attempt.attempt }, 'an attempt ended without a result: it is in doubt');
      await this.#declareInDoubt(attempt);
    }
    return lost.length;
  }

  async #declareInDoubt(attempt: AttemptUnderWay): Promise<void> {
    const directory = await this.#deps.directories.of(await readInventoryVersion(this.#deps.database));
    const result = { ...failed('in-doubt', 'the process that was sending it ended before the result was known'), retryAfterMs: 0 };
    // It says something of the process, nothing of the channel.
    await recordResult(attempt, directory, result, this.#deps, 'nothing');
  }

  async #followClock(): Promise<void> {
    const { database, clock, logger } = this.#deps;
    const now = clock.now();
    const byMs = this.#lookedAt - now;
    this.#lookedAt = now;
    if (byMs < CLOCK_STEP_MS) return;
    logger.warn({ byMs }, 'the clock went back: what waits for its time follows it');
    this.#told.clear();
    await followClockBack(database, byMs, now);
  }

  async #followLimits(): Promise<void> {
    const { database, directories, clock } = this.#deps;
    const { terms } = await directories.of(await readInventoryVersion(database));
    for (const [channel, { limit }] of terms) {
      const before = this.#limits.get(channel);
      if (before !== undefined && isSameLimit(before, limit)) continue;
      await hastenLimited(database, channel, limit?.perMs ?? 0, clock.now());
    }
    this.#limits = new Map([...terms].map(([channel, { limit }]) => [channel, limit]));
  }

  async #tellAgain(): Promise<void> {
    const { database, bus, clock, metrics } = this.#deps;
    const now = clock.now();
    const due = await readDueDeliveries(database, now - this.#config.overdueMs, BATCH);
    const silentSince = now - 5 * this.#config.overdueMs;
    for (const [id, at] of this.#told) if (at < silentSince) this.#told.delete(id);
    const untold = due.filter((delivery) => !this.#told.has(delivery.id));
    for (const delivery of untold) this.#told.set(delivery.id, now);
    await bus.add(
      untold.map((delivery) => ({ delivery: delivery.id, attempt: delivery.attempt, delayMs: 0 })),
      now,
    );
    metrics.requeued.inc(untold.length);
  }
}

function isSameLimit(a: RateLimit | null, b: RateLimit | null): boolean {
  return a?.messages === b?.messages && a?.perMs === b?.perMs;
}
