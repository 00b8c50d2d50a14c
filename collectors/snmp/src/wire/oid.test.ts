import { describe, expect, it } from 'vitest';
import { BerWriter } from './ber-writer.ts';
import { oidTextOf } from './cells.ts';
import { MOST_ARC, oid } from './oid.ts';
import { element } from './test-ber.ts';

describe('an OID', () => {
  it.each([
    ['1.3.6.1.2.1.1.3.0', '2b06010201010300'],
    ['.1.3.6.1', '2b0601'],
    ['2.999.3', '883703'],
    ['0.0', '00'],
    ['1.3.6.1.4.1.4294967295.128.127.16384', '2b0601040 18fffffff7f81007f818000'.replace(' ', '')],
    [`2.${MOST_ARC - 80}`, '8fffffff7f'],
  ])('%s is %s', (text, hex) => {
    const compiled = oid(text);
    expect(Buffer.from(compiled.bytes).toString('hex')).toBe(hex);
    expect(oidTextOf(compiled.bytes)).toBe(compiled.text);
  });

  it.each(['', '1', '1.', '1.40', '3.1', '1.3.-1', '1.3.4294967296', 'ifName', `1.3${'.1'.repeat(127)}`])('%s is none', (text) => {
    expect(() => oid(text)).toThrow(RangeError);
  });

  it.each([
    ['nothing', ''],
    ['an arc that is cut', '2b86'],
    ['an arc of more than 32 bits', '2b90 80808000'],
    ['an arc that begins with zeros', '2b8001'],
  ])('bytes of %s are none', (_, hex) => expect(oidTextOf(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toBeNull());
});

describe('the writer', () => {
  it.each([0, 1, 127, 128, 255, 256, 32_767, 32_768, 0x7fffffff])('writes the integer %i as short as can be', (value) => {
    const writer = new BerWriter();
    writer.integer(value);
    const written = writer.copy();
    expect(written.readIntBE(2, written.length - 2)).toBe(value);
    if (written.length > 3) expect(written.readInt16BE(2)).not.toBe(written.readInt8(3));
  });

  it.each([0, 127, 128, 255, 256, 65_535, 65_536])('writes the length %i as any other would', (length) => {
    const writer = new BerWriter();
    const content = new Uint8Array(length).fill(7);
    writer.octets(content);
    expect(Buffer.compare(writer.copy(), Buffer.from(element(4, content)))).toBe(0);
  });

  it('writes a row behind a column as the OID of the cell', () => {
    for (const row of [0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455, 268_435_456, MOST_ARC]) {
      const column = oid('1.3.6.1.2.1.2.2.1.2');
      const writer = new BerWriter();
      writer.variable(column.bytes, column.bytes.length, row);
      const cell = oid(`${column.text}.${row}`);
      expect(writer.copy()).toEqual(Buffer.from(element(0x30, [...element(6, cell.bytes), 5, 0])));
    }
  });
});
