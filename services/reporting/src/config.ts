/** How reports are made and sent; every duration in ms. */
export interface ReportingConfig {
  /** This process's slot, such as `main/report`. */
  readonly instance: string;
  readonly leaseTtlMs: number;
  /** Reports made at the same time in one process; each takes some memory and a core. */
  readonly concurrency: number;
  /** How long a worker's claim on a report holds without a sign of life. */
  readonly claimMs: number;
  /** How often it gives one. */
  readonly heartbeatMs: number;
  /** A report that could not be made is tried so often in all. */
  readonly mostAttempts: number;
  /** Pause between looks at what waits. */
  readonly sweepMs: number;
  /** A report that the bus was told of and nobody began is told again after this. */
  readonly retellMs: number;
  /** Pause between looks at the schedules. */
  readonly scheduleMs: number;
  /** How long a scheduled report waits for its figures to be closed, after the time its schedule says. */
  readonly closingPatienceMs: number;
  /** Pause between looks at mails that are due. */
  readonly mailMs: number;
  /** Attachments of a mail together; what is more is not sent along. Base64 makes a third more of it. */
  readonly mostAttachedBytes: number;
  /** A claim on a mail holds for the channel's timeout and this. */
  readonly claimMarginMs: number;
}

export const REPORTING_DEFAULTS: Omit<ReportingConfig, 'instance'> = {
  leaseTtlMs: 5_000,
  concurrency: 1,
  claimMs: 60_000,
  heartbeatMs: 5_000,
  mostAttempts: 3,
  sweepMs: 500,
  retellMs: 30_000,
  scheduleMs: 30_000,
  closingPatienceMs: 7 * 86_400_000,
  mailMs: 2_000,
  mostAttachedBytes: 18 * 1024 * 1024,
  claimMarginMs: 30_000,
};
