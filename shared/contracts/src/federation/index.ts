export * from './codes.ts';
export * from './envelope.ts';
export * from './messages.ts';
export * from './payloads.ts';
