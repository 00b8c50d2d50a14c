export * from './backbone.ts';
export * from './believed.ts';
export * from './incidents-under-way.ts';
export * from './object-index.ts';
export * from './tallies.ts';
