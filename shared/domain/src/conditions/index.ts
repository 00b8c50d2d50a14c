export * from './judge-sample.ts';
export * from './judge-state.ts';
export * from './memory.ts';
export * from './rule.ts';
export * from './values.ts';
