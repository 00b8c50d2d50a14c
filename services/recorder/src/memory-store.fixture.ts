import { INTERFACE_COUNTERS, type InterfaceCounter, type SeriesAnswer } from '@beacontower/contracts';
import { compareStreamIds } from '@beacontower/queue';
import type { RowSlice, StoreState, TimeSeriesStore, WriteBatch, WriteResult } from '@beacontower/timeseries';

/** A row of an interface as the store has it. */
export interface StoredRow {
  readonly check: number;
  readonly at: number;
  readonly span: number;
  readonly increments: Readonly<Record<InterfaceCounter, number>>;
}

/** A store in memory, which can be told to refuse. It outlives the recorders that open it, as files on a disk would. */
export class MemoryStore implements TimeSeriesStore {
  readonly engine = 'duckdb';
  readonly interfaces = new Map<string, StoredRow>();
  readonly icmp = new Map<string, { readonly check: number; readonly at: number; readonly sent: number }>();
  readonly stored = new Map<number, string>();
  /** What every call rejects with; null while it works. */
  fault: string | null = null;
  isOpen = false;
  writes = 0;
  /** Attempts, refused ones too. */
  opens = 0;
  maintained = 0;
  /** Rows said to be left out of every batch. */
  refuses = 0;
  readonly #tellsOffsets: boolean;

  constructor(options: { readonly tellsOffsets: boolean } = { tellsOffsets: true }) {
    this.#tellsOffsets = options.tellsOffsets;
  }

  async open(): Promise<void> {
    this.opens++;
    this.#check();
    if (this.isOpen) throw new Error('opened twice');
    this.isOpen = true;
  }

  async close(): Promise<void> {
    this.isOpen = false;
  }

  async write({ interfaces, icmp, offsets }: WriteBatch): Promise<WriteResult> {
    this.#check();
    if (!this.isOpen) throw new Error('not open');
    this.writes++;
    for (let i = 0; i < interfaces.count; i++) {
      const [check, at] = [interfaces.check[i] as number, interfaces.at[i] as number];
      const increments = Object.fromEntries(
        INTERFACE_COUNTERS.map((name) => [name, interfaces.increments[name][i]]),
      ) as StoredRow['increments'];
      this.interfaces.set(`${check} ${at}`, { check, at, span: interfaces.span[i] as number, increments });
    }
    for (let i = 0; i < icmp.count; i++) {
      const [check, at] = [icmp.check[i] as number, icmp.at[i] as number];
      this.icmp.set(`${check} ${at}`, { check, at, sent: icmp.sent[i] as number });
    }
    for (const [partition, offset] of offsets) {
      if (compareStreamIds(offset, this.stored.get(partition) ?? '0') < 0) throw new Error('an offset went back');
      this.stored.set(partition, offset);
    }
    return { refused: this.refuses };
  }

  async offsets(): Promise<ReadonlyMap<number, string> | null> {
    this.#check();
    return this.#tellsOffsets ? new Map(this.stored) : null;
  }

  async series(): Promise<SeriesAnswer> {
    this.#check();
    return { step: 60_000, source: 'raw', points: [[1, 2, 3, 4]] };
  }

  rows(): AsyncIterable<RowSlice> {
    throw new Error('the recorder reads no rows');
  }

  async maintain(): Promise<void> {
    this.#check();
    this.maintained++;
  }

  async export(): Promise<{ rows: number; bytes: number }> {
    throw new Error('"/tmp/out.csv" is there already');
  }

  async state(): Promise<StoreState> {
    return { engine: this.engine, bytes: 4_096, rawRows: this.interfaces.size, oldestRaw: null };
  }

  #check(): void {
    if (this.fault !== null) throw new Error(this.fault);
  }
}
