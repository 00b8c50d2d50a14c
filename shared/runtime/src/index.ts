export * from './clock.ts';
export * from './component.ts';
export * from './environment.ts';
export * from './lifecycle.ts';
export * from './logger.ts';
export * from './loop.ts';
export * from './metrics.ts';
export * from './server.ts';
