export * from './days.ts';
export * from './figure.ts';
export * from './members.ts';
