/** What was decided about each row of the batch at hand; its columns are used again for the next. */
export class RowPlan {
  /** What is to be done with the row's counters. */
  what = new Uint8Array(0);
  slot = new Int32Array(0);
  /** Position among the rows that are written. */
  out = new Int32Array(0);
  /** Bit i: the counter was answered now and before. */
  both = new Uint16Array(0);
  /** Bit i: the counter had another width before. */
  changed = new Uint16Array(0);
  /** 1: the speed is not known, the limits are those of an assumed one. */
  isAssumed = new Uint8Array(0);
  /** Most that can have passed. */
  octets = new Float64Array(0);
  packets = new Float64Array(0);

  reserve(rows: number): void {
    if (rows <= this.what.length) return;
    this.what = new Uint8Array(rows);
    this.slot = new Int32Array(rows);
    this.out = new Int32Array(rows);
    this.both = new Uint16Array(rows);
    this.changed = new Uint16Array(rows);
    this.isAssumed = new Uint8Array(rows);
    this.octets = new Float64Array(rows);
    this.packets = new Float64Array(rows);
  }
}
