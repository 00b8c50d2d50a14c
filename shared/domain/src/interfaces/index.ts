export * from './digest.ts';
export * from './names.ts';
export * from './seen.ts';
