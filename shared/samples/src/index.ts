/** What whoever reads the streams of samples needs: increments of counters, in columns, and how far a stream was read. */
export * from './columns.ts';
export * from './increments.ts';
export { RESTARTED, STALE, spanBetween } from './plausible.ts';
export type { Predecessors } from './predecessors.ts';
export * from './stream-position.ts';
