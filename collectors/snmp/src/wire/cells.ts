import { signed } from './ber-reader.ts';
import { type Cells, TAG } from './port.ts';

const NOTHING = new Uint8Array(0);
const UTF8 = new TextDecoder();

/** Values side by side; see `Cells` for what is in them. */
export class CellBuffer implements Cells {
  readonly tags: Uint8Array;
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  /** What the cells that hold no number point into. */
  source: Uint8Array = NOTHING;

  constructor(capacity: number) {
    this.tags = new Uint8Array(capacity);
    this.low = new Uint32Array(capacity);
    this.high = new Uint32Array(capacity);
  }

  isNumber(cell: number): boolean {
    return isNumberTag(this.tags[cell] as number);
  }

  number(cell: number): number | null {
    if (!this.isNumber(cell)) return null;
    const high = this.high[cell] as number;
    return (this.tags[cell] === TAG.integer ? high | 0 : high) * 0x100000000 + (this.low[cell] as number);
  }

  bigint(cell: number): bigint | null {
    if (!this.isNumber(cell)) return null;
    const bits = (BigInt(this.high[cell] as number) << 32n) | BigInt(this.low[cell] as number);
    return this.tags[cell] === TAG.integer ? BigInt.asIntN(64, bits) : bits;
  }

  bytes(cell: number): Uint8Array {
    if (this.isNumber(cell) || this.tags[cell] === TAG.nothing || this.tags[cell] === undefined) return NOTHING;
    const start = this.low[cell] as number;
    return this.source.subarray(start, start + (this.high[cell] as number));
  }

  text(cell: number): string {
    if (this.tags[cell] !== TAG.octetString) return '';
    const bytes = this.bytes(cell);
    let length = bytes.length;
    while (length > 0 && bytes[length - 1] === 0) length--;
    return UTF8.decode(bytes.subarray(0, length));
  }

  oidText(cell: number): string {
    return this.tags[cell] === TAG.objectIdentifier ? (oidTextOf(this.bytes(cell)) ?? '') : '';
  }

  /** Puts the value between `start` and `stop` of `bytes` into the cell. What its tag does not allow becomes `unusable`. */
  put(cell: number, tag: number, bytes: Uint8Array, start: number, stop: number): void {
    switch (tag) {
      case TAG.counter32:
      case TAG.gauge32:
      case TAG.timeTicks:
        this.#putUnsigned(cell, tag, bytes, start, stop, 4);
        return;
      case TAG.counter64:
        this.#putUnsigned(cell, tag, bytes, start, stop, 8);
        return;
      case TAG.integer: {
        const value = signed(bytes, start, stop);
        if (Number.isNaN(value)) break;
        this.tags[cell] = tag;
        this.low[cell] = value;
        this.high[cell] = value >> 31;
        return;
      }
      default:
        this.tags[cell] = tag === TAG.nothing ? TAG.unusable : tag;
        this.low[cell] = start;
        this.high[cell] = stop - start;
        return;
    }
    this.#unusable(cell, start, stop);
  }

  /**
   * Some agents leave out the zero byte before a number whose highest bit is set: at full width that can mean nothing else. A
   * shorter number with that bit is negative, hence none.
   */
  #putUnsigned(cell: number, tag: number, bytes: Uint8Array, start: number, stop: number, width: number): void {
    let at = start;
    while (stop - at > width && bytes[at] === 0) at++;
    const length = stop - at;
    if (length === 0 || length > width || (at === start && length < width && (bytes[at] as number) >= 0x80)) {
      this.#unusable(cell, start, stop);
      return;
    }
    let high = 0;
    let low = 0;
    for (; stop - at > 4; at++) high = (high << 8) | (bytes[at] as number);
    for (; at < stop; at++) low = (low << 8) | (bytes[at] as number);
    this.tags[cell] = tag;
    this.low[cell] = low;
    this.high[cell] = high;
  }

  #unusable(cell: number, start: number, stop: number): void {
    this.tags[cell] = TAG.unusable;
    this.low[cell] = start;
    this.high[cell] = stop - start;
  }
}

function isNumberTag(tag: number): boolean {
  return tag === TAG.integer || (tag >= TAG.counter32 && tag <= TAG.timeTicks) || tag === TAG.counter64;
}

/** The content of an OBJECT IDENTIFIER as dotted text; null when it is none: empty, cut within an arc, or an arc over 32 bits. */
export function oidTextOf(bytes: Uint8Array): string | null {
  let text = '';
  let arc = 0;
  let begun = false;
  for (const byte of bytes) {
    if (!begun && byte === 0x80) return null;
    arc = arc * 128 + (byte & 0x7f);
    // The first arc carries two: up to 2.(2^32 - 1).
    if (arc > (text === '' ? 0xffffffff + 80 : 0xffffffff)) return null;
    begun = byte >= 0x80;
    if (begun) continue;
    text = text === '' ? firstArcs(arc) : `${text}.${arc}`;
    arc = 0;
  }
  return begun || text === '' ? null : text;
}

function firstArcs(arc: number): string {
  const first = Math.min(Math.floor(arc / 40), 2);
  return `${first}.${arc - first * 40}`;
}
