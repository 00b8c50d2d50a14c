import { type BerWriter, encodeOid } from './ber.ts';

/** An object identifier with its encoding, shared by every device that has it. */
export interface Oid {
  readonly text: string;
  readonly ids: readonly number[];
  /** Tag, length and content. */
  readonly encoded: Uint8Array;
}

const known = new Map<string, Oid>();

/** The one `Oid` of this text (dotted numbers, a leading dot allowed). Throws a RangeError when it is none. */
export function oid(text: string): Oid {
  const plain = text.startsWith('.') ? text.slice(1) : text;
  const found = known.get(plain);
  if (found !== undefined) return found;
  if (!/^\d+(\.\d+)+$/.test(plain)) throw new RangeError(`"${text}" is no object identifier`);
  const ids = plain.split('.').map(Number);
  if (ids.some((id) => id > 0xffff_ffff)) throw new RangeError(`"${text}" has a number above 32 bits`);
  const made = { text: plain, ids, encoded: encodeOid(ids) };
  known.set(plain, made);
  return made;
}

/** Below zero when `a` comes before `b` in the order of MIBs. */
export function compareIds(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** True when `ids` lies under `prefix` or is it. */
export function isUnder(ids: readonly number[], prefix: readonly number[]): boolean {
  return ids.length >= prefix.length && prefix.every((id, i) => ids[i] === id);
}

/** Where a variable's value comes from: writes tag, length and content as of that moment (epoch ms). */
export interface Source {
  readonly tag: number;
  write(writer: BerWriter, at: number): void;
}

/** A value that stays as it is. */
export class FixedSource implements Source {
  readonly encoded: Uint8Array;

  /** @param encoded tag, length and content. */
  constructor(encoded: Uint8Array) {
    this.encoded = encoded;
  }

  get tag(): number {
    return this.encoded[0] as number;
  }

  write(writer: BerWriter): void {
    writer.raw(this.encoded);
  }
}

/** An unsigned value that is computed when it is asked for: uptime, gauges. */
export class ComputedSource implements Source {
  readonly tag: number;
  readonly #value: (at: number) => number;

  constructor(tag: number, value: (at: number) => number) {
    this.tag = tag;
    this.#value = value;
  }

  write(writer: BerWriter, at: number): void {
    writer.unsigned(this.tag, 0, this.#value(at) >>> 0);
  }
}

export interface Variable {
  readonly oid: Oid;
  readonly source: Source;
}

/** All variables of a device in the order of MIBs. */
export class Tree {
  readonly variables: readonly Variable[];

  constructor(variables: readonly Variable[]) {
    this.variables = [...variables].sort((a, b) => compareIds(a.oid.ids, b.oid.ids));
  }

  /** Position of the first variable after this identifier; the number of variables when there is none. */
  after(ids: readonly number[]): number {
    let low = 0;
    let high = this.variables.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareIds((this.variables[middle] as Variable).oid.ids, ids) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The variable with exactly this identifier. */
  get(ids: readonly number[]): Variable | undefined {
    const before = this.variables[this.after(ids) - 1];
    return before !== undefined && compareIds(before.oid.ids, ids) === 0 ? before : undefined;
  }

  /** True when something lies under this prefix. */
  has(prefix: readonly number[]): boolean {
    const next = this.variables[this.after(prefix)];
    return this.get(prefix) !== undefined || (next !== undefined && isUnder(next.oid.ids, prefix));
  }
}
