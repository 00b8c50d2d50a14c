export { DEFAULTS as DUCKDB_DEFAULTS, type DuckDbConfig } from './duckdb/config.ts';
export { createDuckDbStore, type DuckDbDependencies } from './duckdb/store.ts';
export * from './port.ts';
export { makeIcmpRows, makeInterfaceRows, NO_REPLY } from './rows.ts';
