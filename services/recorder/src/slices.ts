import { INTERFACE_COUNTERS, type InterfaceCounter, type RowsAnswer } from '@beacontower/contracts';
import type { IcmpRows, InterfaceRows, RowSlice } from '@beacontower/timeseries';

type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array;
type Packed = NonNullable<RowsAnswer>['icmp'];

const bytesOf = (column: Column) => new Uint8Array(column.buffer as ArrayBuffer, column.byteOffset, column.byteLength);

/** A slice of raw rows as it travels. */
export function packSlice({ from, to, interfaces, icmp }: RowSlice): NonNullable<RowsAnswer> {
  const { increments, count, ...head } = interfaces;
  const { count: icmpCount, ...columns } = icmp;
  return {
    from,
    to,
    interfaces: { count, columns: packed({ ...head, ...increments }) },
    icmp: { count: icmpCount, columns: packed(columns) },
  };
}

/** The same slice on the other side. Throws a `RangeError` on columns that are missing or differ in length. */
export function unpackSlice({ from, to, interfaces, icmp }: NonNullable<RowsAnswer>): RowSlice {
  return { from, to, interfaces: interfacesOf(interfaces), icmp: icmpOf(icmp) };
}

function packed(columns: Readonly<Record<string, Column>>): Record<string, Uint8Array<ArrayBuffer>> {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, bytesOf(column)]));
}

function interfacesOf(rows: Packed): InterfaceRows {
  const doubles = (name: string) => new Float64Array(bufferOf(rows, name, 8));
  const increments = Object.fromEntries(INTERFACE_COUNTERS.map((name) => [name, doubles(name)])) as Record<InterfaceCounter, Float64Array>;
  return {
    count: rows.count,
    check: new Uint32Array(bufferOf(rows, 'check', 4)),
    at: doubles('at'),
    span: new Uint32Array(bufferOf(rows, 'span', 4)),
    speed: new Uint32Array(bufferOf(rows, 'speed', 4)),
    status: new Uint8Array(bufferOf(rows, 'status', 1)),
    increments,
  };
}

function icmpOf(rows: Packed): IcmpRows {
  const longs = (name: string) => new Uint32Array(bufferOf(rows, name, 4));
  return {
    count: rows.count,
    check: longs('check'),
    at: new Float64Array(bufferOf(rows, 'at', 8)),
    sent: new Uint16Array(bufferOf(rows, 'sent', 2)),
    received: new Uint16Array(bufferOf(rows, 'received', 2)),
    rttMin: longs('rttMin'),
    rttAvg: longs('rttAvg'),
    rttMax: longs('rttMax'),
    jitter: longs('jitter'),
  };
}

// The bytes inside a decoded message need not be aligned: copied before they are viewed.
function bufferOf({ count, columns }: Packed, name: string, width: number): ArrayBuffer {
  const bytes = columns[name];
  if (bytes?.byteLength !== count * width) throw new RangeError(`the column ${name} does not hold ${count} rows`);
  return Uint8Array.from(bytes).buffer;
}
