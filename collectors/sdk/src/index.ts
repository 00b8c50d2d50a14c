export * from './host-clock.ts';
export * from './plan-cache.ts';
export * from './token-bucket.ts';
export * from './zone-workers.ts';
