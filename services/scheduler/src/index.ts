export { SCHEDULER_DEFAULTS, type SchedulerConfig } from './config.ts';
export type {
  InventorySource,
  ScheduledAgent,
  ScheduledCheck,
  ScheduledCredential,
  ScheduledInterface,
  ScheduledInventory,
} from './inventory-source.ts';
export { phaseOf } from './phase.ts';
export { createScheduler, type SchedulerDependencies } from './scheduler.ts';
export { Wheel } from './wheel.ts';
