import { INTERFACE_COUNTERS } from '@beacontower/contracts';
import type { IcmpRows, InterfaceRows } from './port.ts';

/** The two tables of samples. */
export const SAMPLES = ['interfaces', 'icmp'] as const;
export type Samples = (typeof SAMPLES)[number];

/** In a column of round-trip times: there was no reply. */
export const NO_REPLY = 0xffff_ffff;

export type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array;
type ColumnMaker = Float64ArrayConstructor | Uint32ArrayConstructor | Uint16ArrayConstructor | Uint8ArrayConstructor;

interface ColumnLayout {
  readonly name: string;
  readonly make: ColumnMaker;
}

/** The columns of each kind of row in the order in which they travel and are stored. */
export const LAYOUT: Readonly<Record<Samples, readonly ColumnLayout[]>> = {
  interfaces: [
    { name: 'check', make: Uint32Array },
    { name: 'at', make: Float64Array },
    { name: 'span', make: Uint32Array },
    { name: 'speed', make: Uint32Array },
    { name: 'status', make: Uint8Array },
    ...INTERFACE_COUNTERS.map((name) => ({ name, make: Float64Array })),
  ],
  icmp: [
    { name: 'check', make: Uint32Array },
    { name: 'at', make: Float64Array },
    { name: 'sent', make: Uint16Array },
    { name: 'received', make: Uint16Array },
    { name: 'rttMin', make: Uint32Array },
    { name: 'rttAvg', make: Uint32Array },
    { name: 'rttMax', make: Uint32Array },
    { name: 'jitter', make: Uint32Array },
  ],
};

/** Rows as a list of columns in the order of `LAYOUT`. */
export interface Columns {
  readonly samples: Samples;
  readonly count: number;
  readonly columns: readonly Column[];
}

/** Room for `count` rows. */
export function makeColumns(samples: Samples, count: number): Columns {
  return { samples, count, columns: LAYOUT[samples].map(({ make }) => new make(count)) };
}

export function columnsOfInterfaces(rows: InterfaceRows): Columns {
  const { count, check, at, span, speed, status, increments } = rows;
  return {
    samples: 'interfaces',
    count,
    columns: [check, at, span, speed, status, ...INTERFACE_COUNTERS.map((counter) => increments[counter])],
  };
}

export function columnsOfIcmp(rows: IcmpRows): Columns {
  const { count, check, at, sent, received, rttMin, rttAvg, rttMax, jitter } = rows;
  return { samples: 'icmp', count, columns: [check, at, sent, received, rttMin, rttAvg, rttMax, jitter] };
}

/** The same columns under their names. */
export function interfaceRows({ count, columns }: Columns): InterfaceRows {
  const [check, at, span, speed, status, ...counters] = columns;
  const increments = Object.fromEntries(INTERFACE_COUNTERS.map((counter, index) => [counter, counters[index]]));
  return { count, check, at, span, speed, status, increments } as unknown as InterfaceRows;
}

export function icmpRows({ count, columns }: Columns): IcmpRows {
  const [check, at, sent, received, rttMin, rttAvg, rttMax, jitter] = columns;
  return { count, check, at, sent, received, rttMin, rttAvg, rttMax, jitter } as unknown as IcmpRows;
}

/** Room for `count` rows of interfaces, all zero. */
export const makeInterfaceRows = (count: number): InterfaceRows => interfaceRows(makeColumns('interfaces', count));

/** Room for `count` rows of ICMP, all zero. */
export const makeIcmpRows = (count: number): IcmpRows => icmpRows(makeColumns('icmp', count));

/** The rows at `indices`, in that order; the same object when that is all of them. */
export function takeRows(rows: Columns, indices: readonly number[]): Columns {
  if (indices.length === rows.count) return rows;
  const taken = makeColumns(rows.samples, indices.length);
  for (const [position, column] of rows.columns.entries()) {
    const target = taken.columns[position];
    if (target === undefined) continue;
    for (let i = 0; i < indices.length; i++) target[i] = column[indices[i] ?? 0] ?? 0;
  }
  return taken;
}

/** The column of check keys and that of times. */
export function keysOf({ columns }: Columns): { readonly check: Uint32Array; readonly at: Float64Array } {
  return { check: columns[0] as Uint32Array, at: columns[1] as Float64Array };
}

/** Rows copied into one block of memory, which can be handed to another thread while the caller keeps its own. */
export interface PackedRows {
  readonly samples: Samples;
  readonly count: number;
  readonly block: ArrayBuffer;
}

export function packRows({ samples, count, columns }: Columns): PackedRows {
  const block = new ArrayBuffer(LAYOUT[samples].reduce((size, { make }) => size + sizeOf(make, count), 0));
  let offset = 0;
  for (const [position, { make }] of LAYOUT[samples].entries()) {
    const source = columns[position];
    if (source === undefined || source.length < count) throw new RangeError(`the column ${LAYOUT[samples][position]?.name} is too short`);
    new make(block, offset, count).set(source.length === count ? source : source.subarray(0, count));
    offset += sizeOf(make, count);
  }
  return { samples, count, block };
}

export function unpackRows({ samples, count, block }: PackedRows): Columns {
  let offset = 0;
  const columns = LAYOUT[samples].map(({ make }) => {
    const column = new make(block, offset, count);
    offset += sizeOf(make, count);
    return column;
  });
  return { samples, count, columns };
}

/** Every column begins at a multiple of 8 bytes. */
function sizeOf(make: ColumnMaker, count: number): number {
  return Math.ceil((count * make.BYTES_PER_ELEMENT) / 8) * 8;
}
