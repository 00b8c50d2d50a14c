export type { CellFault, CellSettings } from './cells.ts';
export * from './columns.ts';
export { type InventoryRow, inventoryRowSchema, readInventoryRow } from './inventory-row.ts';
export { type OutageRow, outageRowSchema, RECORDED_STATES, type RecordedState, readOutageRow } from './outage-row.ts';
export { readTime } from './times.ts';
