import type { BulkAnswer } from './wire/port.ts';

const FIRST_ROWS = 64;

/** One column of a table as its answers came: row numbers ascending, values side by side. Used again and again. */
export class ColumnBuffer {
  count = 0;
  index = new Uint32Array(FIRST_ROWS);
  tags = new Uint8Array(FIRST_ROWS);
  low = new Uint32Array(FIRST_ROWS);
  high = new Uint32Array(FIRST_ROWS);
  /** Which answer of the walk the row came with. */
  answer = new Uint16Array(FIRST_ROWS);

  clear(): void {
    this.count = 0;
  }

  /** Takes over a column of an answer. */
  append(from: BulkAnswer, column: number, answer: number): void {
    const rows = from.counts[column] ?? 0;
    if (this.count + rows > this.index.length) this.#grow(this.count + rows);
    const { tags, low, high } = from.cells;
    const { index, count } = this;
    const start = column * from.stride;
    for (let row = 0; row < rows; row++) {
      const cell = start + row;
      const at = count + row;
      index[at] = from.rows[cell] ?? 0;
      this.tags[at] = tags[cell] ?? 0;
      this.low[at] = low[cell] ?? 0;
      this.high[at] = high[cell] ?? 0;
      this.answer[at] = answer;
    }
    this.count = count + rows;
  }

  /** Where a row stands, or -1. `hint`: where it is likely to stand. */
  find(index: number, hint: number): number {
    if (hint < this.count && this.index[hint] === index) return hint;
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.index[middle] ?? 0;
      if (found === index) return middle;
      if (found < index) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  #grow(rows: number): void {
    const size = Math.max(rows, this.index.length * 2);
    const larger = <A extends Uint8Array | Uint16Array | Uint32Array>(array: A, made: A): A => {
      made.set(array);
      return made;
    };
    this.index = larger(this.index, new Uint32Array(size));
    this.tags = larger(this.tags, new Uint8Array(size));
    this.low = larger(this.low, new Uint32Array(size));
    this.high = larger(this.high, new Uint32Array(size));
    this.answer = larger(this.answer, new Uint16Array(size));
  }
}

/** Larger ones are let go: one table without an end must not keep memory for ever. */
const LARGEST_KEPT = 4_096;
const MOST_KEPT = 4_096;
const kept: ColumnBuffer[] = [];

/** Buffers for the columns of one walk; give them back when what they hold has been taken over. */
export function takeBuffers(columns: number): ColumnBuffer[] {
  return Array.from({ length: columns }, () => kept.pop() ?? new ColumnBuffer());
}

export function giveBack(buffers: readonly ColumnBuffer[]): void {
  for (const buffer of buffers) {
    if (buffer.index.length > LARGEST_KEPT || kept.length >= MOST_KEPT) continue;
    buffer.clear();
    kept.push(buffer);
  }
}
