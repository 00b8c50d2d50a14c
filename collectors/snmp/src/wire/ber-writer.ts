import { arcLength } from './oid.ts';

/** Far more than a request of ours can take: 128 OIDs of 128 arcs of 5 bytes. */
const ROOM = 96 * 1024;

/**
 * Writes BER from the end towards the front, so that every length is known when its header is written. One writer serves all
 * requests of a process: `reset`, write, `copy`.
 */
export class BerWriter {
  readonly #bytes = Buffer.allocUnsafe(ROOM);
  #at = ROOM;

  /** Where the next byte goes before; pass it to `wrap` as the end of what is then written. */
  get mark(): number {
    return this.#at;
  }

  /** Bytes written since `reset`. */
  get length(): number {
    return ROOM - this.#at;
  }

  reset(): void {
    this.#at = ROOM;
  }

  /** What was written since `reset`, in memory of its own. */
  copy(): Buffer {
    if (this.#at < 0) throw new RangeError(`a request of more than ${ROOM} bytes`);
    return Buffer.from(this.#bytes.subarray(this.#at));
  }

  /** Puts header and length in front of everything written since `end`. */
  wrap(tag: number, end: number): void {
    const length = end - this.#at;
    if (length < 0x80) this.#bytes[--this.#at] = length;
    else {
      let size = 0;
      for (let rest = length; rest > 0; rest >>>= 8) {
        this.#bytes[--this.#at] = rest & 0xff;
        size++;
      }
      this.#bytes[--this.#at] = 0x80 | size;
    }
    this.#bytes[--this.#at] = tag;
  }

  raw(content: Uint8Array, length = content.length): void {
    this.#at -= length;
    for (let i = 0; i < length; i++) this.#bytes[this.#at + i] = content[i] as number;
  }

  octets(content: Uint8Array): void {
    const end = this.#at;
    this.raw(content);
    this.wrap(0x04, end);
  }

  /** An INTEGER between 0 and 2^31 - 1. */
  integer(value: number): void {
    const end = this.#at;
    let rest = value;
    do {
      this.#bytes[--this.#at] = rest & 0xff;
      rest >>>= 8;
    } while (rest > 0);
    if ((this.#bytes[this.#at] as number) >= 0x80) this.#bytes[--this.#at] = 0;
    this.wrap(0x02, end);
  }

  /** A variable without value: the first `length` bytes of `name`, and behind them one arc unless it is null. */
  variable(name: Uint8Array, length: number, arc: number | null): void {
    const end = this.#at;
    this.#bytes[--this.#at] = 0x00;
    this.#bytes[--this.#at] = 0x05;
    const nameEnd = this.#at;
    if (arc !== null) this.#arc(arc);
    this.raw(name, length);
    this.wrap(0x06, nameEnd);
    this.wrap(0x30, end);
  }

  #arc(arc: number): void {
    let rest = arc;
    this.#bytes[--this.#at] = rest & 0x7f;
    for (let size = arcLength(arc) - 1; size > 0; size--) {
      rest = Math.floor(rest / 128);
      this.#bytes[--this.#at] = 0x80 | (rest & 0x7f);
    }
  }
}
