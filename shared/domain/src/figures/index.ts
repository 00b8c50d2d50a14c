export * from './budget.ts';
export * from './charging.ts';
export * from './outages.ts';
export * from './partial.ts';
export * from './responsible.ts';
export * from './warning.ts';
