import { type BerReader, READ } from './ber-reader.ts';
import type { Pdu } from './message.ts';

/** How the reading of a list of variables went on. */
export const NEXT = {
  variable: 0,
  /** The list is read, or the datagram ended in it. */
  end: 1,
  /** It is no list of variables. */
  malformed: 2,
} as const;
export type NextResult = (typeof NEXT)[keyof typeof NEXT];

/**
 * Walks the variables of a PDU. After `next`, the name lies in `nameStart` to `nameStop` and the value, of tag `tag`, in
 * `start` to `stop`.
 */
export class VariableReader {
  readonly #reader: BerReader;
  #truncated = false;
  nameStart = 0;
  nameStop = 0;
  tag = 0;
  start = 0;
  stop = 0;

  constructor(reader: BerReader) {
    this.#reader = reader;
  }

  open(bytes: Uint8Array, pdu: Pdu): void {
    this.#reader.open(bytes, pdu.at, pdu.limit);
    this.#truncated = pdu.truncated;
  }

  next(): NextResult {
    const reader = this.#reader;
    const { bytes, at, limit } = reader;
    // Nearly every variable is shorter than 128 bytes: its three lengths are single bytes, and need no more than a look at each.
    if (at + 6 <= limit && bytes[at] === 0x30 && bytes[at + 2] === 0x06) {
      const length = bytes[at + 1] as number;
      const nameLength = bytes[at + 3] as number;
      const valueAt = at + 4 + nameLength;
      const stop = at + 2 + length;
      if (length < 0x80 && nameLength < 0x80 && stop <= limit && valueAt + 2 <= stop) {
        const tag = bytes[valueAt] as number;
        if ((tag & 0x1f) !== 0x1f && valueAt + 2 + (bytes[valueAt + 1] as number) === stop) {
          this.nameStart = at + 4;
          this.nameStop = valueAt;
          this.tag = tag;
          this.start = valueAt + 2;
          this.stop = stop;
          reader.at = stop;
          return NEXT.variable;
        }
      }
    }
    return at >= limit ? NEXT.end : this.#slow();
  }

  #slow(): NextResult {
    const reader = this.#reader;
    const outer = reader.limit;
    const whole = reader.header();
    // What is cut off is the end of it all; in a datagram that is whole, a length lies.
    if (whole === READ.cut) return this.#truncated ? this.#end(outer) : NEXT.malformed;
    const { tag, stop } = reader;
    if (whole === READ.bad || tag !== 0x30) return NEXT.malformed;
    reader.limit = stop;
    if (reader.header() !== READ.ok || reader.tag !== 0x06) return NEXT.malformed;
    this.nameStart = reader.start;
    this.nameStop = reader.stop;
    reader.at = reader.stop;
    if (reader.header() !== READ.ok) return NEXT.malformed;
    this.tag = reader.tag;
    this.start = reader.start;
    this.stop = reader.stop;
    reader.at = stop;
    reader.limit = outer;
    return NEXT.variable;
  }

  #end(outer: number): NextResult {
    this.#reader.at = outer;
    return NEXT.end;
  }
}
