import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BerError, BerReader, BerWriter, encode, encodeInteger, encodeOid, encodeUnsigned, TAG } from './ber.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('what is written', () => {
  // From X.690 and RFC 3417's example of an object identifier.
  it.each([
    [encodeInteger(TAG.integer, 0), '020100'],
    [encodeInteger(TAG.integer, 127), '02017f'],
    [encodeInteger(TAG.integer, 128), '02020080'],
    [encodeInteger(TAG.integer, -128), '020180'],
    [encodeInteger(TAG.integer, -129), '0202ff7f'],
    [encodeInteger(TAG.integer, -2_147_483_648), '020480000000'],
    [encodeUnsigned(TAG.counter64, 2n ** 64n - 1n), '460900ffffffffffffffff'],
    [encodeUnsigned(TAG.counter32, 0n), '410100'],
    [encodeOid([1, 3, 6, 1, 4, 1, 2011, 4_294_967_295]), '060c2b060104018f5b8fffffff7f'],
    [encodeOid([0, 0]), '060100'],
    [encode(TAG.octets, new Uint8Array(200)).subarray(0, 3), '0481c8'],
  ])('%#', (bytes, expected) => expect(hex(bytes)).toBe(expected));

  it('is the same for halves as for one number, of any size', () => {
    const writer = new BerWriter();
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        writer.reset();
        writer.unsigned(TAG.counter64, Number(value >> 32n), Number(value & 0xffff_ffffn));
        expect(hex(writer.written())).toBe(hex(encodeUnsigned(TAG.counter64, value)));
      }),
    );
  });

  it.each([0, 100, 127, 128, 255, 256, 5_000, 65_535, 65_536])('gets its header whatever its length: %i bytes', (length) => {
    const writer = new BerWriter();
    const start = writer.open();
    writer.raw(new Uint8Array(length).fill(7));
    writer.close(start);
    expect(hex(writer.written())).toBe(hex(encode(TAG.sequence, new Uint8Array(length).fill(7))));
    writer.wrap(TAG.response);
    const reader = new BerReader(writer.written());
    const whole = reader.expect(TAG.response);
    expect(whole.expect(TAG.sequence).rest()).toHaveLength(length);
    expect([whole.done, reader.done]).toEqual([true, true]);
  });
});

describe('what is read', () => {
  it('is what was written', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 20 }), (value, ids) => {
        expect(new BerReader(encodeInteger(TAG.integer, value)).integer()).toBe(value);
        expect(new BerReader(encodeOid([1, 3, ...ids])).oid()).toEqual([1, 3, ...ids]);
      }),
    );
  });

  it('is refused by name when it is no BER, and never read beyond its end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const reader = new BerReader(bytes);
        try {
          while (!reader.done) reader.enter().body.oid();
        } catch (error) {
          expect(error).toBeInstanceOf(BerError);
        }
        expect(reader.at).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
