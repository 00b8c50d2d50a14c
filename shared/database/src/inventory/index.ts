export { type ApplyResult, applyInventory, readInventoryPlan } from './apply.ts';
export * from './composites.ts';
export { canonical, type FieldDifference } from './difference.ts';
export * from './discovery.ts';
export { DEFAULT_PARTITIONS, type NodeIdentity, readNodeIdentity } from './identity.ts';
export * from './object-cache.ts';
export * from './plan.ts';
export * from './read.ts';
export type { ApplyOptions, ChangeCounts } from './write.ts';
