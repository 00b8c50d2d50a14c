import { type BerReader, READ } from './ber-reader.ts';
import type { BerWriter } from './ber-writer.ts';
import type { Envelope } from './message.ts';
import { type PduRequest, writePdu } from './requests.ts';

/** msgFlags (RFC 3412). */
export const FLAG = { authenticated: 1, encrypted: 2, reportable: 4 } as const;

const NOTHING = new Uint8Array(0);
/** What fits a UDP datagram: the largest answer we can take. */
const LARGEST_ANSWER = 65_507;
const USER_SECURITY_MODEL = 3;

/** msgSecurityParameters (RFC 3414). The digest lies in `digestAt` to `digestStop` of the datagram. */
export interface SecurityParameters {
  readonly engineId: Uint8Array;
  readonly boots: number;
  readonly time: number;
  readonly user: Uint8Array;
  readonly digestAt: number;
  readonly digestStop: number;
  readonly salt: Uint8Array;
}

/** What a message is sealed with. `data` is the scoped PDU as it is, or encrypted. */
export interface SecureParts {
  readonly id: number;
  readonly flags: number;
  readonly engineId: Uint8Array;
  readonly boots: number;
  readonly time: number;
  readonly user: Uint8Array;
  readonly digestLength: number;
  readonly salt: Uint8Array;
  readonly data: Uint8Array;
}

/** The PDU with the context it is meant for. A null request is a discovery: a GET of nothing. */
export function scopedPdu(writer: BerWriter, engineId: Uint8Array, context: Uint8Array, id: number, request: PduRequest): Buffer {
  writer.reset();
  const end = writer.mark;
  writePdu(writer, id, request);
  writer.octets(context);
  writer.octets(engineId);
  writer.wrap(0x30, end);
  return writer.copy();
}

/** The whole message, its digest still zero, and where the digest goes. */
export function secureMessage(writer: BerWriter, parts: SecureParts): { readonly message: Buffer; readonly digestAt: number } {
  writer.reset();
  const end = writer.mark;
  if (parts.flags & FLAG.encrypted) writer.octets(parts.data);
  else writer.raw(parts.data);
  const parametersEnd = writer.mark;
  writer.octets(parts.salt);
  const digestEnd = writer.mark;
  writer.raw(new Uint8Array(parts.digestLength));
  const digestFromEnd = writer.length;
  writer.wrap(0x04, digestEnd);
  writer.octets(parts.user);
  writer.integer(parts.time);
  writer.integer(parts.boots);
  writer.octets(parts.engineId);
  writer.wrap(0x30, parametersEnd);
  writer.wrap(0x04, parametersEnd);
  const headerEnd = writer.mark;
  writer.integer(USER_SECURITY_MODEL);
  writer.octets(Uint8Array.of(parts.flags));
  writer.integer(LARGEST_ANSWER);
  writer.integer(parts.id);
  writer.wrap(0x30, headerEnd);
  writer.integer(3);
  writer.wrap(0x30, end);
  const message = writer.copy();
  return { message, digestAt: message.length - digestFromEnd };
}

/** Null when they cannot be read. */
export function readSecurity(reader: BerReader, datagram: Uint8Array, { start, stop }: Envelope): SecurityParameters | null {
  reader.open(datagram, start, stop);
  if (reader.header() !== READ.ok || reader.tag !== 0x30) return null;
  reader.limit = reader.stop;
  if (!reader.octets()) return null;
  const engineId = datagram.subarray(reader.start, reader.stop);
  const boots = reader.integer();
  const time = reader.integer();
  // NaN fails the comparison, too.
  if (!(boots >= 0 && time >= 0) || engineId.length > 32 || !reader.octets()) return null;
  const user = datagram.subarray(reader.start, reader.stop);
  if (!reader.octets()) return null;
  const { start: digestAt, stop: digestStop } = reader;
  if (!reader.octets()) return null;
  return { engineId, boots, time, user, digestAt, digestStop, salt: datagram.subarray(reader.start, reader.stop) };
}

/** What an encrypted message holds: the content of the one octet string. Null when it is none. */
export function encryptedData(reader: BerReader, datagram: Uint8Array, { at, limit }: Envelope): Uint8Array | null {
  reader.open(datagram, at, limit);
  return reader.octets() ? datagram.subarray(reader.start, reader.stop) : null;
}

/** Where the PDU of a scoped PDU lies. Null when it is none. */
export function readScope(reader: BerReader, bytes: Uint8Array, at: number, limit: number): { at: number; limit: number } | null {
  reader.open(bytes, at, limit);
  if (reader.header() === READ.bad || reader.tag !== 0x30) return null;
  reader.limit = reader.stop;
  if (!reader.octets() || !reader.octets()) return null;
  return { at: reader.at, limit: reader.limit };
}

export const NO_BYTES = NOTHING;
