export * from './digest.ts';
export * from './names.ts';
export * from './reconcile.ts';
export * from './seen.ts';
export * from './select.ts';
export * from './settle.ts';
export * from './text.ts';
