/** The import of past inventory, from the bytes of a file to the rows, on a real PostgreSQL. */
import { ObjectCache } from '@beacontower/database';
import { describe, expect, test } from 'vitest';
import { APPLIED, useImportStand } from './import-history.fixture.ts';

const stand = useImportStand();
const { counts, run } = stand;

describe('import inventory', () => {
  test('gives objects their past, and leaves what is now as it was', async () => {
    const cache = new ObjectCache();
    const before = (await cache.load(stand.db)).objects;
    const current = await stand.db.query('SELECT * FROM inventory WHERE valid_to IS NULL AND superseded_at IS NULL ORDER BY row_id');
    const gone = 'old,旧电路,circuit,,cn.gx,carrier,7,2015-01-01,2018-02-01';
    const said = await run('inventory', `id,name,kind,class,division,party,weight,from,to\na,,,,,,,2017-01-01,\n${gone}\n`);
    expect(said).toMatchObject({ code: 1, text: expect.stringMatching(/inventory.csv:3:5 error: division: there is no such division/) });
    const good = await run(
      'inventory',
      `\ufeff标识,名称,种类,区划,用户数,责任方,启用时间,停用时间\r\na,,,,,,2017-01-01,\r\nold,"旧,电路",接入线路,cn.gd,7,carrier,2015/1/1 08:30,2018-02-01\r\n`,
    );
    expect(good).toEqual({ code: 0, text: 'Imported 2 lines: the past of 2 objects; inventory version 2\n' });
    const rows = (
      await stand.db.query("SELECT id, name, class, valid_from, valid_to, body FROM inventory WHERE origin = 'import' ORDER BY id")
    ).rows;
    expect(rows).toMatchObject([
      {
        id: 'gd:a',
        name: 'A',
        valid_from: Date.parse('2017-01-01T00:00:00+08:00'),
        valid_to: APPLIED,
        body: { party: 'centre', checks: [] },
      },
      {
        id: 'gd:old',
        name: '旧,电路',
        class: 'user-access',
        valid_from: Date.parse('2015-01-01T08:30:00+08:00'),
        body: { weight: 7, party: 'carrier' },
      },
    ]);
    expect((await stand.db.query('SELECT * FROM inventory WHERE valid_to IS NULL AND superseded_at IS NULL ORDER BY row_id')).rows).toEqual(
      current.rows,
    );
    expect((await cache.load(stand.db)).objects).toEqual(before);
    expect((await new ObjectCache().load(stand.db)).objects).toEqual(before);
    expect((await stand.db.query('SELECT action FROM audit ORDER BY id DESC LIMIT 2')).rows.map(({ action }) => action).sort()).toEqual([
      'import.inventory',
      'inventory.import',
    ]);
  });

  test.each([
    ['another node', 'gx:a,2017-01-01,', /belongs to another node/],
    ['an overlap with what is known', 'a,2017-01-01,2026-02-01', /in the future|overlaps what is known/],
    ['an end that nothing says', 'new,2017-01-01,', /to: is empty, and nothing later is known/],
    ['too little of what is gone', 'new,2017-01-01,2018-01-01', /kind: is empty/],
    ['a span of zero length', 'a,2017-01-01,2017-01-01', /zero length/],
    ['a span the wrong way round', 'a,2017-01-02,2017-01-01', /ends before it begins/],
    ['the future', 'a,2030-01-01,', /lies in the future/],
    ['a day that is none', 'a,2017-02-30,', /there is no such day/],
    ['two that overlap', 'a,2016-01-01,2017-01-01\na,2016-06-01,2018-01-01', /overlaps line 2/],
  ])('refuses %s', async (_, row, says) => {
    const before = await counts();
    const said = await run('inventory', `id,from,to\n${row}\n`);
    expect(said.code).toBe(1);
    expect(said.text).toMatch(says);
    expect(said.text).toMatch(/Nothing was changed/);
    expect(await counts()).toEqual(before);
  });
});
