import type { Component } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCentre, startNode, startPostgres, type TestCentre, type TestNode, uplinkOf } from './federation.fixture.ts';

const TRANSITIONS = `SELECT subject, from_state, to_state, at, earliest, latest, reason, resolution_ms FROM transitions
  WHERE superseded_at IS NULL ORDER BY subject, at, id`;

describe('a province and the centre', () => {
  let server: TestServer;
  let centre: TestCentre;
  let province: TestNode;
  let uplink: Component;
  const rowsOf = async (node: TestNode, sql: string) => (await node.database.query(sql)).rows;

  beforeAll(async () => {
    server = await startPostgres();
    centre = await startCentre(server);
    province = await startNode(server, 'gd', 'cn.gd');
    await province.apply(['gd:a', 'gd:b']);
    await province.transition('gd:a', 'up');
    uplink = await uplinkOf(province, 'cn.gd', await centre.enrol('gd', 'cn.gd'));
    await uplink.start();
  });
  afterAll(async () => {
    await uplink.stop();
    await province.stop();
    await centre.stop();
    await server.stop();
  });

  const same = () =>
    waitFor(async () => JSON.stringify(await rowsOf(centre, TRANSITIONS)) === JSON.stringify(await rowsOf(province, TRANSITIONS)), {
      what: 'the same transitions at the centre',
    });

  test('what is known of its objects, and what happens to them, is there', async () => {
    await same();
    await province.transition('gd:a', 'down');
    await province.transition('gd:b', 'up');
    await same();
    expect(
      await rowsOf(
        centre,
        `SELECT id, origin, remote FROM inventory WHERE entity = 'object' AND valid_to IS NULL AND superseded_at IS NULL ORDER BY id`,
      ),
    ).toEqual([
      { id: 'gd:a', origin: 'federation', remote: 'gd' },
      { id: 'gd:b', origin: 'federation', remote: 'gd' },
    ]);
    expect(await rowsOf(centre, 'SELECT subject, state FROM current_states ORDER BY subject')).toEqual([
      { subject: 'gd:a', state: 'down' },
      { subject: 'gd:b', state: 'up' },
    ]);
  });

  test('after a restart it goes on where it was: what happened meanwhile comes next, and no line is told twice', async () => {
    const placeOf = async () =>
      (await rowsOf(centre, 'SELECT incarnation::text AS incarnation, sequence, hash FROM federation_nodes'))[0] as {
        incarnation: string;
        sequence: number;
      };
    await uplink.stop();
    const before = await placeOf();
    await province.transition('gd:a', 'up');
    await province.transition('gd:b', 'down');
    await uplink.start();
    await same();
    const after = await placeOf();
    expect(after).toMatchObject({ incarnation: before.incarnation, sequence: before.sequence + 2 });
    const again = await rowsOf(province, 'SELECT incarnation::text AS incarnation, built, acknowledged FROM uplink');
    expect(again).toEqual([{ incarnation: before.incarnation, built: after.sequence, acknowledged: after.sequence }]);
  });
});
