import { type Database, LeaseKeeper } from '@beacontower/database';
import type { Keys } from '@beacontower/queue';
import type { Clock, Component, Health, Logger, Registry } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import { DISCOVERY_DEFAULTS, type DiscoveryConfig } from './config.ts';
import { DISCOVERY_LEASE, DiscoveryReader } from './discovery.ts';
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
  const leases = new LeaseKeeper({
    names: [DISCOVERY_LEASE],
    slot: settings.instance,
    ttlMs: settings.leaseTtlMs,
    database: deps.database,
    logger: deps.logger,
  });
  const reader = new DiscoveryReader(settings, { ...deps, leases, metrics: createDiscoveryMetrics(deps.registry) });
  const parts: readonly Component[] = [leases, reader];
  return {
    name: 'discovery',
    async start() {
      for (const part of parts) await part.start();
    },
    async stop() {
      for (const part of [...parts].reverse()) await part.stop();
    },
    health: (): Health => reader.health(),
  };
}
