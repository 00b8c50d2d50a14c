export * from './embedded.ts';
export * from './lease.ts';
export * from './lease-keeper.ts';
export * from './log.ts';
export * from './migrate.ts';
export * from './pool.ts';
