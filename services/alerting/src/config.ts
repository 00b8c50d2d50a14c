import { type CorrelationPolicy, DEFAULT_CORRELATION_POLICY } from '@beacontower/domain';

/** How alerting runs. Times in ms. */
export interface AlertingConfig {
  /** Stable name of this slot, such as `main/judge`: a restarted process takes its own leases and claims back at once. */
  readonly instance: string;
  readonly leaseTtlMs: number;
  /** How often the log is looked at when no notification comes. */
  readonly pollMs: number;
  /** Log rows dispatched or read at once. */
  readonly batch: number;
  readonly correlation: CorrelationPolicy;
  /** How often the sweeper looks for what the bus lost, and for withheld alarms that may go. */
  readonly sweepMs: number;
  /** A row this long overdue is queued again. */
  readonly overdueMs: number;
  /** Jobs taken from the bus at once, and messages sent at once by one channel (a receiver that hangs must not hold up the others). */
  readonly concurrency: number;
  readonly perChannel: number;
  /** How long past its time-out an attempt may stay without a result before it is in doubt. */
  readonly claimMarginMs: number;
}

export const ALERTING_DEFAULTS: Omit<AlertingConfig, 'instance'> = {
  leaseTtlMs: 5_000,
  pollMs: 1_000,
  batch: 2_000,
  correlation: DEFAULT_CORRELATION_POLICY,
  sweepMs: 1_000,
  overdueMs: 2_000,
  concurrency: 16,
  perChannel: 8,
  claimMarginMs: 15_000,
};
