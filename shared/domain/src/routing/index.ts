export * from './backoff.ts';
export * from './route.ts';
export * from './withhold.ts';
