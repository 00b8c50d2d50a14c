import { restartChain } from '@beacontower/database';
import type { Component } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clock, startCentre, startNode, startPostgres, type TestCentre, type TestNode, uplinkOf } from '../federation.fixture.ts';
import type { ParentAddress } from './client.ts';

const IN_FORCE = `SELECT subject, to_state, at FROM transitions WHERE superseded_at IS NULL AND subject_kind = 'object' ORDER BY subject, at, id`;
const rowsOf = async (node: TestNode, sql: string) => (await node.database.query(sql)).rows;
const statesOf = async (node: TestNode, object: string) =>
  (await rowsOf(node, IN_FORCE)).filter(({ subject }) => subject === object).map(({ to_state }) => to_state as string);

describe('a node whose back-up was restored', () => {
  let server: TestServer;
  let centre: TestCentre;
  let parent: ParentAddress;
  let node: TestNode;
  let uplink: Component;

  const until = (object: string, states: readonly string[]) =>
    waitFor(async () => (await statesOf(centre, object)).join() === states.join(), {
      what: `${object}: ${states.join()}`,
      timeoutMs: 20_000,
    });
  const report = async () => {
    uplink = await uplinkOf(node, 'cn.gd', parent);
    await uplink.start();
  };
  /** All is judged up to a moment, and the centre knows. */
  const observe = async (at: number) => {
    await node.database.query(
      `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, '0', '', $1, 0)`,
      [at],
    );
    const observed = `SELECT FROM federation_nodes WHERE observed_pinged = ${at}`;
    await waitFor(async () => (await rowsOf(centre, observed)).length > 0, { what: 'the watermark at the centre' });
  };
  /** The centre remembers no other place than the first: all that the back-up has of the log is told anew, over what was told after it. */
  const rememberFirstLineOnly = async () => {
    const [{ hash }] = (await rowsOf(node, 'SELECT hash FROM uplink_log WHERE sequence = 1')) as [{ hash: string }];
    await centre.database.query('DELETE FROM federation_marks');
    await centre.database.query(
      `INSERT INTO federation_marks (node, incarnation, sequence, hash, at) SELECT node, incarnation, 1, $1, 0 FROM federation_nodes WHERE node = 'gd'`,
      [hash],
    );
  };
  const incarnationOf = async () => (await rowsOf(node, 'SELECT incarnation::text AS it FROM uplink'))[0]?.it as string;

  beforeAll(async () => {
    server = await startPostgres();
    centre = await startCentre(server);
    parent = await centre.enrol('gd', 'cn.gd');
    node = await startNode(server, 'gd', 'cn.gd');
    await node.apply(['gd:a', 'gd:b', 'gd:c']);
    await node.transition('gd:c', 'up', clock.now() - 50_000);
    await node.transition('gd:a', 'up', clock.now() - 60_000);
    await report();
    await until('gd:a', ['up']);
  });
  afterAll(async () => {
    await uplink.stop();
    await node.stop();
    await centre.stop();
    await server.stop();
  });

  test('goes on as a new incarnation from the last common place; what was told meanwhile stays', async () => {
    await uplink.stop();
    await node.stop();
    const backup = await startNode(server, 'gd', 'cn.gd', node);
    await backup.stop();
    const before = node;
    node = await startNode(server, 'gd', 'cn.gd', before);
    await report();
    await node.transition('gd:b', 'down', clock.now() - 30_000);
    await until('gd:b', ['down']);
    // Said of the time after the back-up, by a log that is lost with what it told of.
    await node.transition('gd:c', 'down');
    await node.transition('gd:c', 'up');
    const seen = ['up', 'down', 'up'];
    await until('gd:c', seen);
    await observe(clock.now());
    const old = await incarnationOf();
    await uplink.stop();
    await node.stop();

    node = await startNode(server, 'gd', 'cn.gd', backup);
    await rememberFirstLineOnly();
    await node.transition('gd:a', 'down');
    await report();
    await until('gd:a', ['up', 'down']);
    expect(await incarnationOf()).not.toBe(old);
    expect(await statesOf(centre, 'gd:b')).toEqual(['down']);
    expect(await statesOf(centre, 'gd:c')).toEqual(seen);
    const [{ previous }] = (await rowsOf(node, 'SELECT previous FROM uplink')) as [{ previous: { incarnation: string; sequence: number } }];
    expect(previous.incarnation).toBe(old);
    expect(previous.sequence).toBeGreaterThan(0);
    await node.transition('gd:b', 'up');
    await until('gd:b', ['down', 'up']);
  });

  test('the older incarnation is not heard any more, and says so instead of beginning another', async () => {
    const present = await incarnationOf();
    await uplink.stop();
    await node.stop();
    const copy = await startNode(server, 'gd', 'cn.gd', node);
    await copy.database.query(
      'UPDATE uplink SET incarnation = previous_of.it::uuid FROM (SELECT previous ->> $1 AS it FROM uplink) AS previous_of',
      ['incarnation'],
    );
    const copied = await uplinkOf(copy, 'cn.gd', parent);
    await copied.start();
    await waitFor(async () => (await rowsOf(copy, 'SELECT failure FROM uplink'))[0]?.failure?.code === 'incarnation-superseded', {
      what: 'the copy says why it is not heard',
    });
    await copied.stop();
    await copy.stop();
    const kept = node;
    node = await startNode(server, 'gd', 'cn.gd', kept);
    await report();
    await node.transition('gd:a', 'up');
    await until('gd:a', ['up', 'down', 'up']);
    expect(await incarnationOf()).toBe(present);
  });

  test('a centre that was restored, and has less than it acknowledged, is told again from there', async () => {
    await uplink.stop();
    const [{ sequence }] = (await rowsOf(
      centre,
      `SELECT min(m.sequence) AS sequence FROM federation_marks m JOIN federation_nodes n USING (node, incarnation)`,
    )) as [{ sequence: number }];
    await centre.database.query(
      `UPDATE federation_nodes n SET sequence = m.sequence, hash = m.hash FROM federation_marks m WHERE m.node = n.node AND m.incarnation = n.incarnation AND m.sequence = $1`,
      [sequence],
    );
    await report();
    await node.transition('gd:b', 'down');
    await until('gd:b', ['down', 'up', 'down']);
  });

  test('begins a new chain when a person says so, and tells everything anew', async () => {
    const restarted = await restartChain(node.database);
    expect(restarted?.before.sequence).toBeGreaterThan(0);
    await node.transition('gd:b', 'up');
    // Between what is known of the time before the back-up and what is known of the time after it, nobody looked.
    await until('gd:b', ['down', 'unknown', 'up', 'down', 'up']);
    await until('gd:a', ['up', 'down', 'up']);
    expect(await incarnationOf()).toBe(restarted?.incarnation);
  });
});
