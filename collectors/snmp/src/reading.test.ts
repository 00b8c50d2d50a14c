import { describe, expect, it } from 'vitest';
import { ADMIN, OPER } from './columns.ts';
import { COLUMNS, readingOf, upRows } from './test-answers.ts';
import { TAG } from './wire/port.ts';

const IN_OCTETS = COLUMNS.counter.indexOf(0);
const IN_ERRORS = COLUMNS.counter.indexOf(8);

describe('what a poll read', () => {
  it('has every row that any column has, though columns have holes', () => {
    const reading = readingOf({ ...upRows(1, 3), [IN_OCTETS]: { 1: [TAG.counter64, 5], 2: [TAG.counter64, 6] } });
    expect([...reading.indexes]).toEqual([1, 2, 3]);
    expect(reading.cell(IN_OCTETS, 0)).toBe(0);
    expect(reading.cell(IN_OCTETS, 1)).toBe(1);
    expect(reading.cell(IN_OCTETS, 2)).toBe(-1);
    expect(reading.status(OPER, 1)).toBe(0);
    expect(reading.status(ADMIN, 2)).toBe(1);
    expect(reading.wideRows()[0]).toBe(2);
  });

  it.each<[string, readonly [number, number, number?]]>([
    ['a counter', [TAG.counter32, 1]],
    ['zero', [TAG.integer, 0]],
    ['a status nobody knows', [TAG.integer, 8]],
    ['a negative number', [TAG.integer, 0xffffffff, 0xffffffff]],
  ])('%s is no status', (_, cell) => {
    expect(readingOf({ 1: { 1: [...cell] } }).status(OPER, 0)).toBe(0);
  });

  it('names the first value of a wrong type, and takes absence for none', () => {
    expect(readingOf({ ...upRows(1), [IN_OCTETS]: { 1: [TAG.noSuchInstance, 0] } }).wrongType()).toBeNull();
    const wrong = readingOf({ ...upRows(7), [IN_OCTETS]: { 7: [TAG.octetString, 0, 4] } });
    expect(wrong.wrongType()).toContain('1.3.6.1.2.1.31.1.1.1.6.7');
    // A 32-bit value in a 64-bit column would be taken for one that went back.
    expect(readingOf({ ...upRows(7), [IN_OCTETS]: { 7: [TAG.counter32, 9] } }).wrongType()).not.toBeNull();
  });

  it('is stirred by a status that changed and by an error counter that went back, not by one that grew', () => {
    const errors = (value: number, oper = 1) =>
      readingOf({ ...upRows(1), 1: { 1: [TAG.integer, oper] }, [IN_ERRORS]: { 1: [TAG.counter32, value] } });
    const before = errors(10).remember(null);
    expect(errors(10).stirred(before)).toEqual({ oper: false, wentBack: false });
    expect(errors(11).stirred(before)).toEqual({ oper: false, wentBack: false });
    expect(errors(9).stirred(before)).toEqual({ oper: false, wentBack: true });
    expect(errors(10, 2).stirred(before)).toEqual({ oper: true, wentBack: false });
    expect(readingOf(upRows(2)).stirred(before)).toEqual({ oper: false, wentBack: false });
  });

  it('remembers the poll before in the same memory, and in new where rows are others', () => {
    const first = readingOf({ ...upRows(1), [IN_ERRORS]: { 1: [TAG.counter32, 10] } }).remember(null);
    const second = readingOf({ ...upRows(1), [IN_ERRORS]: { 1: [TAG.counter32, 3] } }).remember(first);
    expect(second).toBe(first);
    expect([...(second.watched[0] ?? [])]).toEqual([3]);
    expect(readingOf(upRows(1, 2)).remember(second)).not.toBe(first);
  });
});
