export * from './chain.ts';
export * from './checkpoint-file.ts';
export * from './checkpoints.ts';
export * from './find.ts';
export * from './list.ts';
export * from './verify.ts';
