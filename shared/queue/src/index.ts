export * from './codec.ts';
export * from './embedded.ts';
export * from './keys.ts';
export * from './redis.ts';
export * from './streams.ts';
export * from './vitals.ts';
