/** The import of outages, from the bytes of a file to what the readers of figures make of it, on a real PostgreSQL. */
import { describe, expect, test } from 'vitest';
import { DAY, FROM, HOUR, NOW, objective, TO, useImportStand } from './import-history.fixture.ts';
import { coversOf } from './import-settings.ts';

const stand = useImportStand();
const { counts, figure, outages, past, run, transitions } = stand;

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
    const [incident] = (await stand.db.query('SELECT * FROM incidents')).rows;
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
    expect((await stand.db.query("SELECT kind, subject FROM log WHERE kind = 'revised' ORDER BY subject")).rows).toEqual([
      { kind: 'revised', subject: 'gd:a' },
      { kind: 'revised', subject: 'gd:b' },
    ]);
    expect((await stand.db.query('SELECT state FROM current_states')).rows).toEqual([{ state: 'unknown' }, { state: 'unknown' }]);
  });

  test('of a node that reports to another, its closed incidents and planned work are in the log as well: charges count there too', async () => {
    await past();
    await stand.db.query(
      "INSERT INTO uplink (url, state, authority_fingerprint, sealed_key, joined_at, incarnation) VALUES ('https://cn', 'enrolled', '', '', 0, gen_random_uuid())",
    );
    try {
      await outages(rows);
      const said = (
        await stand.db.query("SELECT kind, body ->> 'change' AS change FROM log WHERE kind IN ('incident', 'maintenance') ORDER BY kind")
      ).rows;
      expect(said).toEqual([
        { kind: 'incident', change: 'closed' },
        { kind: 'maintenance', change: null },
      ]);
      expect(await counts()).toMatchObject({ deliveries: 0 });
    } finally {
      await stand.db.query('DELETE FROM uplink');
    }
  });

  test('is counted by the readers of figures as it was written, and unknown outside', async () => {
    await past();
    await outages(rows, { resolutionMs: 300_000 });
    const whole = await figure();
    // No check watched them then: how fine the figure is, is what the record says of itself.
    expect(whole.resolutionMs).toBe(300_000);
    const [a, b] = [(240 - 7) / 240, 1];
    expect(whole.experienced.availability).toBeCloseTo((a + b) / 2, 12);
    expect(whole.experienced.account).toMatchObject({ downMs: 7 * HOUR, unknownMs: 12 * HOUR, excludedMs: 2 * HOUR, degradedMs: DAY });
    // The outage of seven hours is charged whole to the carrier, whose incident it lies in most.
    expect(whole.responsible).toMatchObject({ availability: 1, account: { downMs: 0 } });
    expect((await figure(objective(), TO + DAY, TO + 2 * DAY)).resolutionMs).not.toBe(300_000);
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
    const members = await stand.db.query('SELECT object_id, role, left_at FROM incident_members ORDER BY object_id');
    expect(members.rows).toEqual([
      { object_id: 'gd:a', role: 'symptom', left_at: FROM + 2 * DAY },
      { object_id: 'gd:b', role: 'cause', left_at: FROM + 3 * DAY },
    ]);
    expect((await stand.db.query('SELECT cause_object, resolved_at FROM incidents')).rows).toEqual([
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
    await stand.db.query(
      `INSERT INTO transitions (subject_kind, subject, object_id, from_state, to_state, at, earliest, latest, reason, resolution_ms, decided_at, epoch, recorded_at)
       VALUES ('object', 'gd:a', 'gd:a', 'unknown', 'up', $1, $1, $1, 'first-observation', 20000, $1, 1, $1)`,
      [own],
    );
    await stand.db.query(
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
