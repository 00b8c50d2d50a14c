export * from './divisions.ts';
export * from './growth.ts';
export * from './levels.ts';
export * from './presence.ts';
export * from './tallies.ts';
