export * from './list.ts';
export * from './reclassifications.ts';
export * from './record.ts';
