import { describe, expect, it } from 'vitest';
import { CellBuffer } from './cells.ts';
import { TAG } from './port.ts';

function put(tag: number, hex: string): CellBuffer {
  const bytes = Buffer.from(hex, 'hex');
  const cells = new CellBuffer(2);
  cells.source = bytes;
  cells.put(1, tag, bytes, 0, bytes.length);
  return cells;
}

describe('a cell', () => {
  it.each([
    ['a small counter', TAG.counter32, '05', 5n],
    ['the largest counter, with its zero in front', TAG.counter32, '00ffffffff', 0xffffffffn],
    ['the largest counter without it, as careless agents have it', TAG.counter32, 'ffffffff', 0xffffffffn],
    ['a gauge with zeros nobody needs', TAG.gauge32, '000000000001', 1n],
    ['time', TAG.timeTicks, '0100', 256n],
    ['a wide counter of nine bytes', TAG.counter64, '00ffffffffffffffff', 0xffffffffffffffffn],
    ['a wide counter of eight with its highest bit', TAG.counter64, 'ffffffffffffffff', 0xffffffffffffffffn],
    ['a wide counter of five bytes', TAG.counter64, '0100000000', 0x100000000n],
    ['a negative integer', TAG.integer, 'ff', -1n],
    ['the least integer', TAG.integer, '80000000', -0x80000000n],
    ['a padded negative integer', TAG.integer, 'ffffffffff80', -128n],
  ])('holds %s', (_, tag, hex, value) => {
    const cells = put(tag, hex);
    expect(cells.isNumber(1)).toBe(true);
    expect(cells.bigint(1)).toBe(value);
    expect(cells.number(1)).toBe(Number(value));
    expect(cells.bytes(1)).toHaveLength(0);
  });

  it.each([
    ['nothing for a number', TAG.counter32, ''],
    ['a negative counter', TAG.counter32, 'ff'],
    ['a counter of 33 bits', TAG.counter32, '0100000000'],
    ['a negative counter of five bytes', TAG.gauge32, 'ffffffffff'],
    ['a wide counter of 65 bits', TAG.counter64, '010000000000000000'],
    ['an integer of 33 bits', TAG.integer, '00ffffffff'],
    ['an integer of nothing', TAG.integer, ''],
  ])('refuses %s', (_, tag, hex) => {
    const cells = put(tag, hex);
    expect(cells.tags[1]).toBe(TAG.unusable);
    expect(cells.number(1)).toBeNull();
    expect(cells.bigint(1)).toBeNull();
  });

  it('gives text, whatever its bytes, and only of octet strings', () => {
    expect(put(TAG.octetString, Buffer.from('上海\0\0').toString('hex')).text(1)).toBe('上海');
    expect(put(TAG.octetString, 'ff41').text(1)).toBe('\ufffdA');
    expect(put(TAG.opaque, '41').text(1)).toBe('');
    expect(put(TAG.objectIdentifier, '2b06').oidText(1)).toBe('1.3.6');
    expect(put(TAG.objectIdentifier, '2b86').oidText(1)).toBe('');
    expect(put(TAG.ipAddress, '7f000001').bytes(1)).toEqual(Buffer.from([127, 0, 0, 1]));
    expect(new CellBuffer(1).bytes(0)).toHaveLength(0);
  });
});
