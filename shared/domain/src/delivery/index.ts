export * from './breaker.ts';
export * from './limit.ts';
export * from './order.ts';
export * from './way.ts';
