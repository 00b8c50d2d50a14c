export { createAlerting } from './app.ts';
export { ALERTING_DEFAULTS, type AlertingConfig } from './config.ts';
export { createLookRequester, type LookRequesterDependencies } from './looks.ts';
export type { AlertingDependencies, LookRequester } from './ports.ts';
