export * from './actors.ts';
export * from './dates.ts';
export * from './numbers.ts';
export * from './periods.ts';
export * from './reasons.ts';
export * from './summary.ts';
export * from './terms.ts';
