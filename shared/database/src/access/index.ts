export * from './audit.ts';
export * from './idempotency.ts';
export * from './tokens.ts';
