import { assertLeases, type Database, dispatchLog, FencedOut, type LeaseKeeper, LOG_CHANNEL } from '@beacontower/database';
import { type Clock, type Component, type Health, type Logger, Loop, type LoopResult } from '@beacontower/runtime';
import type { AlertingConfig } from './config.ts';
import type { AlertingMetrics } from './metrics.ts';

export const DISPATCHER_LEASE = 'dispatcher';

export interface DispatcherDependencies {
  readonly database: Database;
  readonly leases: LeaseKeeper;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AlertingMetrics;
}

/** Gives committed log rows their sequence, as soon as they are told of; one at a time in the whole node, under its lease. */
export class Dispatcher implements Component {
  readonly name = 'dispatcher';
  readonly #config: AlertingConfig;
  readonly #deps: DispatcherDependencies;
  readonly #loop: Loop;
  #unlisten: (() => Promise<void>) | undefined;
  #failure: string | undefined;

  constructor(config: AlertingConfig, deps: DispatcherDependencies) {
    this.#config = config;
    this.#deps = deps;
    this.#loop = new Loop({
      name: this.name,
      logger: deps.logger,
      pauseMs: config.pollMs,
      pass: () => this.#pass(),
      onFailure: (error) => {
        this.#failure = error instanceof Error ? error.message : String(error);
        deps.metrics.failures.inc({ part: this.name });
      },
    });
  }

  async start(): Promise<void> {
    this.#unlisten = await this.#deps.database.listen(LOG_CHANNEL, () => this.#loop.wake());
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#unlisten?.();
    await this.#loop.stop();
  }

  wake(): void {
    this.#loop.wake();
  }

  health(): Health {
    return this.#failure === undefined ? { status: 'ok' } : { status: 'degraded', detail: this.#failure };
  }

  async #pass(): Promise<LoopResult> {
    const { database, leases, metrics, clock } = this.#deps;
    const lease = leases.held(DISPATCHER_LEASE);
    if (!lease) return 'pause';
    try {
      const oldest = await database.query<{ at: number }>('SELECT recorded_at AS at FROM log WHERE sequence IS NULL ORDER BY id LIMIT 1');
      metrics.dispatchLag.set(Math.max(0, clock.now() - (oldest.rows[0]?.at ?? clock.now())));
      this.#failure = undefined;
      if (oldest.rows.length === 0) return 'pause';
      const { count } = await database.transaction(async (tx) => {
        await assertLeases(tx, [lease]);
        return dispatchLog(tx, this.#config.batch);
      });
      metrics.dispatched.inc(count);
      return count === this.#config.batch ? 'again' : 'pause';
    } catch (error) {
      if (!(error instanceof FencedOut)) throw error;
      leases.lost(DISPATCHER_LEASE);
      return 'pause';
    }
  }
}
