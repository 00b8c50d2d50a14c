/**
 * BER as an SNMP agent needs it. Written apart from the collector's codec on purpose: a test that spoke to itself with the same
 * code on both ends would not see a mistake of it.
 */

/** Tags of SNMP's types, PDUs and exceptions. */
export const TAG = {
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  address: 0x40,
  counter32: 0x41,
  gauge32: 0x42,
  ticks: 0x43,
  opaque: 0x44,
  counter64: 0x46,
  noSuchObject: 0x80,
  noSuchInstance: 0x81,
  endOfMibView: 0x82,
  get: 0xa0,
  getNext: 0xa1,
  response: 0xa2,
  set: 0xa3,
  getBulk: 0xa5,
} as const;

/** Thrown for bytes that are no BER; an agent drops such a datagram. */
export class BerError extends Error {}

/** Reads one datagram from front to back. */
export class BerReader {
  readonly #bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  byte(): number {
    const value = this.at < this.end ? this.#bytes[this.at] : undefined;
    if (value === undefined) throw new BerError('ends too early');
    this.at++;
    return value;
  }

  /** Reads a tag and length, whatever the tag; what it holds is read from the reader that is given. */
  enter(): { readonly tag: number; readonly body: BerReader } {
    const tag = this.byte();
    let length = this.byte();
    if (length > 0x80) {
      const count = length & 0x7f;
      if (count > 4) throw new BerError('a length of more than four bytes');
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + this.byte();
    } else if (length === 0x80) {
      throw new BerError('a length left open');
    }
    if (this.at + length > this.end) throw new BerError('longer than what holds it');
    const body = new BerReader(this.#bytes, this.at, this.at + length);
    this.at += length;
    return { tag, body };
  }

  /** Reads what must have this tag. */
  expect(tag: number): BerReader {
    const entered = this.enter();
    if (entered.tag !== tag) throw new BerError(`tag ${entered.tag} where ${tag} was awaited`);
    return entered.body;
  }

  integer(): number {
    const body = this.expect(TAG.integer);
    const length = body.end - body.at;
    if (length < 1 || length > 4) throw new BerError('an integer of a strange length');
    let value = (body.byte() << 24) >> 24;
    while (!body.done) value = value * 256 + body.byte();
    return value;
  }

  oid(): number[] {
    const body = this.expect(TAG.oid);
    const ids: number[] = [];
    while (!body.done) {
      let id = 0;
      for (let byte = 0x80; byte & 0x80; ) {
        byte = body.byte();
        id = id * 128 + (byte & 0x7f);
        if (id > 0xffff_ffff) throw new BerError('a sub-identifier of more than 32 bits');
      }
      if (ids.length > 0) ids.push(id);
      else ids.push(Math.min(2, Math.floor(id / 40)), id - 40 * Math.min(2, Math.floor(id / 40)));
    }
    return ids;
  }

  rest(): Uint8Array {
    const bytes = this.#bytes.slice(this.at, this.end);
    this.at = this.end;
    return bytes;
  }
}

/** Room for the headers that are written in front of the varbinds once their length is known. */
const HEADROOM = 320;

/** Writes varbinds forwards and, when they are all there, the headers in front of them. One writer serves answer after answer. */
export class BerWriter {
  readonly bytes: Uint8Array;
  #start = HEADROOM;
  at = HEADROOM;

  constructor(capacity = 2 * 65_536 + HEADROOM) {
    this.bytes = new Uint8Array(capacity);
  }

  reset(): void {
    this.#start = HEADROOM;
    this.at = HEADROOM;
  }

  /** Bytes since `reset`. */
  get length(): number {
    return this.at - this.#start;
  }

  /** What was written; good until the next `reset`. */
  written(): Uint8Array {
    return this.bytes.subarray(this.#start, this.at);
  }

  raw(source: Uint8Array): void {
    const { bytes } = this;
    let { at } = this;
    const { length } = source;
    // OIDs are a dozen bytes: a loop is faster than the call of a copy.
    if (length > 64) bytes.set(source, at);
    else for (let i = 0; i < length; i++) bytes[at + i] = source[i] as number;
    at += length;
    this.at = at;
  }

  /** An unsigned value of two 32-bit halves in its shortest form. */
  unsigned(tag: number, high: number, low: number): void {
    const { bytes } = this;
    let length = 1;
    if (high > 0) length = 5 + ((31 - Math.clz32(high)) >> 3);
    else if (low > 0) length = 1 + ((31 - Math.clz32(low)) >> 3);
    const lead = length > 4 ? high >>> ((length - 5) * 8) : low >>> ((length - 1) * 8);
    const sign = lead & 0x80 ? 1 : 0;
    let at = this.at;
    bytes[at++] = tag;
    bytes[at++] = length + sign;
    if (sign) bytes[at++] = 0;
    for (let i = length - 1; i >= 0; i--) bytes[at++] = i > 3 ? high >>> ((i - 4) * 8) : low >>> (i * 8);
    this.at = at;
  }

  /** Runs `write` and puts the header of a sequence round what it wrote. */
  varbind(oid: Uint8Array, write: (writer: BerWriter) => void): void {
    const start = this.open();
    this.raw(oid);
    write(this);
    this.close(start);
  }

  /** Begins a sequence that `close` ends; gives where it began. */
  open(): number {
    const start = this.at;
    this.at += 2;
    return start;
  }

  close(start: number): void {
    const { bytes } = this;
    const length = this.at - start - 2;
    bytes[start] = TAG.sequence;
    if (length < 0x80) {
      bytes[start + 1] = length;
      return;
    }
    const size = lengthBytes(length);
    bytes.copyWithin(start + 1 + size.length, start + 2, this.at);
    bytes.set(size, start + 1);
    this.at += size.length - 1;
  }

  /** Puts bytes in front of all that was written. */
  prepend(source: Uint8Array): void {
    this.#start -= source.length;
    this.bytes.set(source, this.#start);
  }

  /** Puts tag and length in front of all that was written. */
  wrap(tag: number): void {
    const size = lengthBytes(this.length);
    this.#start -= size.length + 1;
    this.bytes[this.#start] = tag;
    this.bytes.set(size, this.#start + 1);
  }
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  if (length < 0x1_0000) return [0x82, length >> 8, length & 0xff];
  return [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
}

/** Tag, length and content. */
export function encode(tag: number, content: Uint8Array | readonly number[]): Uint8Array {
  return Uint8Array.from([tag, ...lengthBytes(content.length), ...content]);
}

/** A signed integer of at most 53 bits in its shortest form. */
export function encodeInteger(tag: number, value: number): Uint8Array {
  const content = [((value % 256) + 256) % 256];
  let rest = Math.floor(value / 256);
  while (!((rest === 0 && (content[0] as number) < 0x80) || (rest === -1 && (content[0] as number) >= 0x80))) {
    content.unshift(((rest % 256) + 256) % 256);
    rest = Math.floor(rest / 256);
  }
  return encode(tag, content);
}

/** An unsigned integer of at most 64 bits in its shortest form. */
export function encodeUnsigned(tag: number, value: bigint): Uint8Array {
  const content: number[] = [];
  for (let rest = BigInt.asUintN(64, value); ; rest >>= 8n) {
    content.unshift(Number(rest & 0xffn));
    if (rest < 0x100n) break;
  }
  if ((content[0] as number) >= 0x80) content.unshift(0);
  return encode(tag, content);
}

/** An object identifier. */
export function encodeOid(ids: readonly number[]): Uint8Array {
  const [first = 0, second = 0, ...rest] = ids;
  const content = [first * 40 + second, ...rest].flatMap((id) => {
    const bytes = [id % 128];
    for (let left = Math.floor(id / 128); left > 0; left = Math.floor(left / 128)) bytes.unshift(0x80 + (left % 128));
    return bytes;
  });
  return encode(TAG.oid, content);
}
