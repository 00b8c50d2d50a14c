/** A line that carries little: the present goes on being told while the log waits for its turn. */
import { recordTransitions } from '@beacontower/database';
import type { Transition } from '@beacontower/domain';
import type { Component } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clock, startCentre, startNode, startPostgres, type TestCentre, type TestNode, uplinkOf } from '../federation.fixture.ts';
import type { ParentAddress } from './client.ts';

const LINES = 2_000;
const TOLD = `SELECT subject, from_state, to_state, at FROM transitions WHERE superseded_at IS NULL ORDER BY subject, at, id`;
let server: TestServer;
let centre: TestCentre;
let node: TestNode;
let parent: ParentAddress;
let uplink: Component;

const rowsOf = async (of: TestNode, sql: string) => (await of.database.query(sql)).rows;
const same = () =>
  waitFor(async () => JSON.stringify(await rowsOf(centre, TOLD)) === JSON.stringify(await rowsOf(node, TOLD)), {
    what: 'the same record at the centre',
    timeoutMs: 50_000,
    intervalMs: 100,
  });
/** How the centre shows the present, and how far it has the log, in one look. */
const shown = async () =>
  (
    await rowsOf(
      centre,
      `SELECT n.snapshot_version AS version, n.sequence, (SELECT state FROM current_states WHERE subject = 'gd:b') AS state FROM federation_nodes n`,
    )
  )[0] as { readonly version: number; readonly sequence: number; readonly state: string };

beforeAll(async () => {
  server = await startPostgres();
  centre = await startCentre(server);
  node = await startNode(server, 'gd', 'cn.gd');
  await node.apply(['gd:a', 'gd:b']);
  await node.transition('gd:b', 'up');
  parent = await centre.enrol('gd', 'cn.gd');
  uplink = await uplinkOf(node, 'cn.gd', parent);
  await uplink.start();
  await same();
  await uplink.stop();
});
afterAll(async () => {
  await uplink.stop();
  await node.stop();
  await centre.stop();
  await server.stop();
});

test('after a cut the present is there before the log is, and is told again while the log waits', async () => {
  const { sequence } = await shown();
  const begin = clock.now() - LINES * 5_000;
  const written = Array.from({ length: LINES }, (_, index) => {
    const at = begin + index * 5_000;
    const [from, to] = index % 2 === 0 ? (['down', 'up'] as const) : (['up', 'down'] as const);
    const edge = { at, earliest: at - 1_000, latest: at };
    const transition: Transition = { from: index === 0 ? 'unknown' : from, to, edge, reason: 'replied', decidedAt: at };
    return { objectId: 'gd:a', check: null, transition, resolutionMs: 20_000, epoch: 1, told: true };
  });
  await node.database.transaction((tx) => recordTransitions(tx, written, clock.now()));
  await node.transition('gd:b', 'down');
  uplink = await uplinkOf(node, 'cn.gd', parent, { bytesPerSecond: 8_000 });
  await uplink.start();
  const all = sequence + LINES + 1;
  const first = await waitFor(
    async () => {
      const now = await shown();
      return now.state === 'down' && now;
    },
    { what: 'the present at the centre', timeoutMs: 30_000 },
  );
  expect(first.sequence).toBeLessThan(all);
  const later = await waitFor(
    async () => {
      const now = await shown();
      return now.version > first.version && now.sequence > first.sequence && now;
    },
    { what: 'another word of the present, and more of the log', timeoutMs: 30_000 },
  );
  expect(later.sequence).toBeLessThan(all);
  await same();
  expect((await shown()).sequence).toBe(all);
});
