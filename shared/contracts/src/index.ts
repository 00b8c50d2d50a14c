export * from './api/index.ts';
export * from './bus.ts';
export * from './configuration/index.ts';
export * from './entities.ts';
export * from './evidence/index.ts';
export * from './jobs.ts';
export * from './log.ts';
export * from './series.ts';
