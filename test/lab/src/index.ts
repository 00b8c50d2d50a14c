export { type Api, createApi } from './api.ts';
export type { CutFamily } from './commands.ts';
export { EVERYTHING, globalId, type InventoryOptions, inventoryYaml, NODE } from './inventory.ts';
export { type CommandResult, type Moment, run } from './ip.ts';
export { createLab, destroyStale, type Lab, type Management } from './lab.ts';
export { DEFAULT_LAYOUT, type DualAddress, type LabLayout, type LabLink, type LabObject, type LabPlan, planLab } from './plan.ts';
export { descendants, isAlive, type ProcessFacts } from './processes.ts';
export { createProduct, PROCESS_NAMES, type ProcessName, type ProcessUse, type Product, type ProductOptions } from './product.ts';
export { downtime, type LabEvent, type TrueOutage, trueOutages } from './truth.ts';
