export * from './calendar.ts';
export * from './counted.ts';
