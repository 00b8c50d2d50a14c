export { DEFAULTS as DUCKDB_DEFAULTS, type DuckDbConfig } from './duckdb/config.ts';
export { createDuckDbStore, type DuckDbDependencies } from './duckdb/store.ts';
export { DEFAULTS as INFLUX_DEFAULTS, type InfluxConfig } from './influx/config.ts';
export { createInfluxStore, type InfluxDependencies } from './influx/store.ts';
export { type MigrationProgress, migrate } from './migrate.ts';
export * from './port.ts';
export { makeIcmpRows, makeInterfaceRows, NO_REPLY } from './rows.ts';
