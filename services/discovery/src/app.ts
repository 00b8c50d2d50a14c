import { type Database, LeasedLoop, LeaseKeeper } from '@beacontower/database';
import type { Keys } from '@beacontower/queue';
import { type Clock, type Component, componentOf, type Logger, type Registry } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import { DISCOVERY_DEFAULTS, type DiscoveryConfig } from './config.ts';
import { DiscoveryReader } from './discovery.ts';
import { createDiscoveryMetrics } from './metrics.ts';

export interface DiscoveryDependencies {
  readonly database: Database;
  readonly redis: Redis;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
}

/** The discovery: interfaces of devices become objects. One at a time in the whole node, under its lease. Inert until started. */
export function createDiscovery(config: Partial<DiscoveryConfig> & { readonly instance: string }, deps: DiscoveryDependencies): Component {
  const settings: DiscoveryConfig = { ...DISCOVERY_DEFAULTS, ...config };
  const metrics = createDiscoveryMetrics(deps.registry);
  const { database, logger } = deps;
  const work = new DiscoveryReader(settings, { ...deps, metrics });
  const leases = new LeaseKeeper({ names: [work.lease], slot: settings.instance, ttlMs: settings.leaseTtlMs, database, logger });
  const reader = new LeasedLoop(work, { leases, logger, onFailure: () => metrics.failures.inc() });
  return componentOf('discovery', [leases, reader], { health: () => reader.health() });
}
