/** `.snmprec`: a walk of a device, one variable a line, `OID|tag|value`. */
import { readFileSync } from 'node:fs';
import { encode, encodeInteger, encodeOid, encodeUnsigned, TAG } from './ber.ts';
import { FixedSource, oid, type Variable } from './tree.ts';

export interface RecordedVariable extends Variable {
  readonly source: FixedSource;
}

/**
 * Reads a recording: lines in any order, the last of a repeat wins, leading dots allowed, empty lines and comments (`#`) passed over.
 * The tag is decimal; `x` behind it says that the value is hexadecimal, `e` that it is text with escapes. Throws an Error that names
 * the line of anything else.
 */
export function parseRecording(text: string): RecordedVariable[] {
  const variables = new Map<string, RecordedVariable>();
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (trimmed.trim() === '' || trimmed.startsWith('#')) continue;
    const fields = /^\s*([.\d]+)\|(\d+)([xe]?)\|(.*)$/s.exec(trimmed);
    try {
      if (fields === null) throw new RangeError('expected OID|tag|value');
      const [, name = '', tag = '', form = '', value = ''] = fields;
      const identifier = oid(name);
      variables.set(identifier.text, { oid: identifier, source: new FixedSource(encodeValue(Number(tag), form, value)) });
    } catch (error) {
      throw new Error(`line ${index + 1} of a recording: ${(error as Error).message}`);
    }
  }
  return [...variables.values()];
}

export function readRecording(file: string): RecordedVariable[] {
  // One character a byte: what a recording holds as text beyond ASCII keeps its bytes.
  return parseRecording(readFileSync(file, 'latin1'));
}

function encodeValue(tag: number, form: string, text: string): Uint8Array {
  const bytes = form === 'x' ? fromHex(text) : form === 'e' ? unescaped(text) : Buffer.from(text, 'latin1');
  switch (tag) {
    case TAG.octets:
    case TAG.opaque:
      return encode(tag, bytes);
    case TAG.address:
      return encode(tag, form === 'x' ? bytes : addressBytes(text));
    case TAG.oid:
      return encodeOid(oid(text).ids);
    case TAG.null:
      return encode(tag, []);
    case TAG.integer:
      return encodeInteger(tag, Number(BigInt.asIntN(32, whole(form === 'x' ? `0x${text}` : text))));
    case TAG.counter32:
    case TAG.gauge32:
    case TAG.ticks:
      return encodeUnsigned(tag, BigInt.asUintN(32, whole(form === 'x' ? `0x${text}` : text)));
    case TAG.counter64:
      return encodeUnsigned(tag, whole(form === 'x' ? `0x${text}` : text));
    default:
      throw new RangeError(`tag ${tag} is none of SNMP's`);
  }
}

function whole(text: string): bigint {
  if (!/^(-?\d+|0x[\da-f]+)$/i.test(text.trim())) throw new RangeError(`"${text}" is no whole number`);
  return BigInt(text.trim());
}

function addressBytes(text: string): number[] {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(Number.isInteger(part) && part >= 0 && part < 256))) {
    throw new RangeError(`"${text}" is no IPv4 address`);
  }
  return parts;
}

function fromHex(text: string): Uint8Array {
  if (!/^([\da-z]{2})*$/i.test(text.trim())) throw new RangeError('the value is not hexadecimal');
  // Recordings have letters that are no digits where somebody blacked out a hardware address (58AC78XXYYZZ): those read as zero.
  return Buffer.from(text.trim().replaceAll(/[g-z]/gi, '0'), 'hex');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

function unescaped(text: string): Uint8Array {
  const plain = text.replace(/\\(x[\da-f]{2}|.)/gi, (_, code: string) =>
    /^x[\da-f]{2}$/i.test(code) ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (ESCAPES[code] ?? code),
  );
  return Buffer.from(plain, 'latin1');
}

/** A recording's text of these variables, as `parseRecording` reads it: for recordings that tests write themselves. */
export function formatRecording(variables: readonly { readonly oid: string; readonly tag: number; readonly value: string }[]): string {
  return variables.map(({ oid: name, tag, value }) => `${name}|${tag}|${value}\n`).join('');
}

/** The number that a recorded variable holds; null for what is no integer. */
export function numberOf({ source: { encoded } }: RecordedVariable): bigint | null {
  const numeric: readonly number[] = [TAG.integer, TAG.counter32, TAG.gauge32, TAG.ticks, TAG.counter64];
  if (!numeric.includes(encoded[0] as number)) return null;
  const content = encoded.subarray(2);
  const value = content.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return encoded[0] === TAG.integer ? BigInt.asIntN(8 * content.length, value) : value;
}

/** The text that a recorded variable holds. */
export function textOf({ source: { encoded } }: RecordedVariable): string {
  const size = (encoded[1] as number) < 0x80 ? 0 : (encoded[1] as number) & 0x7f;
  return Buffer.from(encoded.subarray(2 + size)).toString('utf8');
}
