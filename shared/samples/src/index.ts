/** What samples off their streams become: increments of counters, in columns. Used by whoever reads the streams. */
export * from './columns.ts';
export * from './increments.ts';
export { RESTARTED, spanBetween } from './plausible.ts';
export type { Predecessors } from './predecessors.ts';
