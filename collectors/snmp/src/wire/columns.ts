import type { BulkBuffer, GetBuffer } from './answers.ts';
import type { Pdu } from './message.ts';
import type { Oid } from './oid.ts';
import { type BulkRequest, END, TAG } from './port.ts';
import { NEXT, type VariableReader } from './variables.ts';

type Columns = BulkRequest['columns'];

/** Reads the answer to a GET. False when it is malformed. */
export function readGet(variables: VariableReader, bytes: Uint8Array, pdu: Pdu, oids: readonly Oid[], into: GetBuffer): boolean {
  variables.open(bytes, pdu);
  into.cells.source = bytes;
  for (let i = 0; ; i++) {
    const next = variables.next();
    if (next === NEXT.malformed) return false;
    if (next === NEXT.end) return true;
    const asked = oids[i];
    if (asked === undefined) continue;
    const { nameStart, nameStop, tag, start, stop } = variables;
    if (same(bytes, nameStart, nameStop, asked.bytes)) into.cells.put(i, tag, bytes, start, stop);
  }
}

/**
 * Reads the answer to a bulk request: first one variable for each scalar, then the columns, interleaved row by row. False when it is
 * malformed.
 */
export function readBulk(
  variables: VariableReader,
  bytes: Uint8Array,
  pdu: Pdu,
  request: Pick<BulkRequest, 'scalars' | 'columns'>,
  into: BulkBuffer,
): boolean {
  const { scalars, columns } = request;
  variables.open(bytes, pdu);
  into.scalars.source = bytes;
  into.cells.source = bytes;
  for (const [i, scalar] of scalars.entries()) {
    const next = variables.next();
    if (next !== NEXT.variable) return next === NEXT.end;
    readScalar(variables, bytes, scalar, into, i);
  }
  let open = columns.length;
  for (let repetition = 0; open > 0 && repetition < into.stride; repetition++) {
    for (let column = 0; column < columns.length; column++) {
      const next = variables.next();
      if (next !== NEXT.variable) return next === NEXT.end;
      if (into.ends[column] === END.open && !readCell(variables, bytes, columns, column, into)) open--;
    }
  }
  return true;
}

export function readScalar(variables: VariableReader, bytes: Uint8Array, scalar: Oid, into: BulkBuffer, cell: number): void {
  const { nameStart, nameStop, tag, start, stop } = variables;
  if (same(bytes, nameStart, nameStop, scalar.bytes)) into.scalars.put(cell, tag, bytes, start, stop);
}

/** Takes the variable into its column; false when the column has ended with it. */
export function readCell(variables: VariableReader, bytes: Uint8Array, columns: Columns, column: number, into: BulkBuffer): boolean {
  const prefix = (columns[column] as Columns[number]).oid.bytes;
  const { nameStart, nameStop, tag, start, stop } = variables;
  let at = nameStart + prefix.length;
  if (tag >= TAG.noSuchObject && tag <= TAG.endOfMibView) return ends(into, column, END.done);
  if (at > nameStop || !begins(bytes, nameStart, prefix)) {
    return ends(into, column, before(bytes, nameStart, nameStop, prefix) ? END.notAscending : END.done);
  }
  let row = 0;
  for (let byte = 0x80; byte >= 0x80; at++) {
    if (at === nameStop) return ends(into, column, END.notOneArc);
    byte = bytes[at] as number;
    if (byte === 0x80 && row === 0) return ends(into, column, END.notOneArc);
    row = row * 128 + (byte & 0x7f);
    if (row > 0xffffffff) return ends(into, column, END.notOneArc);
  }
  if (at !== nameStop) return ends(into, column, END.notOneArc);
  const count = into.counts[column] as number;
  const cell = column * into.stride + count;
  const previous = count === 0 ? (columns[column] as Columns[number]).after : (into.rows[cell - 1] as number);
  if (previous !== null && row <= previous) return ends(into, column, END.notAscending);
  into.rows[cell] = row;
  into.cells.put(cell, tag, bytes, start, stop);
  into.counts[column] = count + 1;
  return true;
}

function ends(into: BulkBuffer, column: number, why: (typeof END)[keyof typeof END]): false {
  into.ends[column] = why;
  return false;
}

function same(bytes: Uint8Array, start: number, stop: number, name: Uint8Array): boolean {
  return stop - start === name.length && begins(bytes, start, name);
}

/** From the back: columns of one table differ in their last byte. */
function begins(bytes: Uint8Array, start: number, prefix: Uint8Array): boolean {
  for (let i = prefix.length - 1; i >= 0; i--) if (bytes[start + i] !== prefix[i]) return false;
  return true;
}

/** Whether the name comes before the prefix: arc by arc, which for arcs of several bytes is not byte by byte. */
function before(bytes: Uint8Array, start: number, stop: number, prefix: Uint8Array): boolean {
  const name = arcsOf(bytes.subarray(start, stop));
  const asked = arcsOf(prefix);
  for (let i = 0; i < asked.length; i++) {
    const arc = name[i];
    if (arc === undefined) return true;
    if (arc !== asked[i]) return arc < (asked[i] as number);
  }
  return false;
}

function arcsOf(bytes: Uint8Array): number[] {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of bytes) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  return arcs;
}
