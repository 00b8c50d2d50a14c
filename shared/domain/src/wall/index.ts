export * from './stale.ts';
export * from './tile.ts';
