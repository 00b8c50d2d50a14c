export * from './availability.ts';
export * from './common.ts';
export * from './incidents.ts';
export * from './live.ts';
export * from './objects.ts';
export * from './plans.ts';
export * from './self.ts';
export * from './system.ts';
