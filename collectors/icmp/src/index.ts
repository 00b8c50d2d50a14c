export { createIcmpCollector, type IcmpCollectorDependencies } from './collector.ts';
export { ICMP_COLLECTOR_DEFAULTS, type IcmpCollectorConfig } from './config.ts';
