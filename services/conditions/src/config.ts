/** How conditions are judged. Times in ms. */
export interface ConditionsConfig {
  /** This process's slot: a restarted process takes its lease back at once. */
  readonly instance: string;
  readonly leaseTtlMs: number;
  /** Pause between passes that read no samples; what the log says ends it early. */
  readonly pauseMs: number;
  /** Longest that one read waits for samples. */
  readonly blockMs: number;
  /** Entries taken in one read, per stream. */
  readonly readCount: number;
  /** Entries of the log read in one pass. */
  readonly logBatch: number;
  /** How often what is remembered is saved while nothing is raised or cleared. */
  readonly saveMs: number;
  /** How often the last values are noted in incidents that are under way. */
  readonly noteMs: number;
  /** How often the streams are looked at for what is behind or gone. */
  readonly lookMs: number;
  /** How long a state may wait for the correlation to say whether another's outage explains it. */
  readonly explainMs: number;
  /** Readings before the first that is judged are taken up from so far back, and at least two and a half rounds, at most an hour. */
  readonly marginMs: number;
}

export const CONDITIONS_DEFAULTS: Omit<ConditionsConfig, 'instance'> = {
  leaseTtlMs: 10_000,
  pauseMs: 500,
  blockMs: 250,
  readCount: 32,
  logBatch: 10_000,
  saveMs: 2_000,
  noteMs: 30_000,
  lookMs: 10_000,
  explainMs: 60_000,
  marginMs: 150_000,
};
