import { randomUUID } from 'node:crypto';
import { compareDay, type Database, readUncomparedDays, thinMarks } from '@beacontower/database';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clock } from '../federation.fixture.ts';
import { applyBatch } from './apply.ts';
import { changeAt, lineOf } from './speaking.fixture.ts';
import { LATER, NOW, startTelling, type Telling } from './telling.fixture.ts';

describe('what is kept of what nodes below told', () => {
  let telling: Telling;
  beforeAll(async () => {
    telling = await startTelling();
  });
  afterEach(() => telling.rest());
  afterAll(() => telling.stop());

  const begun = (...args: Parameters<Telling['begun']>) => telling.begun(...args);
  const rows = (...args: Parameters<Telling['rows']>) => telling.rows(...args);
  const history = (...args: Parameters<Telling['history']>) => telling.history(...args);
  const present = (...args: Parameters<Telling['present']>) => telling.present(...args);

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
    const days = async () =>
      (await readUncomparedDays(telling.centre.database, Date.now() + 120_000)).filter((day) => day.node === node.node);
    expect(await days()).toEqual([]);
    await node.snapshot({ observed: [{ node: node.node, until: { pinged: NOW, all: NOW, composed: NOW } }] });
    const [day] = await days();
    if (day === undefined) throw new Error('the day can be compared');
    expect(await compareDay(telling.centre.database, day, Date.now())).toEqual({ groups: 1, differing: 0 });
    expect(await days()).toEqual([]);
    await node.tell(rollup(61_000));
    expect(await compareDay(telling.centre.database, day, Date.now())).toEqual({ groups: 1, differing: 1 });
    expect(await rows('SELECT difference FROM federation_rollups WHERE node = $1', [node.node])).toEqual([
      { difference: { upMs: 1_000, downMs: -1_000, downLeastMs: -1_000, downMostMs: -1_000 } },
    ]);
  });

  test('marks thin out with age', async () => {
    const { node } = await begun();
    const day = 86_400_000;
    const set = (sequence: number, at: number) =>
      telling.centre.database.query('INSERT INTO federation_marks (node, incarnation, sequence, hash, at) VALUES ($1, $2, $3, $4, $5)', [
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
    await thinMarks(telling.centre.database, Date.now());
    const { marks } = (await node.get(`/marks?incarnation=${node.incarnation}`)).body as { marks: { sequence: number }[] };
    expect(marks.map(({ sequence }) => sequence)).toEqual([302, 301, 203, 202, 102, 2]);
  });

  test('a process that ends in the middle of a batch leaves nothing of it; sent again it is there once', async () => {
    const { node, a } = await begun();
    const made = node.say(lineOf.change(a, 'unknown', 'up', LATER), lineOf.change(a, 'up', 'down', LATER + 1));
    const text = `${made.map(({ line }) => line).join('\n')}\n`;
    const dying: Database = {
      ...telling.centre.database,
      // What a killed process leaves: a connection that goes away before the commit.
      transaction: (work) =>
        telling.centre.database.transaction(async (tx) => {
          await work(tx);
          throw new Error('killed');
        }),
    };
    const [shown] = await telling.rows('SELECT serial FROM federation_certificates WHERE node = $1', [node.node]);
    const from = { node: node.node, serial: String(shown?.serial) };
    await expect(applyBatch({ database: dying, clock }, from, node.incarnation, text)).rejects.toThrow('killed');
    expect(await history(a)).toEqual([]);
    expect((await node.log(made)).body).toMatchObject({ acknowledged: { sequence: 4 } });
    expect((await node.log(made)).body).toMatchObject({ acknowledged: { sequence: 4 } });
    expect(await history(a)).toHaveLength(2);
  });
});
