import { randomUUID } from 'node:crypto';
import { insertMaintenance, markMaintenance, recordReclassification, recordTransitions, reviseTransitions } from '@beacontower/database';
import type { Transition } from '@beacontower/domain';
import type { Component } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clock, startCentre, startNode, startPostgres, type TestCentre, type TestNode, uplinkOf } from '../federation.fixture.ts';
import type { ParentAddress } from './client.ts';

const IN_FORCE = `SELECT subject, from_state, to_state, at, earliest, latest, reason, resolution_ms FROM transitions
  WHERE superseded_at IS NULL AND split_part(object_id, ':', 2) NOT LIKE 'other%' ORDER BY subject, at, id`;
const PLANNED = 'SELECT id, title, objects, divisions, starts_at, ends_at, approved_at, cancelled_at FROM maintenance ORDER BY id';
const RESTATED = 'SELECT id, effect, objects, divisions, starts_at, ends_at, reason, withdrawn_at FROM reclassifications ORDER BY id';

const rowsOf = async (node: TestNode, sql: string) => (await node.database.query(sql)).rows;
const same = (centre: TestNode, node: TestNode, sql: string, what: string) =>
  waitFor(async () => JSON.stringify(await rowsOf(centre, sql)) === JSON.stringify(await rowsOf(node, sql)), { what, timeoutMs: 30_000 });

/** A history of so many changes between up and down, a minute each, that ends long ago. */
function history(count: number): Transition[] {
  const end = clock.now() - 3_600_000;
  return Array.from({ length: count }, (_, index): Transition => {
    const at = end - (count - index) * 60_000;
    const edge = { at, earliest: at - 1_000, latest: at };
    const [from, to] = index % 2 === 0 ? (['down', 'up'] as const) : (['up', 'down'] as const);
    return { from: index === 0 ? 'unknown' : from, to, edge, reason: to === 'up' ? 'replied' : 'no-reply', decidedAt: at };
  });
}

describe('a node begins to report', () => {
  let server: TestServer;
  let centre: TestCentre;
  let province: TestNode;
  let uplink: Component;
  let parent: ParentAddress;

  const record = (objectId: string, transitions: readonly Transition[], resolutionMs = 20_000, check: string | null = null) =>
    province.database.transaction((tx) =>
      recordTransitions(
        tx,
        transitions.map((transition) => ({ objectId, check, transition, resolutionMs, epoch: 1, told: check === null })),
        clock.now(),
      ),
    );

  beforeAll(async () => {
    server = await startPostgres();
    centre = await startCentre(server);
    province = await startNode(server, 'gd', 'cn.gd');
    const many = Array.from({ length: 450 }, (_, index) => `gd:line-${String(index).padStart(3, '0')}`);
    await province.apply([...many, 'gd:other-1']);
    await province.database.query(`UPDATE inventory SET body = jsonb_set(body, '{division}', '"cn.gx"') WHERE id = 'gd:other-1'`);
    await record('gd:line-000', history(7_001));
    await record('gd:line-001', history(10).slice(0, 4), 20_000);
    await record('gd:line-001', history(10).slice(4), 30_000);
    await record('gd:line-002', history(3), 20_000, 'gd:line-002/icmp4');
    for (const object of many.slice(3)) await record(object, history(2));
    await insertMaintenance(
      province.database,
      randomUUID(),
      { title: '割接', objects: ['gd:line-001'], divisions: ['cn'], startsAt: 1, endsAt: 2 },
      'wang',
      clock.now(),
    );
    parent = await centre.enrol('gd', 'cn.gd');
    uplink = await uplinkOf(province, 'cn.gd', parent);
    await uplink.start();
  });
  afterAll(async () => {
    await uplink.stop();
    await province.stop();
    await centre.stop();
    await server.stop();
  });

  test('all that was there before is told, in steps that a restart goes on from', async () => {
    await waitFor(async () => ((await rowsOf(province, 'SELECT built FROM uplink'))[0]?.built ?? 0) > 2, { what: 'the first lines' });
    await uplink.stop();
    uplink = await uplinkOf(province, 'cn.gd', parent);
    await uplink.start();
    await same(centre, province, IN_FORCE, 'the same history at the centre');
    const [{ count }] = (await rowsOf(centre, 'SELECT count(*) FROM transitions WHERE superseded_at IS NOT NULL')) as [{ count: number }];
    expect(count).toBe(0);
    const planned = await rowsOf(centre, PLANNED);
    expect(planned).toMatchObject([{ title: '割接', objects: ['gd:line-001'], divisions: ['cn.gd'] }]);
  });

  test('no line is longer than one may be', async () => {
    const [{ longest }] = (await rowsOf(province, 'SELECT max(octet_length(line)) AS longest FROM uplink_log')) as [{ longest: number }];
    expect(longest).toBeLessThan(512 * 1024);
  });

  test('what is planned, restated and revised from then on is told as well', async () => {
    const work = randomUUID();
    const plan = { title: '升级', objects: [], divisions: ['cn.gd'], startsAt: clock.now() + 60_000, endsAt: clock.now() + 120_000 };
    await insertMaintenance(province.database, work, plan, 'wang', clock.now());
    await markMaintenance(province.database, work, 'approved', null, 'li', clock.now());
    const stated = {
      effect: 'exclude' as const,
      objects: ['gd:line-003'],
      divisions: [],
      startsAt: 10,
      endsAt: 20,
      party: null,
      reason: '割接',
    };
    await recordReclassification(province.database, randomUUID(), stated, 'li', clock.now());
    const [first] = history(7_001);
    await province.database.transaction((tx) =>
      reviseTransitions(
        tx,
        [
          {
            objectId: 'gd:line-000',
            check: null,
            from: 0,
            to: null,
            transitions: first === undefined ? [] : [first],
            resolutionMs: 1,
            epoch: 0,
          },
        ],
        clock.now(),
      ),
    );
    await same(centre, province, IN_FORCE, 'the revised history');
    await waitFor(async () => (await rowsOf(centre, PLANNED)).some((row) => row.id === work && row.approved_at !== null), {
      what: 'planned work, approved',
    });
    await same(centre, province, RESTATED, 'the restatement');
  });

  test('the changes of a check that say what its object says are told with it', async () => {
    const at = clock.now();
    const edge = { at: at - 500, earliest: at - 1_000, latest: at };
    const transition = { from: 'up' as const, to: 'down' as const, edge, reason: 'no-reply' as const, decidedAt: at };
    await province.database.transaction((tx) =>
      recordTransitions(
        tx,
        [
          { objectId: 'gd:line-010', check: 'gd:line-010/icmp4', transition, resolutionMs: 20_000, epoch: 1, told: false },
          { objectId: 'gd:line-010', check: null, transition, resolutionMs: 20_000, epoch: 1, told: true },
        ],
        at,
      ),
    );
    await same(centre, province, IN_FORCE, 'object and check');
  });

  test('what is out of its division is not told', async () => {
    const before = (await rowsOf(province, 'SELECT built FROM uplink'))[0]?.built;
    await record('gd:other-1', history(2));
    await province.transition('gd:line-011', 'down');
    await same(centre, province, IN_FORCE, 'what is in it');
    expect(await rowsOf(province, `SELECT FROM uplink_log WHERE sequence > ${before} AND line LIKE '%gd:other-1%'`)).toHaveLength(0);
  });

  test('says how far it is observed only with the line that tells the last of it', async () => {
    await province.database.query(
      `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, '0', '', 1000, 0)
       ON CONFLICT (partition) DO UPDATE SET watermark = excluded.watermark`,
    );
    await waitFor(async () => (await rowsOf(centre, `SELECT observed_all AS a FROM federation_nodes WHERE node = 'gd'`))[0]?.a === 1000, {
      what: 'the watermark at the centre',
    });
    const [{ line, built }] = (await rowsOf(province, `SELECT (building -> 'observed' ->> 'line')::bigint AS line, built FROM uplink`)) as [
      { line: number; built: number },
    ];
    expect(line).toBeLessThanOrEqual(built);
  });
});
