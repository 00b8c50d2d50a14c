import type { ExportOrder, InterfaceCounter, SeriesAnswer, SeriesQuestion } from '@beacontower/contracts';

/**
 * Rows of interface samples, in columns of equal length. A row tells what passed through one interface in `(at - span, at]`:
 * increments, not counters, so that a row means the same wherever it is read, and a restart or a wrap is settled before.
 */
export interface InterfaceRows {
  readonly count: number;
  /** Check keys. */
  readonly check: Uint32Array;
  /** Epoch ms of the reading that ends the span. */
  readonly at: Float64Array;
  /** Milliseconds since the reading before; the row of a first reading is not written. */
  readonly span: Uint32Array;
  /** ifHighSpeed, Mbit/s; 0 when unknown. */
  readonly speed: Uint32Array;
  /** ifAdminStatus | ifOperStatus << 4. */
  readonly status: Uint8Array;
  /** Increments within the span, exact (below 2^53); NaN: not known (not answered, restarted, or wrapped too often to tell). */
  readonly increments: Readonly<Record<InterfaceCounter, Float64Array>>;
}

/** Rows of ICMP samples. RTT and jitter in microseconds; 0xffffffff: no reply. */
export interface IcmpRows {
  readonly count: number;
  readonly check: Uint32Array;
  readonly at: Float64Array;
  readonly sent: Uint16Array;
  readonly received: Uint16Array;
  readonly rttMin: Uint32Array;
  readonly rttAvg: Uint32Array;
  readonly rttMax: Uint32Array;
  readonly jitter: Uint32Array;
}

/** All raw rows whose `at` lies in `[from, to)`. */
export interface RowSlice {
  readonly from: number;
  readonly to: number;
  readonly interfaces: InterfaceRows;
  readonly icmp: IcmpRows;
}

/** What is written in one go, and how far the streams are then stored. */
export interface WriteBatch {
  readonly interfaces: InterfaceRows;
  readonly icmp: IcmpRows;
  /** Partition → id of the last stream entry whose rows are in this batch or in one before. */
  readonly offsets: ReadonlyMap<number, string>;
}

/** What became of a batch: rows that were left out, being too old to be kept or of a time to come. */
export interface WriteResult {
  readonly refused: number;
}

/** How long each resolution is kept, ms. */
export interface Retention {
  readonly rawMs: number;
  readonly fiveMinutesMs: number;
  readonly hourMs: number;
}

export const DEFAULT_RETENTION: Retention = { rawMs: 14 * 86_400_000, fiveMinutesMs: 180 * 86_400_000, hourMs: 5 * 366 * 86_400_000 };

/** What the store says of itself, for metrics and for a person. */
export interface StoreState {
  readonly engine: 'duckdb' | 'influxdb';
  /** Bytes on disk; null when the store cannot say. */
  readonly bytes: number | null;
  /** Rows held at raw resolution; null when the store cannot say. */
  readonly rawRows: number | null;
  readonly oldestRaw: number | null;
}

/** Where samples are kept. One owner writes; both engines pass one contract suite (`contract.ts`). */
export interface TimeSeriesStore {
  readonly engine: 'duckdb' | 'influxdb';
  open(): Promise<void>;
  close(): Promise<void>;
  /**
   * Stores a batch. Writing one again (a replay from an earlier offset) changes nothing. Rejects when it is not surely stored;
   * the caller keeps the entries in the stream and tries again.
   */
  write(batch: WriteBatch): Promise<WriteResult>;
  /** How far each partition's stream is stored; null for a store that cannot say (the caller then keeps it in Redis). */
  offsets(): Promise<ReadonlyMap<number, string> | null>;
  series(question: SeriesQuestion): Promise<SeriesAnswer>;
  /**
   * Raw rows of `[from, to)` in slices that ascend in time; a slice without a row is left out. Reading may be resumed at the `to`
   * of the last slice.
   */
  rows(period: { readonly from: number; readonly to: number }): AsyncIterable<RowSlice>;
  /** Rolls up, compacts closed days, and lets go of what is too old. Called every minute or so; does little at a time. */
  maintain(now: number): Promise<void>;
  export(order: ExportOrder): Promise<{ rows: number; bytes: number }>;
  state(): Promise<StoreState>;
}
