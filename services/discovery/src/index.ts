export { createDiscovery, type DiscoveryDependencies } from './app.ts';
export { DISCOVERY_DEFAULTS, type DiscoveryConfig } from './config.ts';
