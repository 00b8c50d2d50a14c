import { ChannelBody } from '@beacontower/contracts';
import {
  assertLeases,
  type ClaimedDelivery,
  countDeliveries,
  type Database,
  type LeasedWork,
  readDeliveryTarget,
  readDueDeliveries,
  readLostClaims,
  readWithheldAlarms,
  releaseDeliveries,
  type Turn,
} from '@beacontower/database';
import type { SendResult } from '@beacontower/mail';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import type { Channels } from '../channels/index.ts';
import type { AlertingConfig } from '../config.ts';
import type { AlertingMetrics } from '../metrics.ts';
import type { DeliveryBus } from '../ports.ts';
import { recordResult } from './worker.ts';

const BATCH = 500;
const STATES = ['pending', 'sending', 'retrying', 'uncertain', 'dead', 'withheld'] as const;

export interface SweeperDependencies {
  readonly database: Database;
  readonly bus: DeliveryBus;
  readonly channels: Channels;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AlertingMetrics;
  readonly random: () => number;
  /** How this process's worker signs its claims. */
  readonly claimant: string;
}

/**
 * Under its lease: queues again what the bus lost, declares in doubt what a dead process left half done, and lets withheld alarms
 * go when what withheld them has ended. At its start, whatever an earlier process of the same slot was sending is in doubt at once.
 */
export class Sweeper implements LeasedWork {
  readonly name = 'sweeper';
  readonly lease = 'outbox-sweeper';
  readonly pauseMs: number;
  readonly #config: AlertingConfig;
  readonly #deps: SweeperDependencies;
  /** When each overdue row was last told to the bus, so that a full queue is not filled further. */
  readonly #told = new Map<string, number>();

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
    await this.#deps.database.transaction((tx) => assertLeases(tx, [lease]));
    await this.#settleLost({ ofSlot: false });
    await this.#letGo();
    await this.#tellAgain();
    const counts = await countDeliveries(this.#deps.database);
    for (const state of STATES) this.#deps.metrics.deliveries.set({ state }, counts.get(state) ?? 0);
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
    for (const delivery of lost) {
      logger.warn({ delivery: delivery.id, attempt: delivery.attempt }, 'an attempt ended without a result: it is in doubt');
      await this.#declareInDoubt(delivery);
    }
    return lost.length;
  }

  async #declareInDoubt(delivery: ClaimedDelivery): Promise<void> {
    const target = await readDeliveryTarget(this.#deps.database, delivery.id);
    const error = 'the process that was sending it ended before the result was known';
    const result: SendResult = { outcome: 'in-doubt', status: null, response: null, error, retryAfterMs: 0, digest: null };
    await recordResult(delivery, ChannelBody.safeParse(target?.body).data, result, this.#deps);
  }

  async #letGo(): Promise<void> {
    const { database, bus, clock, metrics } = this.#deps;
    const now = clock.now();
    const free = await readWithheldAlarms(database, now, BATCH);
    if (free.length === 0) return;
    const released = await releaseDeliveries(database, free, now);
    metrics.released.inc(released.length);
    await bus.add(
      released.map((delivery) => ({ delivery: delivery.id, attempt: delivery.attempt, delayMs: 0 })),
      now,
    );
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
