export * from './availability.ts';
export * from './combine.ts';
export * from './evaluate.ts';
export * from './intervals.ts';
export * from './inventory.ts';
export * from './state.ts';
export * from './timeline.ts';
