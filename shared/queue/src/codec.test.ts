import { CONFIRMED, type StreamEntry, VERDICT } from '@beacontower/contracts';
import { describe, expect, test } from 'vitest';
import { decodeEntry, encodeEntry, packInt32, packUint8, packUint32, packValue, unpackInt32, unpackUint32 } from './codec.ts';

const batch: Extract<StreamEntry, { type: 'observations' }> = {
  type: 'observations',
  shard: '0.main.icmp.10000',
  planVersion: 1,
  tick: 1_800_000_000_000,
  startedAt: 1_800_000_000_003,
  endedAt: 1_800_000_001_700,
  collector: 'test',
  vantage: 'seeing',
  clockUncertaintyMs: 0,
  checks: packUint32([1, 70_000]),
  verdicts: packUint8([VERDICT.up | CONFIRMED, VERDICT.down]),
  first: packInt32([12, 1_100]),
  last: packInt32([-5, 600]),
};

describe('stream entries', () => {
  test('come back as they went', () => {
    const back = decodeEntry(encodeEntry(batch));
    if (back.type !== 'observations') throw new Error('another type came back');
    expect({ ...back, checks: 0, verdicts: 0, first: 0, last: 0 }).toEqual({ ...batch, checks: 0, verdicts: 0, first: 0, last: 0 });
    expect([...unpackUint32(back.checks)]).toEqual([1, 70_000]);
    expect([...back.verdicts]).toEqual([0x10, 2]);
    expect([...unpackInt32(back.first)]).toEqual([12, 1_100]);
    expect([...unpackInt32(back.last)]).toEqual([-5, 600]);
  });

  test.each([
    ['columns of different length', encodeEntry({ ...batch, verdicts: packUint8([0]) })],
    ['a column that is no whole number of values', encodeEntry({ ...batch, checks: packUint8([1, 2, 3]) })],
    ['an unknown type', packValue({ type: 'other' })],
    ['no message at all', Buffer.from('not msgpack')],
    ['a field of the wrong type', packValue({ ...batch, tick: 'now' })],
  ])('%s is refused', (_, bytes) => {
    expect(() => decodeEntry(bytes)).toThrow();
  });
});
