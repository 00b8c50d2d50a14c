import type { InterfaceSampleBatch } from '@beacontower/contracts';
import { COUNTERS } from './columns.ts';

type Column = Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/**
 * A batch of interface counters with its columns as numbers. It is filled again for each batch, since twenty small arrays a device
 * cost more than all that is done with them; only the first `rows` of each column mean anything.
 */
export class Reading {
  rows = 0;
  startedAt = 0;
  status: Uint8Array = new Uint8Array(0);
  check = new Uint32Array(0);
  read = new Int32Array(0);
  uptime = new Uint32Array(0);
  broken = new Uint32Array(0);
  speed = new Uint32Array(0);
  present = new Uint16Array(0);
  wide = new Uint16Array(0);
  /** Per counter two numbers a row, the low half first: 64 bits do not fit a number, their difference does. */
  halves: Uint32Array<ArrayBuffer>[] = [];
  /** The same memory as bytes, in the order of `columnsOf`. */
  #bytes: Uint8Array[] = [];

  /** Throws a `RangeError` on columns that differ in length. */
  fill(batch: InterfaceSampleBatch): void {
    const rows = batch.checks.byteLength / 4;
    if (!isWhole(batch, rows)) throw new RangeError('the columns of a batch of interface samples differ in length');
    if (rows > this.check.length) this.#reserve(rows);
    this.rows = rows;
    this.startedAt = batch.startedAt;
    this.status = batch.status;
    const bytes = this.#bytes;
    bytes[0]?.set(batch.checks);
    bytes[1]?.set(batch.read);
    bytes[2]?.set(batch.uptime);
    bytes[3]?.set(batch.broken);
    bytes[4]?.set(batch.speed);
    bytes[5]?.set(batch.present);
    bytes[6]?.set(batch.wide);
    for (let counter = 0; counter < COUNTERS; counter++) bytes[7 + counter]?.set(batch.counters[counter] as Uint8Array);
  }

  #reserve(rows: number): void {
    this.check = new Uint32Array(rows);
    this.read = new Int32Array(rows);
    this.uptime = new Uint32Array(rows);
    this.broken = new Uint32Array(rows);
    this.speed = new Uint32Array(rows);
    this.present = new Uint16Array(rows);
    this.wide = new Uint16Array(rows);
    this.halves = Array.from({ length: COUNTERS }, () => new Uint32Array(rows * 2));
    const columns: Column[] = [this.check, this.read, this.uptime, this.broken, this.speed, this.present, this.wide, ...this.halves];
    this.#bytes = columns.map((column) => new Uint8Array(column.buffer));
  }
}

function isWhole(batch: InterfaceSampleBatch, rows: number): boolean {
  return (
    Number.isInteger(rows) &&
    [batch.read, batch.uptime, batch.broken, batch.speed].every(({ byteLength }) => byteLength === rows * 4) &&
    batch.status.byteLength === rows &&
    batch.present.byteLength === rows * 2 &&
    batch.wide.byteLength === rows * 2 &&
    batch.counters.length === COUNTERS &&
    batch.counters.every(({ byteLength }) => byteLength === rows * 8)
  );
}
