/** Days are summed on both sides: where the sums differ it is a finding, and nothing is corrected. */
import { randomUUID } from 'node:crypto';
import { compareDay, readUncomparedDays, recordReclassification } from '@beacontower/database';
import type { Component } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clock, startCentre, startNode, startPostgres, type TestCentre, type TestNode, uplinkOf } from '../federation.fixture.ts';
import { judge } from '../figures.fixture.ts';

const DAY_MS = 86_400_000;
/** In the midst of a day of the node's zone: what is altered by seconds stays in its day. */
const NOON = Math.floor(clock.now() / DAY_MS) * DAY_MS + 6 * 3_600_000;
/** What was told lately is not compared yet. */
const SETTLED_MS = 61_000;
let server: TestServer;
let centre: TestCentre;
let node: TestNode;
let uplink: Component;

const rowsOf = async (of: TestNode, sql: string) => (await of.database.query(sql)).rows;
async function compareAll(): Promise<number> {
  let differing = 0;
  const now = clock.now() + SETTLED_MS;
  for (const day of await readUncomparedDays(centre.database, now)) differing += (await compareDay(centre.database, day, now)).differing;
  return differing;
}

beforeAll(async () => {
  server = await startPostgres();
  centre = await startCentre(server);
  node = await startNode(server, 'gd', 'cn.gd');
  await node.apply(['gd:a', 'gd:b']);
  // They are there for longer than the days that are summed.
  await node.database.query('UPDATE inventory SET valid_from = valid_from - $1', [20 * DAY_MS]);
  await node.transition('gd:a', 'up', NOON - 15 * DAY_MS);
  await node.transition('gd:a', 'down', NOON - 4 * DAY_MS);
  await node.transition('gd:a', 'up', NOON - 3 * DAY_MS);
  await judge(node, clock.now());
  uplink = await uplinkOf(node, 'cn.gd', await centre.enrol('gd', 'cn.gd'));
  await uplink.start();
  await waitFor(async () => (await rowsOf(centre, 'SELECT DISTINCT date FROM federation_rollups')).length >= 7, {
    what: 'the days of a week',
    timeoutMs: 90_000,
  });
  await waitFor(async () => (await rowsOf(centre, 'SELECT FROM federation_nodes WHERE observed_all > 0')).length > 0, {
    what: 'the watermark',
  });
}, 120_000);
afterAll(async () => {
  await uplink.stop();
  await node.stop();
  await centre.stop();
  await server.stop();
});

test('a day restated after it was summed is summed anew: nothing differs', async () => {
  const excluded = async () =>
    (await rowsOf(centre, `SELECT sum((body ->> 'excludedMs')::bigint) AS excluded FROM federation_rollups`))[0]?.excluded;
  expect(Number(await excluded())).toBe(0);
  const span = { startsAt: NOON - 2 * DAY_MS, endsAt: NOON - 2 * DAY_MS + 3_600_000 };
  const stated = { effect: 'exclude', objects: ['gd:a'], divisions: [], ...span, party: null, reason: '演练' } as const;
  await recordReclassification(node.database, randomUUID(), stated, 'li', clock.now());
  await waitFor(async () => Number(await excluded()) === 3_600_000, { what: 'the day to be summed anew', timeoutMs: 90_000 });
  expect(await compareAll()).toBe(0);
});

test('the days of both sides are the same to the millisecond; what is altered above is found, and stays as it is', async () => {
  expect(await compareAll()).toBe(0);
  const compared = await rowsOf(centre, 'SELECT difference FROM federation_rollups WHERE compared_at IS NOT NULL');
  expect(compared.length).toBeGreaterThanOrEqual(7);
  const [told] = await rowsOf(centre, `SELECT count(*) FILTER (WHERE (body ->> 'downMs')::bigint > 0) AS down FROM federation_rollups`);
  expect(told?.down).toBeGreaterThan(0);

  await centre.database.query(
    `UPDATE transitions SET at = at - 5000, earliest = earliest - 5000, latest = latest - 5000 WHERE to_state = 'down'`,
  );
  await centre.database.query('UPDATE federation_rollups SET compared_at = NULL');
  const before = await rowsOf(centre, 'SELECT subject, to_state, at FROM transitions ORDER BY id');
  expect(await compareAll()).toBe(1);
  const found = await rowsOf(centre, 'SELECT difference FROM federation_rollups WHERE difference IS NOT NULL');
  expect(found).toEqual([{ difference: expect.objectContaining({ upMs: -5_000, downMs: 5_000 }) }]);
  expect(await rowsOf(centre, 'SELECT subject, to_state, at FROM transitions ORDER BY id')).toEqual(before);
});
