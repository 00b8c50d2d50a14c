import { type Database, LeasedLoop, LeaseKeeper } from '@beacontower/database';
import { type MonitoredObject, partitionOf, snmpChecks } from '@beacontower/domain';
import type { Keys } from '@beacontower/queue';
import { type Clock, type Component, componentOf, type Logger, type Registry } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import { ACCOUNTANT_LEASE, Accountant } from './accountant.ts';
import { COMPOSER_LEASE, Composer } from './composer/composer.ts';
import { PIPELINE_DEFAULTS, type PipelineConfig } from './config.ts';
import { createInventorySource } from './inventory-source.ts';
import { createPipelineMetrics } from './metrics.ts';
import type { InventorySource, PipelineInventory } from './ports.ts';
import { leaseName, StreamReader } from './reader.ts';
import type { PartitionInventory } from './records.ts';
import { createVerdictBoard } from './verdict-board.ts';

export interface PipelineDependencies {
  readonly database: Database;
  readonly redis: Redis;
  /** A connection of its own: the pipeline blocks on it. */
  readonly blockingRedis: Redis;
  readonly keys: Keys;
  /** Number of partitions of this node; never changes. */
  readonly partitions: number;
  /** Where the inventory comes from; PostgreSQL unless said otherwise. */
  readonly inventory?: InventorySource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
}

/** The pipeline: judges what the collectors saw and keeps the record. Inert until started. */
export function createPipeline(config: Partial<PipelineConfig> & { instance: string }, deps: PipelineDependencies): Component {
  const settings: PipelineConfig = { ...PIPELINE_DEFAULTS, ...config };
  const metrics = createPipelineMetrics(deps.registry);
  const leases = new LeaseKeeper({
    names: [...Array.from({ length: deps.partitions }, (_, partition) => leaseName(partition)), ACCOUNTANT_LEASE, COMPOSER_LEASE],
    slot: settings.instance,
    ttlMs: settings.leaseTtlMs,
    database: deps.database,
    logger: deps.logger,
  });
  const reader = new StreamReader(settings, {
    ...deps,
    inventory: deps.inventory ?? createInventorySource(deps.database),
    leases,
    metrics,
    share: (inventory, partition) => shareOf(inventory, partition, deps.partitions),
    verdictBoard: createVerdictBoard(deps.redis, deps.keys),
  });
  const accountant = new Accountant({ ...deps, leases, metrics, accountAfterMs: settings.accountAfterMs });
  const composer = new LeasedLoop(new Composer({ ...deps, metrics }), {
    leases,
    logger: deps.logger,
    onFailure: () => metrics.failures.inc(),
  });
  return componentOf('pipeline', [leases, reader, composer, accountant], {
    health: () => {
      const health = reader.health();
      return health.status === 'ok' && composer.health().status !== 'ok' ? composer.health() : health;
    },
  });
}

// Dividing 100,000 objects for each partition in turn would be quadratic in the partitions: divide once a version.
const shares = new WeakMap<PipelineInventory, Map<number, PartitionInventory>>();

function shareOf(inventory: PipelineInventory, partition: number, partitions: number): PartitionInventory {
  let divided = shares.get(inventory);
  if (!divided) {
    const { keys } = inventory;
    const agents = snmpChecks(inventory.objects);
    const lists = Array.from({ length: partitions }, (): MonitoredObject[] => []);
    for (const object of inventory.objects) lists[partitionOf(object.id, partitions)]?.push(object);
    divided = new Map(lists.map((objects, number) => [number, { objects, keys, agents }]));
    shares.set(inventory, divided);
  }
  const share = divided.get(partition);
  if (!share) throw new RangeError(`there is no partition ${partition} of ${partitions}`);
  return share;
}
