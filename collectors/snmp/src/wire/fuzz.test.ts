import { describe, expect, it } from 'vitest';
import { AnswerPool } from './answers.ts';
import { BerReader } from './ber-reader.ts';
import { CellBuffer } from './cells.ts';
import { readBulk, readGet } from './columns.ts';
import { readEnvelope, readPdu } from './message.ts';
import { oid } from './oid.ts';
import { TAG } from './port.ts';
import { dice, element, integer, response, type StrictMessage, type StrictVariable, strictMessage } from './test-ber.ts';
import { IF_HC_IN_OCTETS, IF_NAME, SYS_UPTIME } from './test-helpers.ts';
import { NEXT, VariableReader } from './variables.ts';

const CASES = 1_000_000;
const IF_SPEED = oid('1.3.6.1.2.1.2.2.1.5');
const COLUMNS = [IF_HC_IN_OCTETS, IF_NAME, IF_SPEED].map((column) => ({ oid: column, after: null }));
const VALUE_TAGS = [0x02, 0x04, 0x05, 0x06, 0x40, 0x41, 0x42, 0x43, 0x44, 0x46, 0x80, 0x81, 0x82, 0x00, 0x30, 0x1f, 0xff];

const roll = dice(20_261_122);
const reader = new BerReader();
const variables = new VariableReader(new BerReader());
const pool = new AnswerPool();
const cell = new CellBuffer(1);

/** Any bytes as content: negative and oversized integers, nine bytes of Counter64, empty ones, are all among them. */
function anyValue(): number[] {
  const tag = VALUE_TAGS[roll(VALUE_TAGS.length)] as number;
  const lengths = [0, 1, 1, 2, 3, 4, 4, 5, 8, 8, 9, 12];
  const content = Array.from(
    { length: lengths[roll(lengths.length)] as number },
    () => [0, 0xff, 0x80, 0x7f, roll(256)][roll(5)] as number,
  );
  return element(tag, content);
}

function goodMessage(): Buffer {
  const rows = 1 + roll(3);
  const list: [Uint8Array, number[]][] = [[SYS_UPTIME.bytes, integer(TAG.timeTicks, BigInt(roll(2 ** 31)))]];
  for (let row = 1; row <= rows; row++) {
    for (const { oid: column } of COLUMNS) {
      const arcs = roll(20) === 0 ? [0x80 | roll(128), 0x80 | roll(128), 0xff, 0xff, 0xff, roll(128)].slice(roll(6)) : [row];
      list.push([
        Uint8Array.from([...column.bytes, ...arcs]),
        roll(3) === 0 ? anyValue() : integer(TAG.counter64, BigInt(roll(2 ** 31)) << 20n),
      ]);
    }
  }
  return response({
    version: roll(2),
    community: 'public',
    id: roll(2 ** 31),
    errorStatus: roll(30) === 0 ? roll(20) : 0,
    variables: list,
  });
}

const MUTATIONS: ((bytes: Buffer) => Buffer)[] = [
  (bytes) => bytes,
  (bytes) => Buffer.from(bytes.map((byte) => (roll(60) === 0 ? roll(256) : byte))),
  (bytes) => {
    bytes[roll(bytes.length)] = (bytes[roll(bytes.length)] as number) ^ (1 << roll(8));
    return bytes;
  },
  (bytes) => bytes.subarray(0, roll(bytes.length + 1)),
  (bytes) => {
    const at = roll(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(Array.from({ length: roll(6) }, () => roll(256))), bytes.subarray(at)]);
  },
  (bytes) => {
    const at = roll(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + roll(6))]);
  },
  // Lengths that lie: huge, indefinite, of many bytes, one too short or too long.
  (bytes) => {
    const at = roll(bytes.length);
    const lies = [
      [0x80],
      [0x84, 0xff, 0xff, 0xff, 0xff],
      [0x85, 0, 0, 0, 0, 1],
      [0xff],
      [0x82, 0, roll(256)],
      [(bytes[at] as number) + 1],
      [(bytes[at] as number) - 1],
    ];
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(lies[roll(lies.length)] as number[]), bytes.subarray(at + 1)]);
  },
  (bytes) => {
    const depth = roll(200);
    return Buffer.concat([Buffer.from(Array.from({ length: depth }, () => [0x30, 0x80 | roll(8)]).flat()), bytes.subarray(roll(40))]);
  },
  () => Buffer.from(Array.from({ length: roll(80) }, () => roll(256))),
];

interface Loose {
  readonly whole: boolean;
  readonly list: StrictVariable[] | null;
}

/** All variables by the codec's own walk, in the terms of the strict reader. */
function looseVariables(datagram: Buffer): Loose | null {
  const envelope = readEnvelope(reader, datagram);
  if (envelope === null || envelope.version === 3) return null;
  const pdu = readPdu(reader, datagram, envelope.at, envelope.limit);
  if (pdu === null) return { whole: true, list: null };
  const list: StrictVariable[] = [];
  cell.source = datagram;
  variables.open(datagram, pdu);
  for (;;) {
    const next = variables.next();
    if (next !== NEXT.variable) return { whole: !envelope.truncated && !pdu.truncated, list: next === NEXT.end ? list : null };
    cell.put(0, variables.tag, datagram, variables.start, variables.stop);
    const value = cell.tags[0] === TAG.unusable ? 'unusable' : (cell.bigint(0) ?? cell.bytes(0));
    list.push({ name: datagram.subarray(variables.nameStart, variables.nameStop), tag: variables.tag, value });
  }
}

function sameVariable(a: StrictVariable, b: StrictVariable): boolean {
  if (a.tag !== b.tag || Buffer.compare(a.name, b.name) !== 0) return false;
  if (typeof a.value === 'object' && typeof b.value === 'object') return Buffer.compare(a.value, b.value) === 0;
  return a.value === b.value;
}

/** What is wrong with how the codec read the datagram; null when it agrees with the strict reader. */
function disagreement(datagram: Buffer, strict: StrictMessage | null): string | null {
  const loose = looseVariables(datagram);
  if (strict === null) {
    // What the strict reader refuses the codec may take only as the beginning of something that was cut.
    return loose?.whole && loose.list !== null ? 'taken as whole and well-formed' : null;
  }
  if (strict.version !== 0n && strict.version !== 1n) return loose === null ? null : 'taken in an unknown version';
  if (!loose?.whole || loose.list?.length !== strict.variables.length) return 'not taken as it is';
  const at = strict.variables.findIndex((variable, i) => !sameVariable(variable, (loose.list as StrictVariable[])[i] as StrictVariable));
  return at < 0 ? null : `another value for variable ${at}`;
}

/** The arc behind the prefix; null when the name is anything else than the prefix and one arc of at most 32 bits. */
function strictRow(name: Uint8Array, prefix: Uint8Array): bigint | null {
  const arc = name.subarray(prefix.length);
  const sevens = [...arc].map((byte) => BigInt(byte & 0x7f));
  const ends = [...arc].findIndex((byte) => byte < 0x80);
  if (Buffer.compare(name.subarray(0, prefix.length), prefix) !== 0 || arc[0] === 0x80 || ends !== arc.length - 1) return null;
  const row = sevens.reduce((sum, seven) => sum * 128n + seven, 0n);
  return arc.length > 0 && row <= 0xffffffffn ? row : null;
}

/** The variables of a column as the strict reader has them: up to the first that does not belong there or does not ascend. */
function strictColumn({ variables: list }: StrictMessage, column: number, most: number): { row: bigint; said: StrictVariable }[] {
  const found: { row: bigint; said: StrictVariable }[] = [];
  for (let i = 1 + column; i < list.length && found.length < most; i += COLUMNS.length) {
    const said = list[i] as StrictVariable;
    const row = strictRow(said.name, (COLUMNS[column] as (typeof COLUMNS)[number]).oid.bytes);
    if (row === null || [0x80, 0x81, 0x82].includes(said.tag) || row <= (found.at(-1)?.row ?? -1n)) break;
    found.push({ row, said });
  }
  return found;
}

/** Columns must hold what is in the message, at its place and in order, and nothing else. */
function columnsDisagree(datagram: Buffer, strict: StrictMessage | null): string | null {
  const envelope = readEnvelope(reader, datagram);
  const pdu = envelope && envelope.version !== 3 ? readPdu(reader, datagram, envelope.at, envelope.limit) : null;
  if (pdu === null) return null;
  const get = pool.get(2);
  readGet(variables, datagram, pdu, [SYS_UPTIME, IF_NAME], get);
  get.release();
  const answer = pool.bulk(1, COLUMNS.length, 4);
  const well = readBulk(variables, datagram, pdu, { scalars: [SYS_UPTIME], columns: COLUMNS }, answer);
  answer.release();
  if (strict === null) return null;
  if (!well) return 'columns refused';
  for (let column = 0; column < COLUMNS.length; column++) {
    const rows = strictColumn(strict, column, answer.stride);
    if (rows.length !== answer.counts[column]) return 'more or fewer rows';
    for (const [i, { row, said }] of rows.entries()) {
      const at = column * answer.stride + i;
      const read = answer.cells.tags[at] === TAG.unusable ? 'unusable' : (answer.cells.bigint(at) ?? 'bytes');
      if (BigInt(answer.rows[at] as number) !== row) return 'another row';
      if (read !== (typeof said.value === 'object' ? 'bytes' : said.value)) return 'another value in a column';
    }
  }
  return null;
}

describe('hostile bytes', () => {
  it(`a million of them neither throw nor give a number that is not there`, { timeout: 180_000 }, () => {
    let base = goodMessage();
    let taken = 0;
    for (let i = 0; i < CASES; i++) {
      if (i % 8 === 0) base = goodMessage();
      const datagram = (MUTATIONS[i % MUTATIONS.length] as (bytes: Buffer) => Buffer)(Buffer.from(base));
      const strict = strictMessage(datagram);
      if (strict !== null) taken++;
      const trouble = disagreement(datagram, strict) ?? columnsDisagree(datagram, strict);
      if (trouble !== null) expect.fail(`${trouble}: ${datagram.toString('hex')}`);
    }
    // Both kinds were among them in numbers.
    expect(taken).toBeGreaterThan(CASES / 10);
    expect(taken).toBeLessThan((CASES * 9) / 10);
  });
});
