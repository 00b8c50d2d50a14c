/** How the scheduler runs. All times ms. */
export interface SchedulerConfig {
  /** This process's slot, such as `main/collect`: a restarted one takes its own lease back at once. */
  readonly instance: string;
  /** Time to live of the lease; another scheduler takes over at most this long after ours has died. */
  readonly leaseMs: number;
  /** How often the lease is renewed and the inventory's version asked for. */
  readonly watchMs: number;
}

export const SCHEDULER_DEFAULTS: Omit<SchedulerConfig, 'instance'> = { leaseMs: 5_000, watchMs: 1_000 };

/** How long after a tick's interval it is closed: rounds that began late in it may still come in. */
export function graceMs(intervalMs: number): number {
  return Math.min(intervalMs, 2_000);
}
