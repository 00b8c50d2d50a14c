/** How the pipeline runs. Times in ms. */
export interface PipelineConfig {
  /** Stable name of this slot: a restarted process takes its own partitions back at once. */
  readonly instance: string;
  readonly leaseTtlMs: number;
  /** How often it is said how far is judged when nothing has changed. */
  readonly quietSayMs: number;
  /** How long a commit of the snapshot may wait when nothing has changed; so much is read again after a crash, at most. */
  readonly quietCommitMs: number;
  /** How often the inventory's version is asked for, beside the entries that tell of a change. */
  readonly inventoryLookMs: number;
  /** Stream entries kept below the committed offset, by age. */
  readonly streamMarginMs: number;
  /** Entries taken in one read, per stream. */
  readonly readCount: number;
  /** How long after midnight a day is accounted. */
  readonly accountAfterMs: number;
}

export const PIPELINE_DEFAULTS: Omit<PipelineConfig, 'instance'> = {
  leaseTtlMs: 6_000,
  quietSayMs: 10_000,
  quietCommitMs: 60_000,
  inventoryLookMs: 5_000,
  streamMarginMs: 60_000,
  readCount: 100,
  accountAfterMs: 300_000,
};
