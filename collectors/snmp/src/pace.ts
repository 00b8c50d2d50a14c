/** Cells (columns times rows) asked for at first: what fits into a datagram of 1,500 bytes, and a bit more. */
const FIRST_CELLS = 112;
/** Cells at most: some 27 bytes each, so that an answer stays below the 64 kB of a datagram. */
const MOST_CELLS = 1_600;
/** Whole answers at the ceiling after which a device may try more than what once was too much. */
const FORGIVE_AFTER = 16;

/**
 * How much to ask of one device at once. In cells, since names and counters are asked in different numbers of columns. Remembered
 * between polls: it doubles while answers come whole, halves when one is too big, does not come, or comes cut off; and an
 * agent that answers fewer rows than asked shows by itself what fits.
 */
export class Pace {
  #cells = FIRST_CELLS;
  #ceiling = MOST_CELLS;
  #wholeAtCeiling = 0;

  /** Rows to ask for, at least one; no more than `remaining` when the table's length is known. */
  repetitions(columns: number, remaining: number | null): number {
    const rows = Math.max(1, Math.floor(this.#cells / Math.max(1, columns)));
    return remaining === null ? rows : Math.max(1, Math.min(rows, remaining));
  }

  /** Cells that may be asked for now; below the number of columns, not even a row of all of them. */
  get cells(): number {
    return this.#cells;
  }

  /** The answer brought every row that was asked for. */
  whole(columns: number, rows: number): void {
    // An answer that was small because little was left says nothing about more.
    if (columns * (rows + 1) <= this.#cells) return;
    if (this.#cells < this.#ceiling) {
      this.#cells = Math.min(this.#cells * 2, this.#ceiling);
      return;
    }
    if (this.#ceiling >= MOST_CELLS || ++this.#wholeAtCeiling < FORGIVE_AFTER) return;
    this.#wholeAtCeiling = 0;
    this.#ceiling = Math.min(this.#ceiling * 2, MOST_CELLS);
    this.#cells = this.#ceiling;
  }

  /** The agent answered fewer cells than asked for, without a complaint: that is what fits. */
  short(cells: number): void {
    this.#limit(cells);
  }

  /** Too big, no answer, or one cut off: half of what was asked for. */
  failed(columns: number, rows: number): void {
    this.#limit((columns * rows) / 2);
  }

  #limit(cells: number): void {
    this.#cells = Math.max(1, Math.floor(cells));
    this.#ceiling = this.#cells;
    this.#wholeAtCeiling = 0;
  }
}
