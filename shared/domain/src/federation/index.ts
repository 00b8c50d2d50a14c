export * from './keep-known.ts';
export * from './link.ts';
export * from './object-node.ts';
export * from './spoken-code.ts';
export * from './told-incident.ts';
