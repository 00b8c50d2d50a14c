/**
 * The bytes that may go over a thin line. Snapshot and log share it: a snapshot goes at once, but takes no more than its share on the whole; the
 * log waits until what was sent before is paid for. Times are those of a monotonic clock, ms.
 */
export class LineBudget {
  readonly #bytesPerSecond: number | null;
  #paidUntil = 0;
  #nextSnapshotAt = 0;

  /** Null: as much as the line carries. */
  constructor(bytesPerSecond: number | null) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** How long the log has to wait. */
  logWaitMs(now: number): number {
    return this.#bytesPerSecond === null ? 0 : Math.max(0, this.#paidUntil - now);
  }

  /** How long the next snapshot has to wait. */
  snapshotWaitMs(now: number): number {
    return this.#bytesPerSecond === null ? 0 : Math.max(0, this.#nextSnapshotAt - now);
  }

  /** Bytes of lines, before they are compressed, that one request may have: about a second of the line. */
  batchBytes(most: number): number {
    return this.#bytesPerSecond === null ? most : Math.min(most, Math.max(LEAST_BATCH, this.#bytesPerSecond * COMPRESSED));
  }

  /** So many bytes went over the line. */
  spent(now: number, channel: 'log' | 'snapshot', bytes: number): void {
    if (this.#bytesPerSecond === null) return;
    const costMs = (bytes / this.#bytesPerSecond) * 1_000;
    this.#paidUntil = Math.max(this.#paidUntil, now) + costMs;
    if (channel === 'snapshot') this.#nextSnapshotAt = now + costMs / SNAPSHOT_SHARE;
  }
}

const LEAST_BATCH = 8 * 1024;
/** How much smaller lines become by compression, carefully. */
const COMPRESSED = 4;
const SNAPSHOT_SHARE = 0.5;
