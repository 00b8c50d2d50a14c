import { CellBuffer, oidTextOf } from './cells.ts';
import type { Pdu } from './message.ts';
import type { Varbind } from './port.ts';
import { NEXT, type VariableReader } from './variables.ts';

/** The variables one by one, as plain values. Null when the answer is malformed, or a name is no OID. */
export function readVarbinds(variables: VariableReader, bytes: Uint8Array, pdu: Pdu): Varbind[] | null {
  const found: Varbind[] = [];
  const cell = new CellBuffer(1);
  cell.source = bytes;
  variables.open(bytes, pdu);
  for (;;) {
    const next = variables.next();
    if (next === NEXT.end) return found;
    if (next === NEXT.malformed) return null;
    const oid = oidTextOf(bytes.subarray(variables.nameStart, variables.nameStop));
    if (oid === null) return null;
    cell.put(0, variables.tag, bytes, variables.start, variables.stop);
    found.push({ oid, tag: cell.tags[0] as number, value: cell.bigint(0) ?? cell.bytes(0) });
  }
}
