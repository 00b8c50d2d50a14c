export * from './dates.ts';
export * from './numbers.ts';
export * from './reasons.ts';
export * from './terms.ts';
