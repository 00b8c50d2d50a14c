export * from './overrides.ts';
