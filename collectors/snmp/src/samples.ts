import { INTERFACE_COUNTERS, type InterfaceSampleBatch } from '@beacontower/contracts';
import { ADMIN, OPER } from './columns.ts';
import type { Mapping } from './mapping.ts';
import type { InterfaceTable } from './names.ts';
import type { Reading } from './reading.ts';
import { TAG } from './wire/port.ts';

const FIRST_ROWS = 1_024;
const COUNTERS = INTERFACE_COUNTERS.length;

/** Which rows of a reading are wanted, under which check keys, and what their ifIndexes mean. */
export type SampledRows = Pick<Mapping, 'table' | 'rows' | 'checks'>;

/** Rows of one batch of interface samples, gathered in columns. Used again after `clear`. */
export class SampleRows {
  count = 0;
  #room = 0;
  #checks = new Uint32Array(0);
  #read = new Int32Array(0);
  #uptime = new Uint32Array(0);
  #broken = new Uint32Array(0);
  #speed = new Uint32Array(0);
  #status = new Uint8Array(0);
  #present = new Uint16Array(0);
  #wide = new Uint16Array(0);
  /** Low and high halves of each counter, side by side: little-endian 64 bits. */
  #counters = INTERFACE_COUNTERS.map(() => new Uint32Array(0));

  /**
   * Adds the rows of a device that are looked at under a check. Without sysUpTime a counter cannot be told from a restart, so
   * such a row is left out. @param startedMonotonic the round's start.
   */
  add(reading: Reading, { table, rows: mapped, checks }: SampledRows, startedMonotonic: number): void {
    this.#reserve(mapped.length);
    const from = this.count;
    const rows: number[] = [];
    for (let i = 0; i < mapped.length; i++) {
      const row = mapped[i] as number;
      const { sentAt, receivedAt, uptime } = reading.answerOf(row);
      if (uptime === null) continue;
      const at = this.count++;
      rows.push(row);
      const position = table.position.get(reading.indexes[row] as number) ?? -1;
      this.#checks[at] = checks[i] as number;
      this.#read[at] = Math.round((sentAt + receivedAt) / 2 - startedMonotonic);
      this.#uptime[at] = uptime;
      this.#broken[at] = this.#brokenOf(reading, table, row, position);
      this.#speed[at] = table.interfaces[position]?.speed ?? 0;
      this.#status[at] = reading.status(ADMIN, row) | (reading.status(OPER, row) << 4);
      this.#present[at] = 0;
      this.#wide[at] = 0;
    }
    // What is not answered reads as nothing, not as what stood there in the batch before.
    for (const values of this.#counters) values.fill(0, from * 2, this.count * 2);
    const { counter, watched } = reading.columns;
    for (let column = 0; column < counter.length; column++) {
      const of = counter[column] as number;
      if (of < 0 || (reading.withholdsWatched && watched[column] === 1)) continue;
      this.#addCounter(reading, column, of, rows, from);
    }
  }

  batch(head: Pick<InterfaceSampleBatch, 'shard' | 'tick' | 'startedAt'>): InterfaceSampleBatch {
    const { count } = this;
    const bytes = (array: { readonly buffer: ArrayBuffer; readonly BYTES_PER_ELEMENT: number }, each = 1) =>
      new Uint8Array(array.buffer, 0, count * each * array.BYTES_PER_ELEMENT);
    return {
      type: 'interfaces',
      ...head,
      checks: bytes(this.#checks),
      read: bytes(this.#read),
      uptime: bytes(this.#uptime),
      broken: bytes(this.#broken),
      speed: bytes(this.#speed),
      status: bytes(this.#status),
      present: bytes(this.#present),
      wide: bytes(this.#wide),
      counters: this.#counters.map((column) => bytes(column, 2)),
    };
  }

  /** Forgets the rows and keeps the room. What `batch` gave must have been encoded by then: it is a view. */
  clear(): void {
    this.count = 0;
  }

  /** A 64-bit value stands over a 32-bit one of the same row; whatever has another type than its column is not taken. */
  #addCounter(reading: Reading, column: number, counter: number, rows: readonly number[], from: number): void {
    const values = this.#counters[counter] as Uint32Array;
    const buffer = reading.column(column);
    const wide = reading.columns.wide[column] === 1;
    const expected = wide ? TAG.counter64 : TAG.counter32;
    const bit = 1 << counter;
    for (let position = 0; position < rows.length; position++) {
      const row = rows[position] as number;
      const cell = buffer.find(reading.indexes[row] as number, row);
      if (cell < 0 || buffer.tags[cell] !== expected) continue;
      const at = from + position;
      if (!wide && ((this.#wide[at] as number) & bit) !== 0) continue;
      values[at * 2] = buffer.low[cell] as number;
      values[at * 2 + 1] = wide ? (buffer.high[cell] as number) : 0;
      this.#present[at] = (this.#present[at] as number) | bit;
      if (wide) this.#wide[at] = (this.#wide[at] as number) | bit;
    }
  }

  #brokenOf(reading: Reading, table: InterfaceTable, row: number, position: number): number {
    const column = reading.columns.discontinuity;
    if (column >= 0) {
      const cell = reading.cell(column, row);
      if (cell >= 0 && reading.column(column).tags[cell] === TAG.timeTicks) return reading.column(column).low[cell] as number;
    }
    return table.broken[position] ?? 0;
  }

  #reserve(rows: number): void {
    const needed = this.count + rows;
    if (needed <= this.#room) return;
    const room = Math.max(needed, this.#room * 2, FIRST_ROWS);
    const grown = <A extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(array: A, made: A): A => {
      made.set(array);
      return made;
    };
    this.#checks = grown(this.#checks, new Uint32Array(room));
    this.#read = grown(this.#read, new Int32Array(room));
    this.#uptime = grown(this.#uptime, new Uint32Array(room));
    this.#broken = grown(this.#broken, new Uint32Array(room));
    this.#speed = grown(this.#speed, new Uint32Array(room));
    this.#status = grown(this.#status, new Uint8Array(room));
    this.#present = grown(this.#present, new Uint16Array(room));
    this.#wide = grown(this.#wide, new Uint16Array(room));
    for (let counter = 0; counter < COUNTERS; counter++)
      this.#counters[counter] = grown(this.#counters[counter] as Uint32Array<ArrayBuffer>, new Uint32Array(room * 2));
    this.#room = room;
  }
}
