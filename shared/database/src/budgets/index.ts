export * from './budget.ts';
export * from './burn.ts';
