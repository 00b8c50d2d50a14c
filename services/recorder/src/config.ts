/** How the recorder runs. Times in ms. */
export interface RecorderConfig {
  /** Stable name of this slot: a restarted process takes its lease back at once. */
  readonly instance: string;
  readonly leaseTtlMs: number;
  /** Longest that read samples wait to be written together. */
  readonly collectMs: number;
  /** Rows after which they are written at once. */
  readonly collectRows: number;
  /** Entries taken in one read, per stream. */
  readonly readCount: number;
  /** Longest that one read waits for entries: how soon a stop or a lost lease is noticed. */
  readonly blockMs: number;
  /** Pause between two reads while entries come. */
  readonly gatherMs: number;
  /** First pause after the store refused; doubled with each refusal up to `longestRetryMs`. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** How often streams are looked at for what is behind and what has vanished. */
  readonly lookMs: number;
  readonly maintainMs: number;
  /** Entries kept below the stored offset, by age: at least this, and at least two and a half rounds of the slowest shard, at most the other. */
  readonly shortestMarginMs: number;
  readonly longestMarginMs: number;
  /** Longest that a stop waits for the last write. */
  readonly flushMs: number;
  /** Questions answered at the same time. */
  readonly answers: number;
}

export const RECORDER_DEFAULTS: Omit<RecorderConfig, 'instance'> = {
  leaseTtlMs: 10_000,
  collectMs: 2_000,
  collectRows: 50_000,
  readCount: 32,
  blockMs: 250,
  gatherMs: 400,
  firstRetryMs: 500,
  longestRetryMs: 15_000,
  lookMs: 2_000,
  maintainMs: 60_000,
  shortestMarginMs: 150_000,
  longestMarginMs: 3_600_000,
  flushMs: 4_000,
  answers: 4,
};
