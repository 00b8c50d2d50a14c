import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { changeAt, lineOf } from './speaking.fixture.ts';
import { LATER, NOW, startTelling, type Telling } from './telling.fixture.ts';

describe('what nodes below tell', () => {
  let telling: Telling;
  beforeAll(async () => {
    telling = await startTelling();
  });
  afterEach(() => telling.rest());
  afterAll(() => telling.stop());

  const enrolled = (...args: Parameters<Telling['enrolled']>) => telling.enrolled(...args);
  const begun = (...args: Parameters<Telling['begun']>) => telling.begun(...args);
  const rows = (...args: Parameters<Telling['rows']>) => telling.rows(...args);
  const history = (...args: Parameters<Telling['history']>) => telling.history(...args);
  const present = (...args: Parameters<Telling['present']>) => telling.present(...args);

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
    const counted = await telling.centre.registry.getSingleMetricAsString('beacontower_federation_refused_total');
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
});
