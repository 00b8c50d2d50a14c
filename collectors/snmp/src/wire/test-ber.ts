/** BER for tests, written apart from the codec it checks: an encoder, and a decoder that is strict and slow. */
import { TAG } from './port.ts';

/** One element: tag, length, content. */
export function element(tag: number, content: readonly number[] | Uint8Array): number[] {
  const { length } = content;
  if (length < 0x80) return [tag, length, ...content];
  const size: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256);
  return [tag, 0x80 | size.length, ...size, ...content];
}

/** Two's complement, as short as can be. */
export function integer(tag: number, value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  } while (!(rest === 0n && (bytes[0] as number) < 0x80) && !(rest === -1n && (bytes[0] as number) >= 0x80));
  return element(tag, bytes);
}

export interface ResponseParts {
  readonly version: number;
  readonly community: string;
  readonly tag?: number;
  readonly id: number;
  readonly errorStatus?: number;
  readonly errorIndex?: number;
  /** Content of each name, and each value as an element. */
  readonly variables: readonly (readonly [Uint8Array, readonly number[]])[];
}

export function responsePdu({
  tag = 0xa2,
  id,
  errorStatus = 0,
  errorIndex = 0,
  variables,
}: Omit<ResponseParts, 'version' | 'community'>): number[] {
  const list = variables.flatMap(([name, value]) => element(0x30, [...element(0x06, name), ...value]));
  return element(tag, [
    ...integer(2, BigInt(id)),
    ...integer(2, BigInt(errorStatus)),
    ...integer(2, BigInt(errorIndex)),
    ...element(0x30, list),
  ]);
}

export function response(parts: ResponseParts): Buffer {
  const inner = [...integer(2, BigInt(parts.version)), ...element(4, Buffer.from(parts.community)), ...responsePdu(parts)];
  return Buffer.from(element(0x30, inner));
}

/** What a strict reader makes of a variable: the exact number, or the bytes, or that its content is not what its tag allows. */
export interface StrictVariable {
  readonly name: Uint8Array;
  readonly tag: number;
  readonly value: bigint | Uint8Array | 'unusable';
}

export interface StrictMessage {
  readonly version: bigint;
  readonly community: Uint8Array;
  readonly tag: number;
  readonly id: bigint;
  readonly errorStatus: bigint;
  readonly errorIndex: bigint;
  readonly variables: readonly StrictVariable[];
}

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly rest: Uint8Array;
}

/** The element the bytes begin with; null when it is not whole. With `cut`, content that is not whole is given as far as it is. */
function take(bytes: Uint8Array, cut = false): Element | null {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined || tag % 32 === 31) return null;
  let length = first;
  let header = 2;
  if (first >= 128) {
    const size = first - 128;
    if (size === 0 || size > 4 || bytes.length < 2 + size) return null;
    length = 0;
    for (const byte of bytes.subarray(2, 2 + size)) length = length * 256 + byte;
    header += size;
  }
  if (header + length > bytes.length && !cut) return null;
  return { tag, content: bytes.subarray(header, header + length), rest: bytes.subarray(header + length) };
}

function twosComplement(content: Uint8Array): bigint {
  let value = 0n;
  for (const byte of content) value = value * 256n + BigInt(byte);
  return BigInt.asIntN(8 * content.length, value);
}

const WIDTH: Readonly<Record<number, number>> = { [TAG.counter32]: 4, [TAG.gauge32]: 4, [TAG.timeTicks]: 4, [TAG.counter64]: 8 };

function strictValue({ tag, content }: Element): StrictVariable['value'] {
  const width = WIDTH[tag];
  if (tag !== TAG.integer && width === undefined) return tag === 0 ? 'unusable' : content;
  if (content.length === 0) return 'unusable';
  const value = twosComplement(content);
  if (width === undefined) return value === BigInt.asIntN(32, value) ? value : 'unusable';
  // The one liberty: at full width the sign bit is a bit of the number.
  const number = content.length === width ? BigInt.asUintN(8 * width, value) : value;
  return number >= 0n && number === BigInt.asUintN(8 * width, number) ? number : 'unusable';
}

function number(element: Element | null): bigint | null {
  if (element === null || element.tag !== 2 || element.content.length === 0) return null;
  const value = twosComplement(element.content);
  return value === BigInt.asIntN(32, value) ? value : null;
}

/** Null for anything that is not a whole and well-formed community message (bytes behind it, or behind a PDU, do not matter). */
export function strictMessage(datagram: Uint8Array): StrictMessage | null {
  const outer = take(datagram);
  if (outer?.tag !== 0x30) return null;
  const version = take(outer.content);
  const community = version && take(version.rest);
  const pdu = community && take(community.rest);
  const id = pdu && take(pdu.content);
  const status = id && take(id.rest);
  const index = status && take(status.rest);
  const list = index && take(index.rest);
  const [v, i, s, x] = [version, id, status, index].map((each) => number(each));
  if (!pdu || list?.tag !== 0x30 || community.tag !== 4) return null;
  if (v === null || v === undefined || i === null || i === undefined || s === null || s === undefined || x === null || x === undefined)
    return null;
  const variables = strictVariables(list.content);
  return variables && { version: v, community: community.content, tag: pdu.tag, id: i, errorStatus: s, errorIndex: x, variables };
}

function strictVariables(list: Uint8Array): StrictVariable[] | null {
  const variables: StrictVariable[] = [];
  for (let rest = list; rest.length > 0; ) {
    const whole = take(rest);
    if (whole?.tag !== 0x30) return null;
    const name = take(whole.content);
    const value = name && take(name.rest);
    if (name?.tag !== 0x06 || value === null) return null;
    variables.push({ name: name.content, tag: value.tag, value: strictValue(value) });
    rest = whole.rest;
  }
  return variables;
}

/** A small generator of numbers that can be repeated (mulberry32): the same seed, the same cases. */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}
