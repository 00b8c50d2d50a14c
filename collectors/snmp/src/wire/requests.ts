import type { BerWriter } from './ber-writer.ts';
import type { Oid } from './oid.ts';

/** Context tags of PDUs (RFC 3416; a response is the same in all versions). */
export const PDU = { get: 0xa0, next: 0xa1, response: 0xa2, bulk: 0xa5, report: 0xa8 } as const;

/** One variable to ask for: `name` as it is, or its first `length` bytes, or it and a row behind it. */
export interface Wanted {
  readonly name: Uint8Array;
  readonly length: number;
  readonly row: number | null;
}

/** A request as it is, whatever message carries it. `nonRepeaters` and `maxRepetitions` are of a bulk request alone. */
export interface PduRequest {
  readonly pdu: 'get' | 'next' | 'bulk';
  readonly nonRepeaters: number;
  readonly maxRepetitions: number;
  readonly wanted: readonly Wanted[];
}

/** Just the OID. */
export function exactly(oid: Oid): Wanted {
  return { name: oid.bytes, length: oid.bytes.length, row: null };
}

/** What comes before the scalar `x.0`: GETNEXT and GETBULK of `x` give it. The arc 0 is one byte. */
export function beforeScalar(scalar: Oid): Wanted {
  return { name: scalar.bytes, length: scalar.bytes.length - 1, row: null };
}

/** The row of a column after which to go on. */
export function afterRow(column: Oid, after: number | null): Wanted {
  return { name: column.bytes, length: column.bytes.length, row: after };
}

/** Writes the PDU. Its two integers are error-status and error-index (0) or, in a bulk request, non-repeaters and max-repetitions. */
export function writePdu(writer: BerWriter, id: number, request: PduRequest): void {
  const end = writer.mark;
  for (let i = request.wanted.length - 1; i >= 0; i--) {
    const { name, length, row } = request.wanted[i] as Wanted;
    writer.variable(name, length, row);
  }
  writer.wrap(0x30, end);
  const bulk = request.pdu === 'bulk';
  writer.integer(bulk ? request.maxRepetitions : 0);
  writer.integer(bulk ? request.nonRepeaters : 0);
  writer.integer(id);
  writer.wrap(PDU[request.pdu], end);
}

/** A whole message of version 1 (`version` 0) or 2c (1). */
export function communityMessage(writer: BerWriter, version: number, community: Uint8Array, id: number, request: PduRequest): Buffer {
  writer.reset();
  const end = writer.mark;
  writePdu(writer, id, request);
  writer.octets(community);
  writer.integer(version);
  writer.wrap(0x30, end);
  return writer.copy();
}
