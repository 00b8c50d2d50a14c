import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, createSelector, type KnownInterface, matchesPattern, reconcileInterfaces, type TableRow } from './index.ts';

const row = (index: number, name: string, alias = ''): TableRow => ({ index, name, alias, descr: name, type: 6, speed: 1000 });
const known = (name: string, alias = ''): KnownInterface => ({ name, alias });

describe('reconcileInterfaces', () => {
  const cases: [
    says: string,
    before: KnownInterface[],
    seen: TableRow[],
    result: { kept?: string; renamed?: string; appeared?: string; vanished?: string },
  ][] = [
    ['a new device', [], [row(1, 'a'), row(2, 'b')], { appeared: 'a b' }],
    ['the same names under other numbers', [known('a'), known('b')], [row(7, 'b'), row(8, 'a')], { kept: 'a>a b>b' }],
    ['a card in another slot', [known('ge-0/0/1', 'to Guangzhou')], [row(1, 'ge-1/0/1', 'to Guangzhou')], { renamed: 'ge-0/0/1>ge-1/0/1' }],
    ['no alias to know it by', [known('a')], [row(1, 'b')], { appeared: 'b', vanished: 'a' }],
    ['an alias that two have now', [known('a', 'x')], [row(1, 'b', 'x'), row(2, 'c', 'x')], { appeared: 'b c', vanished: 'a' }],
    ['an alias that two had', [known('a', 'x'), known('b', 'x')], [row(1, 'c', 'x')], { appeared: 'c', vanished: 'a b' }],
    [
      'an alias that one who stays has as well',
      [known('a', 'x'), known('b')],
      [row(1, 'b', 'x'), row(2, 'c', 'x')],
      { kept: 'b>b', appeared: 'c', vanished: 'a' },
    ],
    ['names are stronger than aliases', [known('a', 'x'), known('b', 'y')], [row(1, 'a', 'y'), row(2, 'b', 'x')], { kept: 'a>a b>b' }],
    ['one is gone', [known('a'), known('b')], [row(1, 'a')], { kept: 'a>a', vanished: 'b' }],
  ];
  it.each(cases)('%s', (_, before, seen, result) => {
    const pairs = (list: readonly { known: KnownInterface; row: TableRow }[]) =>
      list.map((pair) => `${pair.known.name}>${pair.row.name}`).join(' ');
    const names = (list: readonly { name: string }[]) => list.map(({ name }) => name).join(' ');
    const { kept, renamed, appeared, vanished } = reconcileInterfaces(before, seen);
    const found = { kept: pairs(kept), renamed: pairs(renamed), appeared: names(appeared), vanished: names(vanished) };
    expect(found).toEqual({ kept: '', renamed: '', appeared: '', vanished: '', ...result });
  });

  const alias = fc.constantFrom('', 'x', 'y', 'z');
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const table = fc.uniqueArray(fc.tuple(name, alias), { selector: ([each]) => each });

  it('puts every interface and every row in one list exactly, and the order of rows does not matter', () => {
    fc.assert(
      fc.property(table, table, (before, after) => {
        const interfaces = before.map(([each, its]) => known(each, its));
        const rows = after.map(([each, its], index) => row(index, each, its));
        const result = reconcileInterfaces(interfaces, rows);
        const pairs = [...result.kept, ...result.renamed];
        expect(new Set([...pairs.map((pair) => pair.known), ...result.vanished])).toEqual(new Set(interfaces));
        expect(pairs.length + result.vanished.length).toBe(interfaces.length);
        expect(new Set([...pairs.map((pair) => pair.row), ...result.appeared])).toEqual(new Set(rows));
        expect(pairs.length + result.appeared.length).toBe(rows.length);
        for (const pair of result.kept) expect(pair.row.name).toBe(pair.known.name);
        for (const pair of result.renamed)
          expect([pair.row.alias, pair.known.alias]).toEqual([pair.known.alias, expect.stringMatching(/./)]);
        const shuffled = reconcileInterfaces(interfaces, [...rows].reverse());
        expect(new Set(shuffled.renamed.map((pair) => pair.known))).toEqual(new Set(result.renamed.map((pair) => pair.known)));
      }),
    );
  });

  it('has nothing to say the second time', () => {
    fc.assert(
      fc.property(table, (list) => {
        const rows = list.map(([each, its], index) => row(index, each, its));
        const { renamed, appeared, vanished } = reconcileInterfaces(rows, rows);
        expect([renamed, appeared, vanished]).toEqual([[], [], []]);
      }),
    );
  });
});

describe('createSelector', () => {
  const select = createSelector({ watch: ['xe-*', 'alias:*GZ*', 'mgmt0'], ignore: ['lo*', 'alias:unused', '*.32767'] });
  it.each([
    ['xe-0/0/1', '', 'watched'],
    ['ge-0/0/1', 'to GZ-1', 'watched'],
    ['ge-0/0/1', 'to SZ', 'quiet'],
    ['mgmt0', '', 'watched'],
    ['mgmt01', '', 'quiet'],
    ['MGMT0', '', 'watched'],
    ['lo0', '', 'ignored'],
    ['xe-0/0/2', 'unused', 'ignored'],
    ['xe-0/0/2.32767', '', 'ignored'],
  ])('%s "%s" is %s', (name, alias, selected) => {
    expect(select({ name, alias, descr: '' })).toBe(selected);
  });

  it('knows ifDescr as well', () => {
    expect(select({ name: '1', alias: '', descr: 'xe-0' })).toBe('watched');
  });
});

describe('matchesPattern', () => {
  it('is what the regular expression would say', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '/'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 6 });
    fc.assert(
      fc.property(pattern, text, (glob, value) => {
        const expression = glob
          .split('*')
          .map((part) => part.replace(/[.]/g, '\\.'))
          .join('.*');
        expect(matchesPattern(glob, value)).toBe(new RegExp(`^${expression}$`).test(value));
      }),
    );
  });

  it('does not take time without end', () => {
    expect(matchesPattern(`${'*a'.repeat(50)}b`, 'a'.repeat(10_000))).toBe(false);
  });
});

describe('cleanText', () => {
  it.each([
    ['  ge0 ', 'ge0'],
    ['a\u0000b\n\tc', 'a b c'],
    ['a\ud800b', 'a\ufffdb'],
    ['a\u202egpj.exe', 'a gpj.exe'],
    ['端口一', '端口一'],
    ['𝔞𝔟𝔠𝔡𝔢𝔣𝔤𝔥𝔦𝔧𝔨𝔩', '𝔞𝔟𝔠𝔡𝔢𝔣𝔤𝔥𝔦𝔧'],
  ])('%j is %j', (given, clean) => {
    expect(cleanText(given, 10)).toBe(clean);
  });

  it('whatever comes: well-formed, bounded, and the same when cleaned again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (given) => {
        const clean = cleanText(given, 10);
        expect(clean).not.toMatch(/\p{Cs}/u);
        expect([...clean].length).toBeLessThanOrEqual(10);
        expect(cleanText(clean, 10)).toBe(clean);
      }),
    );
  });
});
