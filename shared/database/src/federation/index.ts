export * from './apply-inventory.ts';
export * from './apply-transitions.ts';
export * from './hello.ts';
export * from './place.ts';
export * from './read-for-uplink.ts';
export * from './snapshot.ts';
export * from './uplink.ts';
