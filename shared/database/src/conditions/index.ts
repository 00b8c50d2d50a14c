export * from './condition-incidents.ts';
export * from './condition-states.ts';
export * from './observed-states.ts';
