import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SystemFacts, type TableRow, tableDigest, uniqueNames } from './index.ts';

const system: SystemFacts = { descr: 'd', objectId: '1.3', name: 'n', location: '', contact: '' };
const row: TableRow = { index: 1, name: 'ge-0/0/0', alias: '', descr: 'ge-0/0/0', type: 6, speed: 1000 };
const rows = fc.uniqueArray(
  fc.record({
    index: fc.integer({ min: 1, max: 5_000 }),
    name: fc.string(),
    alias: fc.string(),
    descr: fc.string(),
    type: fc.nat(300),
    speed: fc.nat(400_000),
  }),
  { selector: (item) => item.index, maxLength: 20 },
);

describe('tableDigest', () => {
  it('is the same whatever the order of the rows, and 16 hexadecimal digits', () => {
    fc.assert(
      fc.property(rows, (table) => {
        const digest = tableDigest(system, table);
        expect(digest).toMatch(/^[0-9a-f]{16}$/);
        expect(tableDigest(system, [...table].reverse())).toBe(digest);
      }),
    );
  });

  it('is another when any field is', () => {
    const base = tableDigest(system, [row]);
    const others: TableRow[] = [
      { ...row, index: 2 },
      { ...row, name: 'x' },
      { ...row, alias: 'x' },
      { ...row, descr: 'x' },
      { ...row, type: 7 },
      { ...row, speed: 0 },
    ];
    for (const other of others) expect(tableDigest(system, [other])).not.toBe(base);
    for (const field of Object.keys(system)) expect(tableDigest({ ...system, [field]: 'x' }, [row])).not.toBe(base);
    expect(tableDigest(system, [])).not.toBe(base);
  });

  it('keeps fields apart', () => {
    expect(tableDigest(system, [{ ...row, name: 'ab', alias: 'c' }])).not.toBe(tableDigest(system, [{ ...row, name: 'a', alias: 'bc' }]));
  });

  it('does not collide over many like tables', () => {
    const digests = Array.from({ length: 50_000 }, (_, i) => tableDigest(system, [{ ...row, alias: `port ${i}` }]));
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('never changes: plans of before must stay true', () => {
    expect(tableDigest(system, [row])).toMatchInlineSnapshot(`"cf0294102165a49c"`);
  });
});

describe('uniqueNames', () => {
  it.each([
    ['ifName', [{ index: 1, ifName: 'eth0', ifDescr: 'Ethernet' }], ['eth0']],
    ['ifDescr where there is no ifName', [{ index: 1, ifName: '', ifDescr: 'Ethernet' }], ['Ethernet']],
    ['neither', [{ index: 7, ifName: '', ifDescr: '' }], ['if']],
    [
      'repeats',
      [
        { index: 1, ifName: 'a', ifDescr: '' },
        { index: 2, ifName: 'b', ifDescr: '' },
        { index: 3, ifName: 'a', ifDescr: '' },
      ],
      ['a#1', 'b', 'a#3'],
    ],
    [
      'a made name that another has',
      [
        { index: 1, ifName: 'a', ifDescr: '' },
        { index: 2, ifName: 'a', ifDescr: '' },
        { index: 3, ifName: 'a#1', ifDescr: '' },
      ],
      ['a#1#1', 'a#2', 'a#1#3'],
    ],
  ])('%s', (_, given, names) => {
    expect(uniqueNames(given)).toEqual(names);
  });

  it('no two are alike, and the same rows in another order have the same names', () => {
    const few = fc.uniqueArray(
      fc.record({
        index: fc.integer({ min: 1, max: 30 }),
        ifName: fc.constantFrom('', 'a', 'b', 'a#1', 'a#2'),
        ifDescr: fc.constantFrom('', 'a', 'c'),
      }),
      { selector: (item) => item.index },
    );
    fc.assert(
      fc.property(few, (table) => {
        const names = uniqueNames(table);
        expect(new Set(names).size).toBe(table.length);
        expect(uniqueNames([...table].reverse()).reverse()).toEqual(names);
      }),
    );
  });
});
