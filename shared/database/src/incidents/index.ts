export * from './correlation-record.ts';
export * from './deliveries.ts';
export * from './early-warnings.ts';
export * from './flapping.ts';
export * from './incidents.ts';
export * from './withholding.ts';
export * from './workflow.ts';
