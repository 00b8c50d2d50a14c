import { type Database, leasedParts } from '@beacontower/database';
import type { Clock, Component, Logger, Registry, Signer } from '@beacontower/runtime';
import { Closer } from './closer.ts';
import { createClosingMetrics } from './metrics.ts';

/** How often ended periods and late data are looked for. */
const EVERY_MS = 60_000;
const LEASE_TTL_MS = 15_000;

export interface ClosingOptions {
  /** This process's slot. */
  readonly instance: string;
  readonly everyMs?: number | undefined;
}

export interface ClosingDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly signer: Signer;
}

/** The parts that close periods, in the order in which they start. */
export function createClosing({ instance, everyMs = EVERY_MS }: ClosingOptions, deps: ClosingDependencies): readonly Component[] {
  const { database, logger } = deps;
  const metrics = createClosingMetrics(deps.registry);
  return leasedParts([new Closer({ everyMs }, { ...deps, metrics })], {
    slot: instance,
    ttlMs: LEASE_TTL_MS,
    database,
    logger,
    onFailure: () => metrics.failures.inc(),
  });
}
