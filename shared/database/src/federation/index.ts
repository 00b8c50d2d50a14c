export * from './apply-transitions.ts';
export * from './place.ts';
