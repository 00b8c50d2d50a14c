import { type Counter, counter, type Gauge, gauge, type Registry } from '@beacontower/runtime';

export interface SupervisorMetrics {
  readonly restarts: Counter<'process'>;
  readonly up: Gauge<'process'>;
  readonly reloads: Counter<'result'>;
}

export function createSupervisorMetrics(registry: Registry): SupervisorMetrics {
  return {
    restarts: counter(registry, 'supervisor_restarts', 'Starts of a process after it had ended by itself', ['process']),
    up: gauge(registry, 'supervisor_process_up', '1 while the process runs', ['process']),
    reloads: counter(registry, 'supervisor_reloads', 'Reloads of the configuration, by result', ['result']),
  };
}
