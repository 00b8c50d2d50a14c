import { assertLeases, type Database, dispatchLog, type LeasedWork, LOG_CHANNEL, type Turn } from '@beacontower/database';
import type { Clock, LoopResult } from '@beacontower/runtime';
import type { AlertingConfig } from './config.ts';
import type { AlertingMetrics } from './metrics.ts';

export interface DispatcherDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly metrics: AlertingMetrics;
}

/** Gives committed log rows their sequence, as soon as they are told of; one at a time in the whole node, under its lease. */
export class Dispatcher implements LeasedWork {
  readonly name = 'dispatcher';
  readonly lease = 'dispatcher';
  readonly pauseMs: number;
  readonly #config: AlertingConfig;
  readonly #deps: DispatcherDependencies;

  constructor(config: AlertingConfig, deps: DispatcherDependencies) {
    this.#config = config;
    this.pauseMs = config.pollMs;
    this.#deps = deps;
  }

  listen(wake: () => void): Promise<() => Promise<void>> {
    return this.#deps.database.listen(LOG_CHANNEL, wake);
  }

  async pass({ lease }: Turn): Promise<LoopResult> {
    const { database, metrics, clock } = this.#deps;
    const oldest = await database.query<{ at: number }>('SELECT recorded_at AS at FROM log WHERE sequence IS NULL ORDER BY id LIMIT 1');
    metrics.dispatchLag.set(Math.max(0, clock.now() - (oldest.rows[0]?.at ?? clock.now())));
    if (oldest.rows.length === 0) return 'pause';
    const { count } = await database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      return dispatchLog(tx, this.#config.batch);
    });
    metrics.dispatched.inc(count);
    return count === this.#config.batch ? 'again' : 'pause';
  }
}
