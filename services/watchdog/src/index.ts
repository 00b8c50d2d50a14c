export { HEARTBEAT_TIMEOUT_MS } from './config.ts';
export { createWatchdog } from './watchdog.ts';
