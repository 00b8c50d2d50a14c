export * from './inventory.ts';
export * from './state.ts';
