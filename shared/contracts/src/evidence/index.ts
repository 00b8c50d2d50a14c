export * from './closed.ts';
export * from './fold.ts';
export * from './lines.ts';
export * from './numbers.ts';
export * from './recompute.ts';
