export { createIcmpCollector, type IcmpCollectorDependencies } from './collector.ts';
export { ICMP_COLLECTOR_DEFAULTS, type IcmpCollectorConfig } from './config.ts';
export { createMetrics as createIcmpMetrics } from './metrics.ts';
export { Round, type RoundDependencies } from './round.ts';
export { type CompiledPlan, compilePlan } from './targets.ts';
