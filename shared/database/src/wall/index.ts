export * from './backbone.ts';
export * from './believed.ts';
export * from './incidents-under-way.ts';
export * from './known-objects.ts';
export * from './tallies.ts';
