/** What `header` found. */
export const READ = {
  ok: 0,
  /** The content ends after the limit: a datagram that was cut, or a length that lies. */
  cut: 1,
  /** No definite short-tag BER. */
  bad: 2,
} as const;
export type ReadResult = (typeof READ)[keyof typeof READ];

const NOTHING = new Uint8Array(0);

/**
 * Reads BER headers one after the other out of bytes it did not make. Never throws, never looks past its limit. After `header`,
 * `tag`, `start` and `stop` describe the element and `at` lies behind the header; going into it or past it is the caller's choice.
 */
export class BerReader {
  bytes: Uint8Array = NOTHING;
  at = 0;
  limit = 0;
  tag = 0;
  start = 0;
  stop = 0;

  open(bytes: Uint8Array, at = 0, limit = bytes.length): void {
    this.bytes = bytes;
    this.at = at;
    this.limit = limit;
  }

  /** Reads the header at `at`. When its content is cut, `stop` is the limit; when not even the header is whole, `tag` is 0. */
  header(): ReadResult {
    const { bytes, at, limit } = this;
    this.tag = 0;
    if (at + 2 > limit) return READ.cut;
    const tag = bytes[at] as number;
    // SNMP has no tags of several bytes.
    if ((tag & 0x1f) === 0x1f) return READ.bad;
    const first = bytes[at + 1] as number;
    let start = at + 2;
    let length = first;
    if (first >= 0x80) {
      const size = first & 0x7f;
      // 0x80 is the indefinite form, which SNMP forbids; more than four bytes is no length of a datagram.
      if (size === 0 || size > 4) return READ.bad;
      if (start + size > limit) return READ.cut;
      length = 0;
      for (let i = 0; i < size; i++) length = length * 256 + (bytes[start + i] as number);
      start += size;
    }
    this.tag = tag;
    this.at = start;
    this.start = start;
    this.stop = start + length;
    if (this.stop <= limit) return READ.ok;
    this.stop = limit;
    return READ.cut;
  }

  /** An INTEGER of at most 32 bits signed, passed over; NaN for anything else. */
  integer(): number {
    if (this.header() !== READ.ok || this.tag !== 0x02) return Number.NaN;
    this.at = this.stop;
    return signed(this.bytes, this.start, this.stop);
  }

  /** An OCTET STRING, passed over; false for anything else. Its bytes are `start` to `stop`. */
  octets(): boolean {
    if (this.header() !== READ.ok || this.tag !== 0x04) return false;
    this.at = this.stop;
    return true;
  }
}

/** The two's complement number in the bytes when it fits 32 bits, else NaN. Agents that pad with repeated sign bytes are borne with. */
export function signed(bytes: Uint8Array, start: number, stop: number): number {
  if (stop <= start) return Number.NaN;
  const sign = (bytes[start] as number) >= 0x80 ? 0xff : 0;
  let at = start;
  while (stop - at > 4) if ((bytes[at++] as number) !== sign) return Number.NaN;
  // After five bytes or more the sign must be that of what is left.
  if (at > start && (bytes[at] as number) >= 0x80 !== (sign === 0xff)) return Number.NaN;
  let value = sign === 0 ? 0 : -1;
  for (; at < stop; at++) value = (value << 8) | (bytes[at] as number);
  return value;
}
