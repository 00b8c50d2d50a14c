/** How long lines are kept once the node above has them, and that what it does not have is kept whatever it takes. */
import { insertUplinkLines, readUplinkStore } from '@beacontower/database';
import type { Component } from '@beacontower/runtime';
import { createLogger } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clock, startCentre, startNode, startPostgres, type TestCentre, type TestNode, uplinkOf } from '../federation.fixture.ts';
import { PRUNING_DEFAULTS, Pruning, type PruningOptions } from './pruning.ts';

const DAY_MS = 86_400_000;
const TURN = { lease: { name: 'test', holder: 'test', epoch: 1 } as never, signal: new AbortController().signal, fault: () => undefined };
let server: TestServer;
let centre: TestCentre;
let node: TestNode;
let uplink: Component;

const rowsOf = async (of: TestNode, sql: string, values: unknown[] = []) => (await of.database.query(sql, values)).rows;
const linesOf = async () => (await rowsOf(node, 'SELECT min(sequence) AS first, max(sequence) AS last FROM uplink_log'))[0];
const chainOf = async () =>
  (await rowsOf(node, 'SELECT incarnation::text AS incarnation, built, acknowledged FROM uplink'))[0] as {
    incarnation: string;
    built: number;
    acknowledged: number;
  };
/** Lets go of lines as an uplink does at a moment, until it has nothing to let go of. */
async function pruneAt(now: number, options: PruningOptions = PRUNING_DEFAULTS): Promise<void> {
  const deps = {
    database: node.database,
    clock: { ...clock, now: () => now, monotonic: () => 0 },
    logger: createLogger({ name: 'test', level: 'silent' }),
  };
  const pruning = new Pruning(deps as never, options);
  while ((await pruning.pass(TURN)) === 'again');
}
const changes = async (count: number) => {
  for (let index = 0; index < count; index++) await node.transition('gd:a', index % 2 === 0 ? 'down' : 'up');
};
const acknowledged = () =>
  waitFor(
    async () => {
      const { built, acknowledged } = await chainOf();
      const { count } = (await rowsOf(node, 'SELECT count(*) AS count FROM uplink_log WHERE sequence > 0'))[0] as { count: number };
      const told = (await rowsOf(centre, `SELECT count(*) AS count FROM transitions`))[0]?.count;
      return count > 0 && built === acknowledged && told === (await rowsOf(node, 'SELECT count(*) AS count FROM transitions'))[0]?.count;
    },
    { what: 'all is acknowledged', timeoutMs: 20_000 },
  );

beforeAll(async () => {
  server = await startPostgres();
  centre = await startCentre(server);
  node = await startNode(server, 'gd', 'cn.gd');
  await node.apply(['gd:a']);
  uplink = await uplinkOf(node, 'cn.gd', await centre.enrol('gd', 'cn.gd'));
  await changes(10);
  await uplink.start();
  await acknowledged();
  await changes(10);
  await acknowledged();
  await uplink.stop();
});
afterAll(async () => {
  await uplink.stop();
  await node.stop();
  await centre.stop();
  await server.stop();
});

test('what was acknowledged is kept for 30 days, then it goes; what was not is kept on', async () => {
  const { built } = await chainOf();
  await changes(4);
  await pruneAt(clock.now() + 29 * DAY_MS);
  expect(await linesOf()).toEqual({ first: 1, last: built });
  // A year without a line, in which nothing more is acknowledged.
  await rowsOf(node, 'UPDATE uplink SET acknowledged = $1, acknowledged_days = $2', [
    built - 3,
    JSON.stringify([[clock.now() - 31 * DAY_MS, built - 6]]),
  ]);
  await pruneAt(clock.now());
  expect(await linesOf()).toEqual({ first: built - 6, last: built });
  await rowsOf(node, 'UPDATE uplink SET acknowledged_days = $1', [JSON.stringify([[clock.now() - 400 * DAY_MS, built - 3]])]);
  await pruneAt(clock.now() + 365 * DAY_MS);
  expect(await linesOf()).toEqual({ first: built - 3, last: built });
});

test('however little of the disk is given, nothing goes that the node above does not have', async () => {
  const { built } = await chainOf();
  const more = Array.from({ length: 50 }, (_, index) => ({ sequence: built + 1 + index, line: 'x'.repeat(5_000), hash: '' }));
  await insertUplinkLines(node.database, more, clock.now());
  await rowsOf(node, 'UPDATE uplink SET built = $1', [built + 50]);
  expect((await readUplinkStore(node.database))?.behind).toBe(53);
  await pruneAt(clock.now(), { keepMs: 30 * DAY_MS, mostBytes: 1 });
  expect(await linesOf()).toEqual({ first: built - 3, last: built + 50 });
  // Once they are acknowledged, they go early, the oldest first.
  await rowsOf(node, 'UPDATE uplink SET acknowledged = built');
  await pruneAt(clock.now(), { keepMs: 30 * DAY_MS, mostBytes: 20 * 5_200 });
  const { first } = (await linesOf()) as { first: number };
  expect(first).toBeGreaterThan(built + 25);
  expect(first).toBeLessThan(built + 35);
  await rowsOf(node, 'DELETE FROM uplink_log WHERE sequence > $1', [built]);
});
