import { tableDigest } from '@beacontower/domain';
import { describe, expect, it } from 'vitest';
import { cleanText, makeTable, megabits, type RawRow, withSlow } from './names.ts';

const system = { descr: 'router', objectId: '1.3.6.1.4.1.9', name: 'r1', location: '', contact: '' };
const raw = (more: Partial<RawRow>): RawRow => ({
  descr: '',
  name: '',
  alias: '',
  type: 6,
  speed: null,
  highSpeed: null,
  broken: null,
  ...more,
});

describe('the table of interfaces', () => {
  it('is in the order of ifIndex, named by ifName or ifDescr, each name once, with the digest of the domain', () => {
    const table = makeTable(
      system,
      new Map([
        [10, raw({ name: 'Gi0/1', descr: 'GigabitEthernet0/1', highSpeed: 1_000, broken: 7 })],
        [2, raw({ descr: 'eth0', speed: 100_000_000 })],
        [3, raw({ name: 'Gi0/1' })],
      ]),
    );
    expect(table.interfaces.map(({ index, name, speed }) => [index, name, speed])).toEqual([
      [2, 'eth0', 100],
      [3, 'Gi0/1#3', 0],
      [10, 'Gi0/1#10', 1_000],
    ]);
    expect(table.position.get(10)).toBe(2);
    expect([...table.broken]).toEqual([0, 0, 7]);
    expect(table.hasDiscontinuity).toBe(true);
    expect(table.digest).toBe(tableDigest(system, table.interfaces));
  });

  it('takes over speeds and times that were read again, and has another digest only when something is another', () => {
    const table = makeTable(system, new Map([[1, raw({ name: 'a', highSpeed: 1_000, broken: 5 })]]));
    const same = withSlow(table, new Map([[1, 1_000]]), new Map([[1, 9]]));
    expect(same.digest).toBe(table.digest);
    expect([...same.broken]).toEqual([9]);
    const slower = withSlow(table, new Map([[1, 100]]), new Map());
    expect(slower.interfaces[0]?.speed).toBe(100);
    expect([...slower.broken]).toEqual([5]);
    expect(slower.digest).not.toBe(table.digest);
  });
});

describe('speeds', () => {
  it.each([
    ['ifHighSpeed', { speed: 0xffffffff, highSpeed: 100_000 }, 100_000],
    ['ifSpeed where there is no other', { speed: 155_000_000, highSpeed: null }, 155],
    ['ifSpeed where ifHighSpeed says nothing', { speed: 10_000_000, highSpeed: 0 }, 10],
    ['an ifSpeed that does not hold the truth', { speed: 0xffffffff, highSpeed: null }, 0],
    ['nothing', { speed: null, highSpeed: null }, 0],
  ])('%s', (_, row, speed) => {
    expect(megabits(row)).toBe(speed);
  });
});

it('text of a device is one line without control characters', () => {
  expect(cleanText('uplink\r\nto \u0000core\u0007 ')).toBe('uplink to core');
  expect(cleanText('x'.repeat(1_000))).toHaveLength(255);
  expect(cleanText('上联 骨干')).toBe('上联 骨干');
});
