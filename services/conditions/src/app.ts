import { type Database, leasedParts } from '@beacontower/database';
import type { Keys } from '@beacontower/queue';
import { type Clock, type Component, componentOf, type Logger, type Registry } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import { CONDITIONS_DEFAULTS, type ConditionsConfig } from './config.ts';
import { createConditionMetrics } from './metrics.ts';
import { SampleFollower } from './sample-follower.ts';
import { ConditionWatch } from './watch.ts';

export interface ConditionsDependencies {
  readonly database: Database;
  readonly redis: Redis;
  /** A further connection to Redis, for a reader that blocks on it. */
  readonly connectRedis: (purpose: string) => Redis;
  readonly keys: Keys;
  /** Number of partitions of this node; never changes. */
  readonly partitions: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
}

/** The role `conditions`: judges conditions on samples and states, and opens and resolves their incidents. Inert until started. */
export function createConditions(
  config: Partial<ConditionsConfig> & { readonly instance: string },
  deps: ConditionsDependencies,
): Component {
  const settings: ConditionsConfig = { ...CONDITIONS_DEFAULTS, ...config };
  const { database, clock, logger } = deps;
  const metrics = createConditionMetrics(deps.registry);
  const blockingRedis = deps.connectRedis('conditions');
  const createSamples = () => new SampleFollower(settings, { ...deps, blockingRedis, metrics });
  const watch = new ConditionWatch(settings, { database, clock, metrics, createSamples });
  const parts = leasedParts([watch], {
    slot: settings.instance,
    ttlMs: settings.leaseTtlMs,
    database,
    logger,
    onFailure: () => metrics.failures.inc(),
  });
  return componentOf('conditions', parts);
}
