export * from './conditions.ts';
export { decodeCursor, encodeCursor, InvalidCursor } from './cursor.ts';
export * from './deliveries.ts';
export * from './incidents.ts';
export * from './maintenance.ts';
export * from './objectives.ts';
export * from './objects.ts';
export * from './silences.ts';
export * from './topology.ts';
