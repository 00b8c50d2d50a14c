import { randomUUID } from 'node:crypto';
import { compareDay, type Database, readUncomparedDays, thinMarks } from '@beacontower/database';
import type { TestServer } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clock, startCentre, startPostgres, type TestCentre } from '../federation.fixture.ts';
import { applyBatch } from './apply.ts';
import { changeAt, lineOf, SpeakingNode } from './speaking.fixture.ts';

const NOW = Date.now() - 3_600_000;
const LATER = NOW + 60_000;

describe('what nodes below tell', () => {
  let server: TestServer;
  let centre: TestCentre;
  let count = 0;
  const open: SpeakingNode[] = [];
  const rows = async (sql: string, values: unknown[] = []) => (await centre.database.query(sql, values)).rows;
  const history = async (id: string) =>
    (await rows('SELECT from_state, to_state, at FROM transitions WHERE subject = $1 AND superseded_at IS NULL ORDER BY at, id', [id])).map(
      ({ from_state, to_state, at }) => `${from_state} ${at - NOW} ${to_state}`,
    );
  const present = async (id: string) => (await rows('SELECT state FROM current_states WHERE subject = $1', [id]))[0]?.state;

  beforeAll(async () => {
    server = await startPostgres();
    centre = await startCentre(server);
  });
  afterEach(async () => {
    for (const node of open.splice(0)) await node.close();
  });
  afterAll(async () => {
    await centre.stop();
    await server.stop();
  });

  const enrolled = async () => {
    count += 1;
    const [node, division] = [`n${count}`, `cn.n${count}`];
    const speaking = new SpeakingNode(node, division, await centre.enrol(node, division));
    open.push(speaking);
    return speaking;
  };
  /** A node that has told of one object. */
  const begun = async (over = {}) => {
    const node = await enrolled();
    await node.begin(over);
    const a = `${node.node}:a`;
    node.say(lineOf.object(a, node.division, NOW));
    expect((await node.logAll()).status).toBe(200);
    return { node, a };
  };

  test('the first line says whose log it is, and no other does', async () => {
    const node = await enrolled();
    await node.hello();
    expect((await node.tell(lineOf.object(`${node.node}:a`, node.division, NOW))).body).toMatchObject({
      code: 'envelope-invalid',
      sequence: 1,
    });
    const other = await begun();
    const again = other.node.say({
      kind: 'incarnation',
      eventAt: NOW,
      recordedAt: NOW,
      payload: {
        incarnation: other.node.incarnation,
        node: other.node.node,
        division: other.node.division,
        previous: null,
        knownUntil: null,
      },
    });
    expect((await other.node.log(again)).body).toMatchObject({ code: 'envelope-invalid', sequence: 3 });
  });

  test('versions of an object do not overlap, in whatever order they are told', async () => {
    const { node, a } = await begun();
    await node.tell(
      lineOf.object(a, node.division, NOW + 2_000, { name: 'third' }),
      lineOf.object(a, node.division, NOW + 1_000, { name: 'second' }),
    );
    await node.tell(lineOf.object(a, node.division, NOW + 2_000, { name: 'third' }, NOW + 3_000));
    const versions = await rows(
      `SELECT name, valid_from - $2::bigint AS from, valid_to - $2::bigint AS to FROM inventory WHERE id = $1 AND superseded_at IS NULL ORDER BY valid_from`,
      [a, NOW],
    );
    expect(versions).toEqual([
      { name: a, from: 0, to: 1_000 },
      { name: 'second', from: 1_000, to: 2_000 },
      { name: 'third', from: 2_000, to: 3_000 },
    ]);
  });

  test('a line about an object that was never told of refuses the whole batch', async () => {
    const { node, a } = await begun();
    const refused = await node.tell(lineOf.change(a, 'unknown', 'up', LATER), lineOf.change(`${node.node}:nobody`, 'unknown', 'up', LATER));
    expect(refused).toMatchObject({ status: 422, body: { code: 'object-unknown', sequence: 4, resume: { sequence: 2 } } });
    expect(await history(a)).toEqual([]);
    expect(await rows('SELECT refused ->> $2 AS code FROM federation_nodes WHERE node = $1', [node.node, 'code'])).toEqual([
      { code: 'object-unknown' },
    ]);
    const counted = await centre.registry.getSingleMetricAsString('beacontower_federation_refused_total');
    expect(counted).toContain(`code="object-unknown"`);
    // Nothing else that is taken hides that the log stands still.
    expect((await node.hello()).status).toBe(200);
    expect((await node.snapshot({ log: 2 })).status).toBe(200);
    expect(await rows('SELECT refused IS NULL AS well FROM federation_nodes WHERE node = $1', [node.node])).toEqual([{ well: false }]);
    node.lines.splice(2);
    expect((await node.tell(lineOf.change(a, 'unknown', 'up', LATER))).status).toBe(200);
    expect(await rows('SELECT refused IS NULL AS well FROM federation_nodes WHERE node = $1', [node.node])).toEqual([{ well: true }]);
  });

  test('a revision takes the place of what was told; the same again changes nothing', async () => {
    const { node, a } = await begun();
    const revision = lineOf.any('revision', LATER, {
      object: a,
      check: null,
      resolutionMs: 20_000,
      from: NOW,
      to: NOW + 5_000,
      transitions: [changeAt('unknown', 'up', NOW + 1_000), changeAt('up', 'down', NOW + 2_000), changeAt('down', 'up', NOW + 3_000)],
    });
    await node.tell(revision);
    expect(await history(a)).toEqual(['unknown 1000 up', 'up 2000 down', 'down 3000 up']);
    expect(await present(a)).toBe('up');
    const other = lineOf.any('revision', LATER, {
      object: a,
      check: null,
      resolutionMs: 20_000,
      from: NOW + 1_500,
      to: NOW + 5_000,
      transitions: [changeAt('up', 'down', NOW + 2_500), changeAt('down', 'up', NOW + 3_000)],
    });
    await node.tell(other, other);
    expect(await history(a)).toEqual(['unknown 1000 up', 'up 2500 down', 'down 3000 up']);
  });

  test('what is told late is put in its place, changes of one moment together; what is told again is passed over', async () => {
    const { node, a } = await begun();
    const [up, later] = [lineOf.change(a, 'unknown', 'up', NOW + 1_000), lineOf.change(a, 'up', 'down', NOW + 5_000)];
    const open = [lineOf.change(a, 'up', 'unknown', NOW + 3_000), lineOf.change(a, 'unknown', 'up', NOW + 3_000)];
    await node.tell(up, up, later);
    await node.tell(up, ...open, ...open, later);
    await node.tell(...open);
    expect(await history(a)).toEqual(['unknown 1000 up', 'up 3000 unknown', 'unknown 3000 up', 'up 5000 down']);
    expect(await present(a)).toBe('down');
    const told = await rows(`SELECT count(*) AS told FROM log WHERE subject = $1 AND kind = 'state'`, [a]);
    expect(told).toEqual([{ told: 2 }]);
  });

  test('an outage told open and again with its end is one; its object is up otherwise', async () => {
    const { node, a } = await begun({ capabilities: ['outages'] });
    const edge = (at: number) => ({ at: NOW + at, earliest: NOW + at, latest: NOW + at });
    const outage = (began: number, ended: number | null) =>
      lineOf.any('outage', LATER, { object: a, began: edge(began), ended: ended === null ? null : edge(ended), resolutionMs: 60_000 });
    expect(await history(a)).toEqual(['unknown 0 up']);
    await node.tell(outage(10_000, null));
    expect(await present(a)).toBe('down');
    await node.tell(outage(10_000, 20_000), outage(30_000, 40_000));
    expect(await history(a)).toEqual(['unknown 0 up', 'up 10000 down', 'down 20000 up', 'up 30000 down', 'down 40000 up']);
    await node.tell(outage(9_000, 21_000), outage(25_000, 35_000));
    // One that began better known is another beginning of the same where they meet.
    expect(await history(a)).toEqual(['unknown 0 up', 'up 9000 down', 'down 21000 up', 'up 25000 down', 'down 35000 up']);
    expect(await present(a)).toBe('up');
    expect((await node.tell(outage(50_000, 45_000))).body.code).toBe('envelope-invalid');
  });

  test('planned work and restatements stand here as there; another node cannot touch them', async () => {
    const { node, a } = await begun();
    const work = {
      id: randomUUID(),
      title: '割接',
      objects: [a],
      divisions: [],
      startsAt: NOW + 10_000,
      endsAt: NOW + 20_000,
      createdAt: NOW,
      createdBy: 'li',
      approvedAt: null,
      approvedBy: null,
      cancelledAt: null,
      cancelledBy: null,
    };
    const restated = {
      id: randomUUID(),
      effect: 'charge' as const,
      objects: [a],
      divisions: [node.division],
      startsAt: NOW,
      endsAt: NOW + 5_000,
      party: 'telecom',
      reason: '光缆中断',
      recordedAt: NOW,
      recordedBy: 'li',
      withdrawnAt: null,
      withdrawnBy: null,
      withdrawnReason: null,
    };
    await node.tell(lineOf.any('maintenance', LATER, work), lineOf.any('reclassification', LATER, restated));
    await node.tell(
      lineOf.any('maintenance', LATER, { ...work, approvedAt: NOW + 1, approvedBy: 'wang' }),
      lineOf.any('reclassification', LATER, { ...restated, withdrawnAt: NOW + 1, withdrawnBy: 'wang', withdrawnReason: '误填' }),
    );
    expect(await rows('SELECT node, approved_by FROM maintenance WHERE id = $1', [work.id])).toEqual([
      { node: node.node, approved_by: 'wang' },
    ]);
    expect(await rows('SELECT node, withdrawn_by FROM reclassifications WHERE id = $1', [restated.id])).toEqual([
      { node: node.node, withdrawn_by: 'wang' },
    ]);
    const other = await begun();
    expect(
      (await other.node.tell(lineOf.any('maintenance', LATER, { ...work, objects: [], divisions: [other.node.division] }))).body.code,
    ).toBe('out-of-scope');
    expect((await node.tell(lineOf.any('reclassification', LATER, { ...restated, id: randomUUID(), party: null }))).body.code).toBe(
      'envelope-invalid',
    );
  });

  test('parties: what is configured here stands, then what was told first', async () => {
    const [first, second] = [await begun(), await begun()];
    const party = (name: string) => lineOf.any('party', NOW, { id: 'carrier-x', name, nameEn: null, tier: 'carrier' as const });
    await first.node.tell(party('一'));
    await second.node.tell(party('二'));
    await first.node.tell(party('三'));
    expect(await rows(`SELECT name FROM inventory WHERE entity = 'party' AND id = 'carrier-x' AND superseded_at IS NULL`)).toEqual([
      { name: '三' },
    ]);
  });

  test('a node below it may be spoken of once it is introduced, and only by the one it reports to', async () => {
    const [{ node }, other] = [await begun(), await begun()];
    const city = `${node.node}-city`;
    const introduced = (id: string, division: string, via: string) =>
      lineOf.any('node', NOW, { id, name: id, nameEn: null, division, timeZone: 'Asia/Shanghai', via });
    const early = await node.tell(lineOf.object(`${city}:x`, `${node.division}.c`, NOW));
    expect(early.body).toMatchObject({ code: 'out-of-scope', sequence: 3 });
    node.lines.splice(2);
    const told = await node.tell(
      introduced(city, `${node.division}.c`, node.node),
      lineOf.object(`${city}:x`, `${node.division}.c`, NOW),
      lineOf.change(`${city}:x`, 'unknown', 'up', LATER),
    );
    expect(told.status).toBe(200);
    expect(await rows('SELECT via, division FROM federation_nodes WHERE node = $1', [city])).toEqual([
      { via: node.node, division: `${node.division}.c` },
    ]);
    expect((await node.snapshot({ observed: [{ node: city, until: { pinged: LATER, all: LATER, composed: LATER } }] })).status).toBe(200);
    expect(await rows('SELECT observed_pinged AS until FROM federation_nodes WHERE node = $1', [city])).toEqual([{ until: LATER }]);
    for (const line of [
      introduced(city, other.node.division, other.node.node),
      introduced(node.node, other.node.division, other.node.node),
      introduced('cn', other.node.division, other.node.node),
      introduced('far', 'cn.elsewhere', other.node.node),
      introduced('far', other.node.division, 'nobody'),
    ]) {
      expect((await other.node.tell(line)).body.code).toBe('out-of-scope');
      other.node.lines.splice(2);
    }
  });

  test.each<[string, (own: string, node: string, division: string) => ReturnType<typeof lineOf.change>]>([
    ['an object of another node', () => lineOf.object('cn:core', 'cn.n1', NOW)],
    ['a division of another', (own) => lineOf.object(own, 'cn.zz', NOW)],
    ['a check that is not its own', (own) => lineOf.change(own, 'unknown', 'up', LATER, 'cn:core/icmp4')],
    [
      'an interface of a foreign device',
      (own, _node, division) =>
        lineOf.object(own, division, NOW, {
          checks: [
            {
              id: `${own}/status`,
              kind: 'interface',
              family: null,
              target: 'GE0',
              device: 'cn:core',
              intervalMs: null,
              resolutionMs: null,
            },
          ],
        }),
    ],
    [
      'a composite of foreign members',
      (own, _node, division) => lineOf.object(own, division, NOW, { combines: { rule: { require: 'any' }, of: ['cn:core'] } }),
    ],
    ['a foreign parent', (own, _node, division) => lineOf.object(own, division, NOW, { parents: ['cn:core'] })],
    [
      'a roll-up of another division',
      () =>
        lineOf.any('rollup', NOW, {
          date: '2026-01-01',
          timeZone: 'Asia/Shanghai',
          division: 'cn.zz',
          class: 'backbone',
          objects: 1,
          upMs: 0,
          downMs: 0,
          unknownMs: 0,
          excludedMs: 0,
          downLeastMs: 0,
          downMostMs: 0,
        }),
    ],
    [
      'planned work in another division',
      () =>
        lineOf.any('maintenance', NOW, {
          id: randomUUID(),
          title: 'x',
          objects: [],
          divisions: ['cn'],
          startsAt: NOW,
          endsAt: LATER,
          createdAt: NOW,
          createdBy: 'x',
          approvedAt: null,
          approvedBy: null,
          cancelledAt: null,
          cancelledBy: null,
        }),
    ],
  ])('%s is out of scope', async (_what, line) => {
    const { node, a } = await begun();
    expect((await node.tell(line(a, node.node, node.division))).body).toMatchObject({ code: 'out-of-scope', sequence: 3 });
    expect((await node.snapshot({ states: [['cn:core', 'down', NOW, 'no-reply']] })).body.code).toBe('out-of-scope');
    expect((await node.snapshot({ observed: [{ node: 'cn', until: { pinged: 1, all: 1, composed: 1 } }] })).body.code).toBe('out-of-scope');
  });

  test.each<[string, string, (own: string, division: string) => ReturnType<typeof lineOf.change>]>([
    ['a time to come', 'event-in-future', (own) => lineOf.change(own, 'unknown', 'up', Date.now() + 300_000)],
    [
      'a time to come behind an honest head',
      'event-in-future',
      (own) => ({ ...lineOf.change(own, 'unknown', 'up', Date.now() + 300_000), eventAt: NOW, recordedAt: NOW }),
    ],
    [
      'a moment past all dates',
      'event-in-future',
      (own) => ({ ...lineOf.change(own, 'unknown', 'up', Number.MAX_SAFE_INTEGER), eventAt: NOW, recordedAt: NOW }),
    ],
    ['a NUL in a name', 'envelope-invalid', (own, division) => lineOf.object(own, division, NOW + 1, { name: 'a\u0000b' })],
    ['half a character', 'envelope-invalid', (own, division) => lineOf.object(own, division, NOW + 1, { attributes: { x: '\ud800' } })],
    [
      'a resolution past all numbers',
      'envelope-invalid',
      (own) => lineOf.any('transition', NOW, { object: own, check: null, resolutionMs: 2 ** 40, ...changeAt('unknown', 'up', NOW + 1) }),
    ],
  ])('%s is refused', async (_what, code, line) => {
    const { node, a } = await begun();
    expect((await node.tell(line(a, node.division))).body).toMatchObject({ code });
    expect(await history(a)).toEqual([]);
  });

  test('while the log is behind, the snapshot says what is, and late lines do not', async () => {
    const { node, a } = await begun();
    const b = `${node.node}:b`;
    node.say(lineOf.object(b, node.division, NOW));
    for (let index = 0; index < 600; index++)
      node.say(lineOf.change(a, index % 2 === 0 ? 'up' : 'down', index % 2 === 0 ? 'down' : 'up', NOW + index + 1));
    await node.log(node.lines.slice(2, 3));
    expect((await node.snapshot({ states: [[a, 'up', LATER, 'replied']], base: 7 })).body.code).toBe('snapshot-base-unknown');
    expect(
      (
        await node.snapshot({
          states: [
            [a, 'up', LATER, 'replied'],
            [b, 'down', LATER, 'no-reply'],
          ],
        })
      ).status,
    ).toBe(200);
    expect([await present(a), await present(b)]).toEqual(['up', 'down']);
    await node.log(node.lines.slice(3, 104));
    expect(await present(a)).toBe('up');
    expect((await history(a)).length).toBe(101);
    await node.log(node.lines.slice(104));
    expect((await history(a)).at(-1)).toBe('down 600 up');
    const log = await rows(`SELECT count(*) AS told FROM log WHERE subject = $1 AND kind = 'state'`, [a]);
    expect(log).toEqual([{ told: 0 }]);
    const settled = await node.snapshot({ states: [[a, 'up', NOW + 600, 'replied']] });
    expect(settled.body).toMatchObject({ digestsWanted: false });
    expect((await node.snapshot({ states: [[a, 'down', NOW + 600, 'no-reply']] })).body).toMatchObject({ digestsWanted: true });
  });

  test('a node that went on from a back-up takes nothing away; what it does not know any more stays', async () => {
    const { node, a } = await begun();
    await node.tell(lineOf.change(a, 'unknown', 'up', NOW + 1_000));
    const saved = { lines: [...node.lines], incarnation: node.incarnation };
    await node.tell(lineOf.change(a, 'up', 'down', NOW + 2_000), lineOf.change(a, 'down', 'up', NOW + 3_000));
    await node.snapshot({ observed: [{ node: node.node, until: { pinged: NOW + 4_000, all: NOW + 4_000, composed: NOW + 4_000 } }] });

    node.lines = [...saved.lines];
    expect((await node.hello()).body).toMatchObject({ code: 'history-differs', resume: { sequence: 5 } });
    const { marks } = (await node.get(`/marks?incarnation=${saved.incarnation}`)).body as { marks: { sequence: number; hash: string }[] };
    const common = marks.find(({ sequence, hash }) => saved.lines.some((line) => line.sequence === sequence && line.hash === hash));
    expect(common).toBeDefined();

    node.incarnation = randomUUID();
    node.lines = [];
    node.version = 0;
    const previous = { incarnation: saved.incarnation, sequence: common?.sequence ?? 0, hash: common?.hash ?? '' };
    expect((await node.begin({}, { previous, knownUntil: NOW + 1_500 })).body).toMatchObject({ previous: { sequence: 5 } });
    node.say(
      lineOf.object(a, node.division, NOW),
      lineOf.change(a, 'unknown', 'up', NOW + 1_000),
      lineOf.change(a, 'up', 'unknown', NOW + 1_500),
      lineOf.change(a, 'unknown', 'up', NOW + 9_000),
    );
    expect((await node.logAll()).status).toBe(200);
    expect(await history(a)).toEqual(['unknown 1000 up', 'up 2000 down', 'down 3000 up', 'up 4000 unknown', 'unknown 9000 up']);
    expect(await present(a)).toBe('up');
    await node.tell(
      lineOf.any('revision', LATER, {
        object: a,
        check: null,
        resolutionMs: 20_000,
        from: NOW,
        to: null,
        transitions: [
          changeAt('unknown', 'up', NOW + 1_000),
          changeAt('up', 'unknown', NOW + 1_500),
          changeAt('unknown', 'up', NOW + 9_000),
        ],
      }),
    );
    expect(await history(a)).toEqual(['unknown 1000 up', 'up 2000 down', 'down 3000 up', 'up 4000 unknown', 'unknown 9000 up']);

    const before = node.incarnation;
    node.incarnation = saved.incarnation;
    expect((await node.hello()).body.code).toBe('incarnation-superseded');
    expect((await node.log(node.lines)).body.code).toBe('hello-needed');
    node.incarnation = randomUUID();
    node.lines = [];
    await node.begin({}, { previous: { incarnation: before, sequence: 3, hash: 'f'.repeat(64) } });
    expect((await node.logAll()).body.code).toBe('history-differs');
  });

  test('digests are of the bytes that the protocol names', async () => {
    const { createHash } = await import('node:crypto');
    const { node, a } = await begun();
    await node.tell(lineOf.change(a, 'unknown', 'up', NOW + 1_000), lineOf.change(a, 'up', 'down', NOW + 2_000, `${a}/icmp4`));
    const text = [
      [a, NOW + 1_000, 'unknown', 'up', NOW + 500, NOW + 1_000, 'replied'],
      [`${a}/icmp4`, NOW + 2_000, 'up', 'down', NOW + 1_500, NOW + 2_000, 'no-reply'],
    ].map((fields) => `${fields.join('\t')}\n`);
    const date = new Date(NOW + 1_000).toISOString().slice(0, 10);
    const answer = await node.send('POST', '/digests', { from: date, to: date });
    expect(answer.body.applied).toMatchObject({ sequence: 4 });
    expect(answer.body.digests).toEqual([
      {
        date,
        bucket: (createHash('sha256').update(a).digest()[0] ?? 0) % 64,
        digest: createHash('sha256').update(text.sort().join('')).digest('hex'),
        transitions: 2,
      },
    ]);
    expect((await node.send('POST', '/digests', { from: date, to: '2999-01-01' })).body.code).toBe('message-invalid');
    expect((await node.send('POST', '/digests', { from: date, to: '2000-01-01' })).body.code).toBe('message-invalid');
  });

  test('a roll-up is held against the figures here once the record of its day is', async () => {
    const { node, a } = await begun();
    const date = new Date(NOW - 3 * 86_400_000).toISOString().slice(0, 10);
    const from = Date.parse(`${date}T00:00:00Z`);
    const down = { ...changeAt('up', 'down', from + 1_000_000), earliest: from + 1_000_000 };
    const up = { ...changeAt('down', 'up', from + 1_060_000), earliest: from + 1_060_000 };
    const rollup = (downMs: number) =>
      lineOf.any('rollup', NOW, {
        date,
        timeZone: 'UTC',
        division: node.division,
        class: 'user-access',
        objects: 1,
        upMs: 86_400_000 - downMs,
        downMs,
        unknownMs: 0,
        excludedMs: 0,
        downLeastMs: downMs,
        downMostMs: downMs,
      });
    const revision = (transitions: ReturnType<typeof changeAt>[]) =>
      lineOf.any('revision', NOW, { object: a, check: null, resolutionMs: 0, from: from - 86_400_000, to: null, transitions });
    await node.tell(
      lineOf.object(a, node.division, from - 86_400_000, {}, NOW),
      revision([changeAt('unknown', 'up', from - 80_000_000), down, up]),
      rollup(60_000),
    );
    const days = async () => (await readUncomparedDays(centre.database, Date.now() + 120_000)).filter((day) => day.node === node.node);
    expect(await days()).toEqual([]);
    await node.snapshot({ observed: [{ node: node.node, until: { pinged: NOW, all: NOW, composed: NOW } }] });
    const [day] = await days();
    if (day === undefined) throw new Error('the day can be compared');
    expect(await compareDay(centre.database, day, Date.now())).toEqual({ groups: 1, differing: 0 });
    expect(await days()).toEqual([]);
    await node.tell(rollup(61_000));
    expect(await compareDay(centre.database, day, Date.now())).toEqual({ groups: 1, differing: 1 });
    expect(await rows('SELECT difference FROM federation_rollups WHERE node = $1', [node.node])).toEqual([
      { difference: { upMs: 1_000, downMs: -1_000, downLeastMs: -1_000, downMostMs: -1_000 } },
    ]);
  });

  test('marks thin out with age', async () => {
    const { node } = await begun();
    const day = 86_400_000;
    const set = (sequence: number, at: number) =>
      centre.database.query('INSERT INTO federation_marks (node, incarnation, sequence, hash, at) VALUES ($1, $2, $3, $4, $5)', [
        node.node,
        node.incarnation,
        sequence,
        'a'.repeat(64),
        at,
      ]);
    const hour = Math.floor((NOW - 2 * day) / 3_600_000) * 3_600_000;
    const old = Math.floor((NOW - 40 * day) / day) * day;
    for (const [sequence, at] of [
      [101, old],
      [102, old + 7_200_000],
      [201, hour],
      [202, hour + 60_000],
      [203, hour + 3_600_000],
      [301, NOW],
      [302, NOW + 1],
    ] as const)
      await set(sequence, at);
    await thinMarks(centre.database, Date.now());
    const { marks } = (await node.get(`/marks?incarnation=${node.incarnation}`)).body as { marks: { sequence: number }[] };
    expect(marks.map(({ sequence }) => sequence)).toEqual([302, 301, 203, 202, 102, 2]);
  });

  test('a process that ends in the middle of a batch leaves nothing of it; sent again it is there once', async () => {
    const { node, a } = await begun();
    const made = node.say(lineOf.change(a, 'unknown', 'up', LATER), lineOf.change(a, 'up', 'down', LATER + 1));
    const text = `${made.map(({ line }) => line).join('\n')}\n`;
    const dying: Database = {
      ...centre.database,
      // What a killed process leaves: a connection that goes away before the commit.
      transaction: (work) =>
        centre.database.transaction(async (tx) => {
          await work(tx);
          throw new Error('killed');
        }),
    };
    await expect(applyBatch({ database: dying, clock }, node.node, node.incarnation, text)).rejects.toThrow('killed');
    expect(await history(a)).toEqual([]);
    expect((await node.log(made)).body).toMatchObject({ acknowledged: { sequence: 4 } });
    expect((await node.log(made)).body).toMatchObject({ acknowledged: { sequence: 4 } });
    expect(await history(a)).toHaveLength(2);
  });
});
