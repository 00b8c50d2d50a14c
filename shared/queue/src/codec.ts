import { SampleBatch, ShardPlan, StreamEntry } from '@beacontower/contracts';
import { Packr } from 'msgpackr';

// Plain maps, no records: what one process writes any other msgpack reader can read.
const packr = new Packr({ useRecords: false, variableMapSize: true });

/** A column of unsigned 32-bit numbers (check keys, microseconds) as bytes, little-endian. */
export function packUint32(values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.from(values).buffer);
}
export function packInt32(values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Int32Array.from(values).buffer);
}
export function packUint16(values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint16Array.from(values).buffer);
}
export function packUint8(values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(values);
}

// The bytes inside a decoded message need not be aligned: copy before viewing.
export function unpackUint32(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(aligned(bytes, 4));
}
export function unpackInt32(bytes: Uint8Array): Int32Array {
  return new Int32Array(aligned(bytes, 4));
}
export function unpackUint16(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(aligned(bytes, 2));
}
function aligned(bytes: Uint8Array, width: number): ArrayBuffer {
  if (bytes.byteLength % width !== 0) throw new RangeError(`a column of ${bytes.byteLength} bytes does not hold ${width}-byte values`);
  // Not `slice`: on a Buffer that is a view of the whole message, not a copy.
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  return copy.buffer;
}

export function encodeEntry(entry: StreamEntry): Buffer {
  return packr.pack(entry);
}

/** Decodes and checks a stream entry; throws on anything that is not one. */
export function decodeEntry(bytes: Uint8Array): StreamEntry {
  const entry = StreamEntry.parse(packr.unpack(bytes));
  if (entry.type === 'observations')
    checkRows(entry.checks.byteLength / 4, [
      entry.verdicts.byteLength,
      entry.first.byteLength / 4,
      entry.last.byteLength / 4,
      ...(entry.reasons === undefined ? [] : [entry.reasons.byteLength]),
    ]);
  return entry;
}

export function encodeSamples(batch: SampleBatch): Buffer {
  return packr.pack(batch);
}
/** Decodes and checks a batch of samples; throws on anything that is not one. */
export function decodeSamples(bytes: Uint8Array): SampleBatch {
  const batch = SampleBatch.parse(packr.unpack(bytes));
  if (batch.type === 'icmp') {
    checkRows(batch.checks.byteLength / 4, [
      batch.sent.byteLength / 2,
      batch.received.byteLength / 2,
      ...[batch.rttMin, batch.rttAvg, batch.rttMax, batch.jitter].map((column) => column.byteLength / 4),
    ]);
  } else {
    checkRows(batch.checks.byteLength / 4, [
      ...[batch.read, batch.uptime, batch.broken, batch.speed].map((column) => column.byteLength / 4),
      batch.status.byteLength,
      batch.present.byteLength / 2,
      batch.wide.byteLength / 2,
      ...batch.counters.map((column) => column.byteLength / 8),
    ]);
  }
  return batch;
}

export function encodePlan(plan: ShardPlan): Buffer {
  return packr.pack(plan);
}
export function decodePlan(bytes: Uint8Array): ShardPlan {
  return ShardPlan.parse(packr.unpack(bytes));
}

/** Packs any plain value (snapshots). */
export function packValue(value: unknown): Buffer {
  return packr.pack(value);
}
export function unpackValue(bytes: Uint8Array): unknown {
  return packr.unpack(bytes);
}

function checkRows(rows: number, others: number[]): void {
  if (!Number.isInteger(rows) || others.some((other) => other !== rows)) throw new RangeError('the columns of a batch differ in length');
}
