import { type Counter, counter, durations, type Gauge, gauge, type Histogram, type Registry } from '@beacontower/runtime';

/** What the scheduler counts. */
export interface SchedulerMetrics {
  readonly due: Counter<'kind' | 'zone'>;
  readonly added: Counter<'kind' | 'zone'>;
  readonly skipped: Counter<'kind' | 'zone'>;
  readonly dropped: Counter<'kind' | 'zone'>;
  readonly closed: Counter;
  readonly backfilled: Counter;
  readonly lag: Histogram;
  readonly steps: Counter;
  readonly failures: Counter;
  readonly plans: Gauge;
  readonly plansWritten: Counter;
  readonly invalid: Gauge;
  readonly active: Gauge;
}

const ROUND: ('kind' | 'zone')[] = ['kind', 'zone'];

export function createMetrics(registry: Registry): SchedulerMetrics {
  return {
    due: counter(registry, 'scheduler_rounds_due', 'Rounds that came due, those passed over included', ROUND),
    added: counter(registry, 'scheduler_rounds_added', 'Rounds given to the collectors', ROUND),
    skipped: counter(registry, 'scheduler_rounds_skipped', 'Rounds that came due while nobody added them; they are only closed', ROUND),
    dropped: counter(registry, 'scheduler_rounds_dropped', 'Rounds taken out of a queue that no collector empties', ROUND),
    closed: counter(registry, 'scheduler_ticks_closed', 'Ticks closed'),
    backfilled: counter(registry, 'scheduler_ticks_backfilled', 'Ticks closed late, after an absence'),
    lag: durations(registry, 'scheduler_lag', 'From a tick to its round being in the queue'),
    steps: counter(registry, 'scheduler_clock_steps', 'Steps of the wall clock against the monotonic one'),
    failures: counter(registry, 'scheduler_failures', 'Passes that failed and were tried again'),
    plans: gauge(registry, 'scheduler_shards', 'Shards planned'),
    plansWritten: counter(registry, 'scheduler_plans_written', 'Plans written because their content changed'),
    invalid: gauge(
      registry,
      'scheduler_invalid_addresses',
      'Checks left out because their address is none or their credential is not there',
    ),
    active: gauge(registry, 'scheduler_active', '1 while this scheduler holds the lease'),
  };
}
