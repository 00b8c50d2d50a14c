export * from './bus.ts';
export * from './entities.ts';
export * from './log.ts';
