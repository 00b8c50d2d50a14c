export * from './breaker.ts';
export * from './list.ts';
export * from './states.ts';
