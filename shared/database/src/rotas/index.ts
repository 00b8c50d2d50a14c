export * from './duty-rules.ts';
export * from './overrides.ts';
