export * from './codes.ts';
export * from './envelope.ts';
export * from './handed.ts';
export * from './messages.ts';
export * from './payloads.ts';
