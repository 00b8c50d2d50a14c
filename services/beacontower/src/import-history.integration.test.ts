/** The import of history, from the bytes of a file to what the readers of figures make of it, on a real PostgreSQL. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration, ObjectiveBody } from '@beacontower/contracts';
import { applyInventory, type Database, ObjectCache, readFigure } from '@beacontower/database';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { importInventoryFile, importOutagesFile, type OutageSettings } from './import-history.ts';
import { coversOf } from './import-settings.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FROM = Date.parse('2018-01-01T00:00:00+08:00');
const TO = Date.parse('2018-01-11T00:00:00+08:00');
const APPLIED = Date.parse('2026-01-01T00:00:00+08:00');
const NOW = APPLIED + DAY;
const OUTAGES = 'object,from,to,state,cause_category,charged_party,cause_object,incident,planned,note,edge_seconds';

let server: TestDatabase;
let db: Database;
let directory: string;

beforeAll(async () => {
  server = await startDatabase();
  ({ database: db } = server);
  directory = await mkdtemp(join(tmpdir(), 'bt-import-'));
});
afterAll(async () => {
  await server.stop();
  await rm(directory, { recursive: true });
});
beforeEach(async () => {
  await db.query(
    `TRUNCATE node_identity, inventory, checks, log, audit, transitions, current_states, partition_states, maintenance, incidents, incident_members,
     incident_events, imports, deliveries, object_keys, accounting_months, accounting_days, accounting_schemes RESTART IDENTITY CASCADE`,
  );
  await db.query('UPDATE inventory_version SET version = 0, applied_at = 0');
  const yaml = `
node: {id: gd, name: 广东, division: cn.gd, partitions: 1}
zones: [{id: z, anchors: [192.0.2.254]}]
parties: [{id: centre, name: 中心, tier: national}, {id: carrier, name: 运营商, tier: carrier}]
defaults: {party: centre}
devices:
  - {id: a, name: A, addresses: {ipv4: 192.0.2.1}}
  - {id: b, name: B, addresses: {ipv4: 192.0.2.2}}
accessLines:
  - {id: line, name: L, unit: 单位, addresses: {ipv4: 192.0.2.3}}
circuits:
  - {id: both, name: 组合, combines: {any: [a, b]}}
`;
  const { configuration, faults } = loadConfiguration([{ name: 'a.yaml', bytes: new TextEncoder().encode(yaml) }]);
  if (configuration === null) throw new Error(JSON.stringify(faults));
  await applyInventory(
    db,
    { entities: configuration.entities, origin: 'file', partitions: 1 },
    { now: APPLIED, by: 'test', source: 'test' },
  );
});

interface Said {
  readonly code: number;
  readonly text: string;
}

async function run(
  kind: 'inventory' | 'outages',
  content: string | Uint8Array,
  more: Partial<OutageSettings> & { json?: boolean; language?: 'zh' | 'en' } = {},
): Promise<Said> {
  const { json = false, language = 'en', ...settings } = more;
  const path = join(directory, `${kind}.csv`);
  await writeFile(path, content);
  const pieces: string[] = [];
  const io = { out: (piece: string) => void pieces.push(piece), colour: false, language, json };
  const all: OutageSettings = {
    now: NOW,
    by: 'li',
    source: 'test',
    dryRun: false,
    timeZone: 'Asia/Shanghai',
    stretch: { from: FROM, to: TO },
    covers: coversOf(),
    edgeMs: 0,
    resolutionMs: 0,
    ...settings,
  };
  const code = kind === 'inventory' ? await importInventoryFile(path, io, db, all) : await importOutagesFile(path, io, db, all);
  return { code, text: pieces.join('') };
}

const past = (rows = ['a,2017-01-01', 'b,2017-01-01', 'line,2018-01-06', 'both,2017-01-01']) =>
  run('inventory', `id,from\n${rows.join('\n')}\n`);
const outages = (rows: readonly string[], more?: Parameters<typeof run>[2]) => run('outages', `${OUTAGES}\n${rows.join('\n')}\n`, more);
const tables = [
  'inventory',
  'transitions',
  'incidents',
  'incident_members',
  'maintenance',
  'imports',
  'current_states',
  'audit',
  'log',
  'deliveries',
];
const counts = async () =>
  Object.fromEntries(
    await Promise.all(tables.map(async (table) => [table, (await db.query(`SELECT count(*) AS n FROM ${table}`)).rows[0]?.n] as const)),
  );
const transitions = async (id: string) =>
  (
    await db.query('SELECT from_state, to_state, at, earliest, latest, reason FROM transitions WHERE subject = $1 ORDER BY id', [id])
  ).rows.map((row) => [row.from_state, row.to_state, (row.at - FROM) / HOUR, row.latest - row.earliest, row.reason]);

const objective = (more: Partial<ObjectiveBody> = {}): ObjectiveBody =>
  ObjectiveBody.parse({
    id: 'o',
    name: 'o',
    nameEn: null,
    class: 'backbone',
    objects: ['gd:a', 'gd:b'],
    division: 'cn.gd',
    target: 0.999,
    aggregate: 'mean',
    period: 'half-year',
    calendar: 'always',
    timeZone: 'Asia/Shanghai',
    ...more,
  });
const figure = async (of: ObjectiveBody = objective(), from = FROM, to = TO) =>
  (await readFigure(db, { objective: of, from, to, scope: [''], now: NOW })).whole;

describe('import inventory', () => {
  test('gives objects their past, and leaves what is now as it was', async () => {
    const cache = new ObjectCache();
    const before = (await cache.load(db)).objects;
    const current = await db.query('SELECT * FROM inventory WHERE valid_to IS NULL AND superseded_at IS NULL ORDER BY row_id');
    const gone = 'old,旧电路,circuit,,cn.gx,carrier,7,2015-01-01,2018-02-01';
    const said = await run('inventory', `id,name,kind,class,division,party,weight,from,to\na,,,,,,,2017-01-01,\n${gone}\n`);
    expect(said).toMatchObject({ code: 1, text: expect.stringMatching(/inventory.csv:3:5 error: division: there is no such division/) });
    const good = await run(
      'inventory',
      `\ufeff标识,名称,种类,区划,用户数,责任方,启用时间,停用时间\r\na,,,,,,2017-01-01,\r\nold,"旧,电路",接入线路,cn.gd,7,carrier,2015/1/1 08:30,2018-02-01\r\n`,
    );
    expect(good).toEqual({ code: 0, text: 'Imported 2 lines: the past of 2 objects; inventory version 2\n' });
    const rows = (await db.query("SELECT id, name, class, valid_from, valid_to, body FROM inventory WHERE origin = 'import' ORDER BY id"))
      .rows;
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
    expect((await db.query('SELECT * FROM inventory WHERE valid_to IS NULL AND superseded_at IS NULL ORDER BY row_id')).rows).toEqual(
      current.rows,
    );
    expect((await cache.load(db)).objects).toEqual(before);
    expect((await new ObjectCache().load(db)).objects).toEqual(before);
    expect((await db.query('SELECT action FROM audit ORDER BY id DESC LIMIT 2')).rows.map(({ action }) => action).sort()).toEqual([
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

describe('import outages', () => {
  const rows = [
    'a,2018-01-02 00:00,2018-01-02 06:00,down,fibre,carrier,,,no,挖断光缆,30',
    'a,2018-01-02 06:00,2018-01-02 07:00,down,,,,,,,',
    'gd:a,2018-01-10T00:00:00+08:00,2018-01-11T00:00:00+08:00,degraded,,,,,,,',
    'b,2018-01-01,2018-01-01 12:00,unknown,,,,,,,',
    'b,2018-01-03,2018-01-03 02:00,down,,,,,yes,割接,',
  ];

  test('writes transitions, closed incidents and planned work, and tells nobody', async () => {
    await past();
    const said = await outages(rows);
    expect(said.text).toMatch(
      /^Imported 5 lines: 2 objects, 9 changes of state, 1 closed incidents, 1 entries of planned work\n {2}backbone: 2 objects, 4 outages, 420.0 min down/,
    );
    expect(said.code).toBe(0);
    expect(await transitions('gd:a')).toEqual([
      ['unknown', 'up', 0, 0, 'reported'],
      ['up', 'down', 24, 60_000, 'reported'],
      ['down', 'up', 31, 0, 'reported'],
      ['up', 'degraded', 216, 0, 'reported'],
      ['degraded', 'unknown', 240, 0, 'not-looked-at'],
    ]);
    expect(await transitions('gd:b')).toEqual([
      ['unknown', 'up', 12, 0, 'reported'],
      ['up', 'down', 48, 0, 'reported'],
      ['down', 'up', 50, 0, 'reported'],
      ['up', 'unknown', 240, 0, 'not-looked-at'],
    ]);
    const [incident] = (await db.query('SELECT * FROM incidents')).rows;
    expect(incident).toMatchObject({
      state: 'closed',
      cause_object: 'gd:a',
      cause_category: 'fibre',
      charged_party: 'carrier',
      party: 'centre',
      started_at: FROM + DAY,
    });
    expect(await counts()).toMatchObject({ incidents: 1, incident_members: 1, maintenance: 1, deliveries: 0, imports: 2 });
    // Only the composite is told that its members have a past.
    expect((await db.query("SELECT kind, subject FROM log WHERE kind <> 'inventory' ORDER BY subject")).rows).toEqual([
      { kind: 'revised', subject: 'gd:a' },
      { kind: 'revised', subject: 'gd:b' },
    ]);
    expect((await db.query('SELECT state FROM current_states')).rows).toEqual([{ state: 'unknown' }, { state: 'unknown' }]);
  });

  test('is counted by the readers of figures as it was written, and unknown outside', async () => {
    await past();
    await outages(rows);
    const whole = await figure();
    const [a, b] = [(240 - 7) / 240, 1];
    expect(whole.experienced.availability).toBeCloseTo((a + b) / 2, 12);
    expect(whole.experienced.account).toMatchObject({ downMs: 7 * HOUR, unknownMs: 12 * HOUR, excludedMs: 2 * HOUR, degradedMs: DAY });
    // The outage of seven hours is charged whole to the carrier, whose incident it lies in most.
    expect(whole.responsible).toMatchObject({ availability: 1, account: { downMs: 0 } });
    expect((await figure(objective(), TO, TO + DAY)).experienced).toMatchObject({ availability: null, completeness: 0 });
  });

  test('a dry run shows the same and leaves everything as it was', async () => {
    await past();
    const before = await counts();
    const dry = await outages(rows, { dryRun: true });
    expect(dry.text).toMatch(/^Would import 5 lines: 2 objects, 9 changes of state/);
    expect(dry.text).toMatch(/mean availability 98\.5417% \(by this file alone\)\nNothing was changed/);
    expect(await counts()).toEqual(before);
    const done = await outages(rows, { json: true });
    expect(JSON.parse(done.text)).toMatchObject({
      ok: true,
      outcome: 'imported',
      rows: 5,
      classes: [{ class: 'backbone', downMs: 7 * HOUR }],
    });
  });

  test('the same file a second time is known, and changes nothing', async () => {
    await past();
    await outages(rows);
    const before = await counts();
    const again = await outages(rows);
    expect(again).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^Already imported as outages.csv at 2026-.* by li .* Nothing was changed/),
    });
    expect(await counts()).toEqual(before);
    expect((await past()).text).toMatch(/Already imported/);
    // Another file about the same time would say it twice.
    expect(await outages([...rows, 'line,2018-01-07,2018-01-08,,,,,,,,'])).toMatchObject({
      code: 1,
      text: expect.stringMatching(/an earlier import already tells/),
    });
  });

  test('objects without an outage are up only where the record is said to cover them', async () => {
    await past();
    await outages(['a,2018-01-02,2018-01-03,down,,,,,,,']);
    expect(await transitions('gd:b')).toEqual([]);
    expect((await figure()).experienced).toMatchObject({ availability: 0.9, unobserved: 1 });
    expect((await outages(['line,2018-01-07,2018-01-08,down,,,,,,,'], { covers: coversOf(['class=user-access']) })).code).toBe(0);
    // Commissioned on the sixth: its record begins there.
    expect((await transitions('gd:line')).map(([, to, at]) => [to, at])).toEqual([
      ['up', 120],
      ['down', 144],
      ['up', 168],
      ['unknown', 240],
    ]);
  });

  test('an object that is gone has its figure too', async () => {
    const gone = 'old,旧线路,access-line,cn.gd,2015-01-01,2018-01-06';
    expect((await run('inventory', `id,name,kind,division,from,to\n${gone}\n`)).code).toBe(0);
    expect((await outages(['old,2018-01-02,2018-01-03,,,,,,,,'])).code).toBe(0);
    const of = await figure(objective({ class: 'user-access', objects: ['gd:old'] }));
    expect(of.experienced).toMatchObject({ availability: 0.8, account: { totalMs: 5 * DAY, unknownMs: 0 } });
  });

  test('a line "complete" tells the stretch of one object', async () => {
    await past();
    expect(
      (await outages(['b,2018-01-02,2018-01-04,complete,,,,,,,', 'b,2018-01-03,2018-01-04,down,,,,,,,'], { stretch: null })).code,
    ).toBe(0);
    expect((await transitions('gd:b')).map(([, to, at]) => [to, at])).toEqual([
      ['up', 24],
      ['down', 48],
      ['unknown', 72],
    ]);
  });

  test('months imported one after the other, in any order, make one record', async () => {
    await past();
    const half = FROM + 5 * DAY;
    await outages(['a,2018-01-06,2018-01-07,down,,,,,,,'], { stretch: { from: half, to: TO } });
    await outages(['a,2018-01-05,2018-01-06,down,,,,,,,'], { stretch: { from: FROM, to: half } });
    expect((await figure(objective({ objects: ['gd:a'] }))).experienced.account).toMatchObject({
      downMs: 2 * DAY,
      unknownMs: 0,
      upMs: 8 * DAY,
    });
  });

  test('lines of one incident are one, charged once, with its cause and its symptoms', async () => {
    await past();
    await outages(['a,2018-01-02,2018-01-03,down,power,carrier,b,I-1,,,', 'b,2018-01-02,2018-01-04,down,power,carrier,b,I-1,,,']);
    const members = await db.query('SELECT object_id, role, left_at FROM incident_members ORDER BY object_id');
    expect(members.rows).toEqual([
      { object_id: 'gd:a', role: 'symptom', left_at: FROM + 2 * DAY },
      { object_id: 'gd:b', role: 'cause', left_at: FROM + 3 * DAY },
    ]);
    expect((await db.query('SELECT cause_object, resolved_at FROM incidents')).rows).toEqual([
      { cause_object: 'gd:b', resolved_at: FROM + 3 * DAY },
    ]);
  });

  const day = '2018-01-02,2018-01-03';
  test.each([
    ['an unknown object', `nobody,${day}`, /outages.csv:2:1 error: object: there was never such an object.*\n.*"gd:nobody"/],
    ['an overlap', `a,2018-01-02,2018-01-05\na,2018-01-03,2018-01-04`, /outages.csv:3:2 error: from: overlaps the outage of line 2/],
    ['an outage before the commissioning', `line,${day}`, /was not in commission then/],
    ['an outage outside the stretch', `a,2018-01-10,2018-01-12`, /outside the stretch for which the record is complete/],
    ['zero length', `a,2018-01-02,2018-01-02`, /zero length/],
    ['to before from', `a,2018-01-03,2018-01-02`, /ends before it begins/],
    ['the future', `a,2018-01-03,2030-01-02`, /lies in the future/],
    ['a party that is none', `a,${day},down,,nobody`, /charged_party: there is no such party/],
    ['a cause that is none', `a,${day},down,,,nobody`, /cause_object: there is no such object/],
    [
      'a state that is none',
      `a,${day},broken`,
      /outages.csv:2:4 error: state: is none of the values.*\n.*down, degraded, unknown or complete/,
    ],
    ['planned work that is none', `a,${day},unknown,,,,,yes`, /planned work that was no outage/],
    ['an edge that is no number', `a,${day},down,,,,,no,,wide`, /edge_seconds: not a number of seconds/],
    ['an incident that disagrees', `a,${day},down,x,,,I\nb,${day},down,y,,,I`, /another cause, party or cause object than line 2/],
    ['a composite', `both,${day}`, /is a composite/],
    ['a missing time', `a,,2018-01-02`, /from: is empty/],
  ])('refuses %s', async (_, row, says) => {
    await past();
    const before = await counts();
    const padded = row.split('\n').map((each) => each + ','.repeat(10 - (each.match(/,/g) ?? []).length));
    const said = await outages(padded);
    expect(said.text).toMatch(says);
    expect(said).toMatchObject({ code: 1, text: expect.stringContaining('Nothing was changed') });
    expect(await counts()).toEqual(before);
    expect((await outages(padded, { language: 'zh' })).text).toMatch(/错误：[\s\S]*未做任何更改/);
  });

  test('names every fault of a file at once, those of cells and those of the whole', async () => {
    await past();
    const said = await outages([
      `a,yesterday,2018-01-02,down,,,,,,,`,
      `b,2018-01-02,2018-01-05,,,,,,,,`,
      `b,2018-01-03,2018-01-04,,,,,,,,`,
      `x,${day},,,,,,,,`,
    ]);
    expect(said.text.match(/outages.csv:\d+:\d+/g)).toEqual(['outages.csv:2:2', 'outages.csv:4:2', 'outages.csv:5:1']);
    expect(said.text).toMatch(/3 faults: nothing is imported/);
  });

  test('times without a zone are asked for one', async () => {
    await past();
    const said = await outages([`a,${day},,,,,,,,`], { timeZone: null });
    expect(said.text).toMatch(/a time without a time zone[\s\S]*--time-zone Asia\/Shanghai/);
  });

  test.each([
    ['GBK', new Uint8Array([0x6f, 0x62, 0x6a, 0x65, 0x63, 0x74, 0x2c, 0xbf, 0xaa, 0xca, 0xbc, 0x0a]), /not UTF-8 \(is it GBK\?\)/],
    ['an empty file', '', /the file is empty/],
    ['a header alone', 'object,from,to\n', /no object was in commission/],
    ['an unknown column', 'object,from,to,colour\n', /outages.csv:1:4 error: colour: there is no such column/],
    ['a missing column', 'object,from\n', /to: this column is missing/],
    ['a column twice', 'object,from,to,To\n', /this column is there twice/],
    ['too many cells', 'object,from,to\na,2018-01-02,2018-01-03,x\n', /outages.csv:2:4 error: 4 cells/],
    ['a quote that never ends', `object,from,to\na,"2018-01-02,2018-01-03\n`, /cannot be read as CSV/],
  ])('refuses %s', async (_, content, says) => {
    await past();
    const said = await run('outages', content, { covers: coversOf(['named']) });
    expect(said.text).toMatch(says);
    expect(said.code).toBe(1);
  });

  test('what the node judged itself is not overwritten; a record up to there is taken', async () => {
    await past();
    const own = FROM + 5 * DAY;
    await db.query(
      `INSERT INTO transitions (subject_kind, subject, object_id, from_state, to_state, at, earliest, latest, reason, resolution_ms, decided_at, epoch, recorded_at)
       VALUES ('object', 'gd:a', 'gd:a', 'unknown', 'up', $1, $1, $1, 'first-observation', 20000, $1, 1, $1)`,
      [own],
    );
    await db.query(
      "INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, '0', '', $1, 0)",
      [NOW],
    );
    const refused = await outages([`a,${day},,,,,,,,`]);
    expect(refused.text).toMatch(/this node judged the object itself from 2018-01-05T16:00:00.000Z on[\s\S]*reclassifications/);
    expect((await outages([`a,${day},,,,,,,,`], { stretch: { from: FROM, to: own } })).code).toBe(0);
    expect((await transitions('gd:a')).map(([from, to]) => `${from}-${to}`)).toEqual(['unknown-up', 'unknown-up', 'up-down', 'down-up']);
    expect((await figure(objective({ objects: ['gd:a'] }))).experienced.account).toMatchObject({ downMs: DAY, unknownMs: 0 });
  });
});
