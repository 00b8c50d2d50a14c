import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readDivisionLists } from './lists.ts';

const LIST = {
  id: 'own',
  kind: 'corps',
  name: '自有',
  nameEn: 'own',
  date: '2026-01-01',
  source: 'x',
  licence: 'x',
  countsEn: 'x',
  countsZh: 'x',
  assumptions: [],
  convertedAt: '2026-01-01',
  counts: { province: 1, city: 0, county: 1 },
  divisions: [
    ['BT0000', '兵团', 'province', null],
    ['BT0001', '一团', 'county', 'BT0000'],
  ],
};

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bt-lists-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const read = async (list: object) => {
  await writeFile(join(directory, 'own.json'), JSON.stringify(list));
  return readDivisionLists(directory);
};

describe('lists of divisions', () => {
  test('those that come with the system hold what they say of themselves, each code once, in order', async () => {
    const lists = await readDivisionLists();
    expect(lists.map(({ id, counts }) => [id, counts.province, counts.city, counts.county])).toEqual([
      ['cn-2018', 31, 334, 2851],
      ['cn-2024', 31, 333, 2846],
      ['corps-2018', 1, 14, 150],
    ]);
    for (const { divisions } of lists) expect(divisions.map(({ code }) => code)).toEqual(divisions.map(({ code }) => code).sort());
    // What is said not to be counted is not there; what is said to be, is.
    const codes = new Set(lists[0]?.divisions.map(({ code }) => code));
    expect(['710000', '810000', '820000', '460321', '441901', '130171'].filter((code) => codes.has(code))).toEqual([]);
    expect(['659001', '441900', '442000', '460400', '620200', '429021'].filter((code) => !codes.has(code))).toEqual([]);
  });

  test('one of their own is read', async () => {
    expect((await read(LIST))[0]).toMatchObject({
      id: 'own',
      divisions: [
        { code: 'BT0000', parent: null },
        { code: 'BT0001', level: 'county' },
      ],
    });
  });

  test.each([
    ['other counts', { counts: { province: 1, city: 0, county: 2 } }, /says 2, but the list has 1/],
    ['a code twice', { divisions: [LIST.divisions[0], LIST.divisions[0]] }, /BT0000 is there twice/],
    ['a parent that is not there', { divisions: [['BT0001', '一团', 'county', 'BT9999']] }, /BT9999, above BT0001, is not in the list/],
    [
      'a code of the Corps that could be taken for one of GB/T 2260',
      { divisions: [['990000', '兵团', 'province', null]] },
      /begins with a letter/,
    ],
    ['a date that is none', { date: '2026-02-30' }, /date/],
  ])('refuses a file with %s, and names it', async (_, wrong, says) => {
    await expect(read({ ...LIST, ...wrong })).rejects.toThrow(says);
    await expect(read({ ...LIST, ...wrong })).rejects.toThrow(/config\/divisions\/own.json/);
  });
});
