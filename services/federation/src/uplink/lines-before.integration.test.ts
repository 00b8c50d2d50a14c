/** A log that goes on from a common place says what came after it anew, in parts, and is heard meanwhile. */
import { recordTransitions } from '@beacontower/database';
import type { Transition } from '@beacontower/domain';
import type { Component } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clock, startCentre, startNode, startPostgres, type TestCentre, type TestNode, uplinkOf } from '../federation.fixture.ts';

const LINES = 9_000;
const TOLD = `SELECT subject, from_state, to_state, at, earliest, latest, reason, resolution_ms FROM transitions WHERE superseded_at IS NULL ORDER BY subject, at, id`;
let server: TestServer;
let centre: TestCentre;
let node: TestNode;
let uplink: Component;

const rowsOf = async (of: TestNode, sql: string) => (await of.database.query(sql)).rows;
const chainOf = async () =>
  (await rowsOf(node, 'SELECT incarnation::text AS incarnation, built, acknowledged, building FROM uplink'))[0] as {
    readonly incarnation: string;
    readonly built: number;
    readonly acknowledged: number;
    readonly building: { readonly before?: readonly { readonly after: number; readonly last: number }[] };
  };
const same = () =>
  waitFor(
    async () => {
      const { built, acknowledged, building } = await chainOf();
      if (building.before !== undefined || built === 0 || acknowledged !== built) return false;
      return JSON.stringify(await rowsOf(centre, TOLD)) === JSON.stringify(await rowsOf(node, TOLD));
    },
    { what: 'the same record at the centre', timeoutMs: 50_000, intervalMs: 100 },
  );

/** What is applied at the centre is not this node's any more, and of the places before it only the first is remembered. */
async function fork(): Promise<void> {
  await centre.database.query(`UPDATE federation_nodes SET hash = repeat('a', 64) WHERE node = 'gd'`);
  await centre.database.query(
    `DELETE FROM federation_marks m USING federation_nodes n WHERE m.incarnation = n.incarnation
       AND m.sequence > (SELECT min(sequence) FROM federation_marks WHERE incarnation = n.incarnation)`,
  );
}

function changes(count: number): Transition[] {
  const begin = clock.now() - 86_400_000;
  return Array.from({ length: count }, (_, index): Transition => {
    const at = begin + index * 5_000;
    const [from, to] = index % 2 === 0 ? (['down', 'up'] as const) : (['up', 'down'] as const);
    return {
      from: index === 0 ? 'unknown' : from,
      to,
      edge: { at, earliest: at - 1_000, latest: at },
      reason: to === 'up' ? 'replied' : 'no-reply',
      decidedAt: at,
    };
  });
}

beforeAll(async () => {
  server = await startPostgres();
  centre = await startCentre(server);
  node = await startNode(server, 'gd', 'cn.gd');
  await node.apply(['gd:a', 'gd:b']);
  uplink = await uplinkOf(node, 'cn.gd', await centre.enrol('gd', 'cn.gd'));
  await uplink.start();
  await same();
  const written = changes(LINES).map((transition) => {
    return { objectId: 'gd:a', check: null, transition, resolutionMs: 20_000, epoch: 1, told: true };
  });
  await node.database.transaction((tx) => recordTransitions(tx, written, clock.now()));
  await same();
});
afterAll(async () => {
  await uplink.stop();
  await node.stop();
  await centre.stop();
  await server.stop();
});

/** Has the next restoration come to a line and no further; the uplink is stopped there, as a machine that goes down stops it. */
async function stopAt(line: number, isSo: () => Promise<boolean>): Promise<void> {
  await node.database.transaction(async (tx) => {
    await tx.query('SELECT FROM uplink_log WHERE sequence = $1 FOR UPDATE', [line]);
    await uplink.start();
    await waitFor(isSo, { what: 'a part of the lines, said anew and applied', timeoutMs: 30_000 });
    let isStopped = false;
    const stopped = uplink.stop().finally(() => {
      isStopped = true;
    });
    const waiting = `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    const ended = async () => {
      await tx.query(waiting);
      return isStopped;
    };
    await waitFor(ended, { what: 'the end of the uplink', intervalMs: 20, timeoutMs: 30_000 });
    await stopped;
  });
}

test('a restoration in the midst of another loses no line, and says none twice', async () => {
  const before = await chainOf();
  await uplink.stop();
  await fork();
  await stopAt(5_000, async () => {
    const [place] = await rowsOf(centre, 'SELECT incarnation::text AS incarnation, sequence FROM federation_nodes');
    return place?.incarnation !== before.incarnation && place?.sequence > 1;
  });
  const { incarnation } = await chainOf();
  expect((await chainOf()).building.before).toBeDefined();
  await fork();
  await node.transition('gd:b', 'up');
  await uplink.start();
  await same();
  const after = await chainOf();
  expect([before.incarnation, incarnation]).not.toContain(after.incarnation);
  // From the first place of the second log: not so many as of the first, and each once.
  const [kept] = await rowsOf(node, 'SELECT count(*) AS lines, min(sequence) AS first, max(sequence) AS last FROM uplink_log');
  expect(kept).toEqual({ lines: after.built, first: 1, last: after.built });
  const [{ superseded }] = (await rowsOf(centre, 'SELECT count(*) AS superseded FROM transitions WHERE superseded_at IS NOT NULL')) as [
    { superseded: number },
  ];
  expect(superseded).toBe(0);
  expect(await rowsOf(node, TOLD)).toHaveLength(LINES + 1);
});

test('a log whose place is not kept any more is begun anew, whatever waits to be said', async () => {
  await uplink.stop();
  await fork();
  await centre.database.query('DELETE FROM federation_marks');
  const before = await chainOf();
  await uplink.start();
  await waitFor(async () => (await chainOf()).incarnation !== before.incarnation, { what: 'another log' });
  await node.transition('gd:b', 'down');
  await same();
});
