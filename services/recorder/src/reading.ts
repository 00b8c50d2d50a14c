import type { InterfaceSampleBatch } from '@beacontower/contracts';
import { unpackInt32, unpackUint16, unpackUint32 } from '@beacontower/queue';

/** A batch of interface counters with its columns as numbers. */
export class Reading {
  readonly rows: number;
  readonly startedAt: number;
  readonly check: Uint32Array;
  readonly read: Int32Array;
  readonly uptime: Uint32Array;
  readonly broken: Uint32Array;
  readonly speed: Uint32Array;
  readonly status: Uint8Array;
  readonly present: Uint16Array;
  readonly wide: Uint16Array;
  /** Per counter two numbers a row, the low half first: 64 bits do not fit a number, their difference does. */
  readonly halves: readonly Uint32Array[];

  /** Throws a `RangeError` on columns that differ in length. */
  constructor(batch: InterfaceSampleBatch) {
    this.startedAt = batch.startedAt;
    this.check = unpackUint32(batch.checks);
    this.read = unpackInt32(batch.read);
    this.uptime = unpackUint32(batch.uptime);
    this.broken = unpackUint32(batch.broken);
    this.speed = unpackUint32(batch.speed);
    this.status = batch.status;
    this.present = unpackUint16(batch.present);
    this.wide = unpackUint16(batch.wide);
    this.halves = batch.counters.map((column) => unpackUint32(column));
    this.rows = this.check.length;
    const columns = [this.read, this.uptime, this.broken, this.speed, this.status, this.present, this.wide];
    if (columns.some(({ length }) => length !== this.rows) || this.halves.some(({ length }) => length !== this.rows * 2))
      throw new RangeError('the columns of a batch of interface samples differ in length');
  }
}
