export { createSnmpCollector, type SnmpCollectorDependencies } from './collector.ts';
export { SNMP_COLLECTOR_DEFAULTS, type SnmpCollectorConfig } from './config.ts';
