export * from './anchors.ts';
export * from './fping/index.ts';
export * from './host-clock.ts';
export * from './observations.ts';
export * from './plan-cache.ts';
export * from './token-bucket.ts';
export * from './zone-workers.ts';
