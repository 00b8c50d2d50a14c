export * from './accounts.ts';
export * from './days.ts';
export * from './forget.ts';
export * from './inputs.ts';
