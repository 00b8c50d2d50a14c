export * from './decide.ts';
export * from './dependants.ts';
export * from './dependency.ts';
export * from './effects.ts';
export * from './observe.ts';
export * from './settle.ts';
export * from './severity.ts';
export * from './world.ts';
