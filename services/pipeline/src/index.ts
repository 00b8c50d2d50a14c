export { Accountant } from './accountant.ts';
export { createPipeline, type PipelineDependencies } from './app.ts';
export type { PipelineConfig } from './config.ts';
export { createPipelineMetrics } from './metrics.ts';
export { observationsOf } from './observations.ts';
export { Partition, type PartitionSnapshot } from './partition.ts';
export type { InventorySource, PipelineInventory } from './ports.ts';
export type { PartitionInventory } from './records.ts';
export { packSnapshot, unpackSnapshot } from './snapshot.ts';
