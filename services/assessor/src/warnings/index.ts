import { type Database, leasedParts } from '@beacontower/database';
import type { Clock, Component, Logger, Registry } from '@beacontower/runtime';
import { createWarningMetrics } from './metrics.ts';
import { WarningWatcher } from './watcher.ts';

/** How often objectives are looked at. Short windows are minutes long: more often would tell nothing sooner. */
const EVERY_MS = 60_000;
const LEASE_TTL_MS = 15_000;

export interface WarningsOptions {
  /** This process's slot. */
  readonly instance: string;
  readonly everyMs?: number | undefined;
}

export interface WarningsDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
}

/** The parts that warn of budgets, in the order in which they start. */
export function createWarnings({ instance, everyMs = EVERY_MS }: WarningsOptions, deps: WarningsDependencies): readonly Component[] {
  const { database, clock, logger } = deps;
  const metrics = createWarningMetrics(deps.registry);
  return leasedParts([new WarningWatcher({ everyMs }, { database, clock, logger, metrics })], {
    slot: instance,
    ttlMs: LEASE_TTL_MS,
    database,
    logger,
    onFailure: () => metrics.failures.inc(),
  });
}
