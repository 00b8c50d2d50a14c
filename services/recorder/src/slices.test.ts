import { makeIcmpRows, makeInterfaceRows } from '@beacontower/timeseries';
import { describe, expect, it } from 'vitest';
import { packSlice, unpackSlice } from './slices.ts';

const slice = () => {
  const interfaces = makeInterfaceRows(3);
  interfaces.check.set([1, 2, 0xffff_ffff]);
  interfaces.at.set([1, 2, 3]);
  interfaces.increments.outErrors.set([Number.NaN, 2 ** 52, 5]);
  const icmp = makeIcmpRows(1);
  icmp.sent.set([3]);
  return { from: 1, to: 4, interfaces, icmp };
};

describe('a slice of raw rows', () => {
  it('comes back as it went', () => {
    expect(unpackSlice(packSlice(slice()))).toEqual(slice());
  });

  it('is refused when a column is missing or too short', () => {
    const packed = packSlice(slice());
    const { at: _, ...rest } = packed.icmp.columns;
    expect(() => unpackSlice({ ...packed, icmp: { count: 1, columns: rest } })).toThrow(/column at/);
    expect(() => unpackSlice({ ...packed, icmp: { ...packed.icmp, count: 2 } })).toThrow(RangeError);
  });
});
