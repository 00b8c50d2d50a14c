import { describe, expect, it } from 'vitest';
import { AnswerPool, type BulkBuffer } from './answers.ts';
import { BerReader } from './ber-reader.ts';
import { readBulk, readGet } from './columns.ts';
import { readEnvelope, readPdu } from './message.ts';
import { oid } from './oid.ts';
import { END, TAG } from './port.ts';
import { element, integer, response } from './test-ber.ts';
import { IF_DESCR, IF_NAME, SYS_NAME, SYS_UPTIME } from './test-helpers.ts';
import { VariableReader } from './variables.ts';

type Variable = readonly [string, number[]];
const pool = new AnswerPool();
const variables = new VariableReader(new BerReader());

const text = (value: string) => element(TAG.octetString, Buffer.from(value));
const cell = (column: { readonly text: string }, row: number | string, value = text(`r${row}`)): Variable => [
  `${column.text}.${row}`,
  value,
];
const END_OF_VIEW = [TAG.endOfMibView, 0];

function datagramOf(list: readonly Variable[]): Buffer {
  return response({ version: 1, community: 'c', id: 7, variables: list.map(([name, value]) => [oid(name).bytes, value] as const) });
}

function bulk(list: readonly Variable[], after: (number | null)[] = [null, null], datagram = datagramOf(list)): BulkBuffer {
  const reader = new BerReader();
  const envelope = readEnvelope(reader, datagram);
  const pdu = envelope && readPdu(reader, datagram, envelope.at, envelope.limit);
  if (!pdu) throw new Error('no message');
  const columns = [IF_DESCR, IF_NAME].map((column, i) => ({ oid: column, after: after[i] ?? null }));
  const answer = pool.bulk(1, 2, 4);
  expect(readBulk(variables, datagram, pdu, { scalars: [SYS_UPTIME], columns }, answer)).toBe(true);
  return answer;
}

const uptime: Variable = [SYS_UPTIME.text, integer(TAG.timeTicks, 42n)];
const shape = ({ counts, ends }: BulkBuffer) => ({ counts: [...counts.subarray(0, 2)], ends: [...ends.subarray(0, 2)] });

describe('an answer to a bulk request', () => {
  it('becomes columns, each as long as it is', () => {
    const answer = bulk([
      uptime,
      cell(IF_DESCR, 1),
      cell(IF_NAME, 1),
      cell(IF_DESCR, 300),
      cell(SYS_NAME, 0),
      cell(IF_NAME, 1),
      cell(SYS_NAME, 0),
    ]);
    expect(answer.scalars.number(0)).toBe(42);
    expect(shape(answer)).toEqual({ counts: [2, 1], ends: [END.done, END.notAscending] });
    expect(answer.rows.subarray(0, 2)).toEqual(Uint32Array.of(1, 300));
    expect(answer.cells.text(1)).toBe('r300');
    expect(answer.cells.text(answer.stride)).toBe('r1');
  });

  it.each([
    ['a later column', [uptime, cell(IF_NAME, 1), cell(IF_NAME, 1)], [END.done, END.open]],
    ['the end of the view', [uptime, cell(IF_DESCR, 5, END_OF_VIEW), cell(IF_NAME, 1)], [END.done, END.open]],
    ['an earlier object', [uptime, cell(SYS_NAME, 0), cell(IF_NAME, 1)], [END.notAscending, END.open]],
    ['an object above the column', [uptime, ['1.3.6.1.2.1.2.2', text('')], cell(IF_NAME, 1)], [END.notAscending, END.open]],
    ['the column itself', [uptime, [IF_DESCR.text, text('')], cell(IF_NAME, 1)], [END.notOneArc, END.open]],
    ['a row of two arcs', [uptime, cell(IF_DESCR, '1.2'), cell(IF_NAME, 1)], [END.notOneArc, END.open]],
    ['nothing', [uptime], [END.open, END.open]],
    ['not even scalars', [], [END.open, END.open]],
  ] as const)('ends a column at %s', (_, list, ends) => {
    expect(shape(bulk(list as readonly Variable[])).ends).toEqual([...ends]);
  });

  it('takes no row that does not come after the one asked to go on from', () => {
    expect(shape(bulk([uptime, cell(IF_DESCR, 7), cell(IF_NAME, 8)], [7, 7]))).toEqual({
      counts: [0, 1],
      ends: [END.notAscending, END.open],
    });
  });

  it('takes the largest row and no larger', () => {
    expect(bulk([uptime, cell(IF_DESCR, 4_294_967_295), cell(IF_NAME, 1)]).rows[0]).toBe(4_294_967_295);
    const datagram = datagramOf([uptime, cell(IF_DESCR, 4_294_967_295), cell(IF_NAME, 1)]);
    // 8f ff ff ff 7f is 2^32 - 1; 90 80 80 80 00 is one more, of the same length.
    const at = datagram.indexOf(Buffer.from('8fffffff7f', 'hex'));
    Buffer.from('9080808000', 'hex').copy(datagram, at);
    expect(shape(bulk([], [null, null], datagram))).toEqual({ counts: [0, 1], ends: [END.notOneArc, END.open] });
  });

  it('takes no more repetitions than were asked for', () => {
    const rows = Array.from({ length: 9 }, (_, i) => [cell(IF_DESCR, i + 1), cell(IF_NAME, i + 1)]).flat();
    expect(shape(bulk([uptime, ...rows]))).toEqual({ counts: [4, 4], ends: [END.open, END.open] });
  });

  it('is not taken for a scalar that was not asked for', () => {
    expect(bulk([cell(SYS_NAME, 0), cell(IF_DESCR, 1), cell(IF_NAME, 1)]).scalars.tags[0]).toBe(TAG.nothing);
  });
});

describe('an answer to a GET', () => {
  it('fills the cells that were asked for, in their order, and none else', () => {
    const datagram = datagramOf([uptime, [IF_NAME.text, text('x')], [SYS_NAME.text, text('extra')]]);
    const reader = new BerReader();
    const envelope = readEnvelope(reader, datagram);
    const pdu = envelope && readPdu(reader, datagram, envelope.at, envelope.limit);
    if (!pdu) throw new Error('no message');
    const answer = pool.get(2);
    expect(readGet(variables, datagram, pdu, [SYS_UPTIME, SYS_NAME], answer)).toBe(true);
    expect([...answer.cells.tags.subarray(0, 2)]).toEqual([TAG.timeTicks, TAG.nothing]);
  });
});

describe('the pool', () => {
  it('hands a buffer out again once it was released, and once only', () => {
    const own = new AnswerPool();
    const first = own.bulk(1, 2, 4);
    first.release();
    first.release();
    expect(own.bulk(1, 2, 3)).toBe(first);
    expect(own.bulk(1, 2, 3)).not.toBe(first);
  });
});
