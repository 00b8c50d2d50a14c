export { createPipeline, type PipelineDependencies } from './app.ts';
export type { PipelineConfig } from './config.ts';
export type { InventorySource, PipelineInventory } from './ports.ts';
