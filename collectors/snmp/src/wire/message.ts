import { type BerReader, READ } from './ber-reader.ts';

/** What a message says before its PDU; enough to find the request it answers. Positions are within the datagram. */
export interface Envelope {
  /** 0: v1, 1: v2c, 3: v3. */
  readonly version: number;
  /** The request's id: of the PDU (v1, v2c) or of the message (v3). */
  readonly id: number;
  /** v1, v2c: the community's bytes. v3: the whole of msgSecurityParameters. */
  readonly start: number;
  readonly stop: number;
  /** v3: msgFlags; otherwise 0. */
  readonly flags: number;
  /** v1, v2c: where the PDU begins; v3: where msgData does. */
  readonly at: number;
  /** Where the message ends. */
  readonly limit: number;
  /** The datagram is shorter than the message says. */
  readonly truncated: boolean;
}

/** A response (or report) up to its variables, which lie in `[at, limit)`. */
export interface Pdu {
  readonly tag: number;
  readonly id: number;
  readonly errorStatus: number;
  /** From 0; null when the agent names none. */
  readonly errorIndex: number | null;
  readonly at: number;
  readonly limit: number;
  readonly truncated: boolean;
}

/** Null when the datagram is no SNMP message, or of no version we speak. */
export function readEnvelope(reader: BerReader, datagram: Uint8Array): Envelope | null {
  reader.open(datagram);
  const outer = reader.header();
  if (outer === READ.bad || reader.tag !== 0x30) return null;
  const truncated = outer === READ.cut;
  const limit = reader.stop;
  reader.limit = limit;
  const version = reader.integer();
  if (version === 3) return readSecureEnvelope(reader, truncated);
  if ((version !== 0 && version !== 1) || !reader.octets()) return null;
  const { start, stop, at } = reader;
  // The id stands within the PDU, which is read in full only once it is known to be awaited.
  if (reader.header() === READ.bad) return null;
  const id = reader.integer();
  return Number.isNaN(id) ? null : { version, id, start, stop, flags: 0, at, limit, truncated };
}

function readSecureEnvelope(reader: BerReader, truncated: boolean): Envelope | null {
  const { limit } = reader;
  if (reader.header() !== READ.ok || reader.tag !== 0x30) return null;
  const headerEnd = reader.stop;
  reader.limit = headerEnd;
  const id = reader.integer();
  const mostBytes = reader.integer();
  if (Number.isNaN(id) || Number.isNaN(mostBytes) || !reader.octets() || reader.stop - reader.start !== 1) return null;
  const flags = reader.bytes[reader.start] as number;
  const model = reader.integer();
  // Only the user-based security model (3) is known here.
  if (model !== 3) return null;
  reader.at = headerEnd;
  reader.limit = limit;
  if (!reader.octets()) return null;
  const { start, stop, at } = reader;
  return { version: 3, id, start, stop, flags, at, limit, truncated };
}

/** Reads the PDU at `at`. Null when it is none. */
export function readPdu(reader: BerReader, bytes: Uint8Array, at: number, limit: number): Pdu | null {
  reader.open(bytes, at, limit);
  const outer = reader.header();
  if (outer === READ.bad) return null;
  const { tag } = reader;
  reader.limit = reader.stop;
  const id = reader.integer();
  const errorStatus = reader.integer();
  const errorIndex = reader.integer();
  if (Number.isNaN(id) || Number.isNaN(errorStatus) || Number.isNaN(errorIndex)) return null;
  const list = reader.header();
  if (list === READ.bad || reader.tag !== 0x30) return null;
  // A list that ends after its PDU is a lie, unless the PDU itself was cut short.
  if (list === READ.cut && outer !== READ.cut) return null;
  return {
    tag,
    id,
    errorStatus,
    errorIndex: errorIndex > 0 ? errorIndex - 1 : null,
    at: reader.start,
    limit: reader.stop,
    truncated: outer === READ.cut,
  };
}
