export {
  type ImportInventoryResult,
  type InventoryFault,
  type InventoryFaultCode,
  importInventory,
  type StagedObject,
} from './import-inventory.ts';
export { importOutages, type OutageImport, type OutagesImported, type OutagesResult } from './import-outages.ts';
export type { DoneImport, ImportSource } from './imports.ts';
export type { ImportFault, ImportFaultCode } from './outage-checks.ts';
export type { ClassSummary } from './outage-summary.ts';
export { type Covers, STAGED_AT_ONCE, type StagedOutage } from './staging.ts';
