export type { CutFamily } from './commands.ts';
export { type CommandResult, type Moment, run } from './ip.ts';
export { createLab, destroyStale, type Lab, type Management } from './lab.ts';
export { DEFAULT_LAYOUT, type DualAddress, type LabLayout, type LabLink, type LabObject, type LabPlan, planLab } from './plan.ts';
export { downtime, type LabEvent, type TrueOutage, trueOutages } from './truth.ts';
