export * from './check.ts';
export * from './fping.ts';
export * from './output.ts';
