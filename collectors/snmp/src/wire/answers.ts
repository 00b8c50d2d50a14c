import { CellBuffer } from './cells.ts';
import { type BulkAnswer, END, type GetAnswer, TAG } from './port.ts';

/** Buffers kept for reuse, and cells above which one is not worth keeping (a rare, huge answer). */
const KEPT = 64;
const MOST_CELLS_KEPT = 64 * 1024;

/** Makes answers and takes their memory back. */
export class AnswerPool {
  readonly #gets: GetBuffer[] = [];
  readonly #bulks: BulkBuffer[] = [];

  get(cells: number): GetBuffer {
    const free = this.#gets.pop();
    if (free !== undefined && free.cells.tags.length >= cells) return free.open(cells);
    return new GetBuffer(roomFor(cells), (buffer) => keep(this.#gets, buffer)).open(cells);
  }

  bulk(scalars: number, columns: number, stride: number): BulkBuffer {
    const free = this.#bulks.pop();
    if (free?.holds(scalars, columns, stride)) return free.open(scalars, columns, stride);
    return new BulkBuffer(roomFor(scalars), roomFor(columns), roomFor(columns * stride), (buffer) => {
      if (buffer.rows.length <= MOST_CELLS_KEPT) keep(this.#bulks, buffer);
    }).open(scalars, columns, stride);
  }
}

/** Powers of two, so that answers of nearly the same size share buffers. */
function roomFor(wanted: number): number {
  return 1 << Math.max(3, 32 - Math.clz32(Math.max(0, wanted - 1)));
}

function keep<T>(pool: T[], buffer: T): void {
  if (pool.length < KEPT) pool.push(buffer);
}

const NO_BYTES = new Uint8Array(0);

abstract class Held<B> {
  readonly ok = true;
  sentAt = 0;
  receivedAt = 0;
  #held = false;
  readonly #giveBack: (buffer: B) => void;

  constructor(giveBack: (buffer: B) => void) {
    this.#giveBack = giveBack;
  }

  protected hold(): void {
    this.#held = true;
  }

  /** Twice is once: a buffer must never be handed to two askers. */
  protected letGo(buffer: B): boolean {
    if (!this.#held) return false;
    this.#held = false;
    this.#giveBack(buffer);
    return true;
  }
}

export class GetBuffer extends Held<GetBuffer> implements GetAnswer {
  readonly cells: CellBuffer;

  constructor(room: number, giveBack: (buffer: GetBuffer) => void) {
    super(giveBack);
    this.cells = new CellBuffer(room);
  }

  open(cells: number): this {
    this.hold();
    this.cells.tags.fill(TAG.nothing, 0, cells);
    return this;
  }

  release(): void {
    if (this.letGo(this)) this.cells.source = NO_BYTES;
  }
}

export class BulkBuffer extends Held<BulkBuffer> implements BulkAnswer {
  readonly scalars: CellBuffer;
  readonly cells: CellBuffer;
  readonly rows: Uint32Array;
  readonly counts: Uint32Array;
  readonly ends: Uint8Array;
  columns = 0;
  stride = 0;
  asked = 0;
  size = 0;
  truncated = false;

  constructor(scalars: number, columns: number, cells: number, giveBack: (buffer: BulkBuffer) => void) {
    super(giveBack);
    this.scalars = new CellBuffer(scalars);
    this.cells = new CellBuffer(cells);
    this.rows = new Uint32Array(cells);
    this.counts = new Uint32Array(columns);
    this.ends = new Uint8Array(columns);
  }

  holds(scalars: number, columns: number, stride: number): boolean {
    return this.scalars.tags.length >= scalars && this.counts.length >= columns && this.rows.length >= columns * stride;
  }

  open(scalars: number, columns: number, stride: number): this {
    this.hold();
    this.scalars.tags.fill(TAG.nothing, 0, scalars);
    this.counts.fill(0, 0, columns);
    this.ends.fill(END.open, 0, columns);
    this.columns = columns;
    this.stride = stride;
    this.asked = stride;
    this.truncated = false;
    return this;
  }

  release(): void {
    if (!this.letGo(this)) return;
    this.scalars.source = NO_BYTES;
    this.cells.source = NO_BYTES;
  }
}
