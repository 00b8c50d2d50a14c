/** A node above that was restored asks for an earlier place: it is served from there while that is kept, and told everything when it is not. */
import type { Component } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCentre, startNode, startPostgres, type TestCentre, type TestNode, uplinkOf } from '../federation.fixture.ts';

const TOLD = `SELECT subject, from_state, to_state, at FROM transitions WHERE superseded_at IS NULL ORDER BY subject, at, id`;
const KEPT = 8;
let server: TestServer;
let centre: TestCentre;
let node: TestNode;
let uplink: Component;

const rowsOf = async (of: TestNode, sql: string, values: unknown[] = []) => (await of.database.query(sql, values)).rows;
const same = (what: string) =>
  waitFor(async () => JSON.stringify(await rowsOf(centre, TOLD)) === JSON.stringify(await rowsOf(node, TOLD)), { what, timeoutMs: 30_000 });
const incarnationOf = async () => (await rowsOf(node, 'SELECT incarnation::text AS it FROM uplink'))[0]?.it as string;

/** The centre has applied no more than so many lines. */
async function restoreCentre(sequence: number): Promise<void> {
  const [line] = await rowsOf(node, 'SELECT hash, line::jsonb ->> $2 AS at FROM uplink_log WHERE sequence = $1', [sequence, 'recordedAt']);
  await rowsOf(centre, 'UPDATE federation_nodes SET sequence = $1, hash = $2', [sequence, line?.hash]);
  await rowsOf(centre, `DELETE FROM transitions WHERE id > 3`);
}

beforeAll(async () => {
  server = await startPostgres();
  centre = await startCentre(server);
  node = await startNode(server, 'gd', 'cn.gd');
  await node.apply(['gd:a']);
  uplink = await uplinkOf(node, 'cn.gd', await centre.enrol('gd', 'cn.gd'));
  await uplink.start();
  for (let index = 0; index < 20; index++) await node.transition('gd:a', index % 2 === 0 ? 'up' : 'down');
  await same('the record at the centre');
});
afterAll(async () => {
  await uplink.stop();
  await node.stop();
  await centre.stop();
  await server.stop();
});

test('a lower place is served from what is kept, in the same log', async () => {
  const before = await incarnationOf();
  await uplink.stop();
  const [first] = await rowsOf(node, `SELECT min(sequence) AS it FROM uplink_log WHERE line::jsonb ->> 'kind' = 'transition'`);
  await restoreCentre(Number(first?.it) + 1);
  await uplink.start();
  await same('the record at the centre again');
  expect(await incarnationOf()).toBe(before);
});

test('of a place that is not kept any more, everything is told anew', async () => {
  const before = await incarnationOf();
  await uplink.stop();
  await restoreCentre(KEPT - 4);
  await rowsOf(node, 'DELETE FROM uplink_log WHERE sequence < $1', [KEPT]);
  await uplink.start();
  await same('the record at the centre, told anew');
  expect(await incarnationOf()).not.toBe(before);
});
