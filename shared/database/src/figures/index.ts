export * from './figure.ts';
export * from './members.ts';
