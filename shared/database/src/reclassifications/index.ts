export * from './reclassifications.ts';
