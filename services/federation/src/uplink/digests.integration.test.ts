/** Records are held against each other by digests, however they came to differ, and what differs is told anew. */
import { addDownwardItems } from '@beacontower/database';
import type { Component } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clock, startCentre, startNode, startPostgres, type TestCentre, type TestNode, uplinkOf } from '../federation.fixture.ts';

const DAY_MS = 86_400_000;
const IN_FORCE = `SELECT subject, from_state, to_state, at, earliest, latest, reason FROM transitions WHERE superseded_at IS NULL ORDER BY subject, at, id`;
let server: TestServer;
let centre: TestCentre;
let province: TestNode;
let uplink: Component;

const rowsOf = async (node: TestNode, sql: string) => (await node.database.query(sql)).rows;
const same = (what: string) =>
  waitFor(async () => JSON.stringify(await rowsOf(centre, IN_FORCE)) === JSON.stringify(await rowsOf(province, IN_FORCE)), {
    what,
    timeoutMs: 45_000,
  });
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** The centre asks for a comparison of these days. */
async function ask(from: string, to: string): Promise<() => Promise<Record<string, unknown>>> {
  const item = { node: 'gd', kind: 'digests' as const, subject: `${from} ${to}`, payload: { from, to }, by: 'wang' };
  const [number] = await centre.database.transaction((tx) => addDownwardItems(tx, [item], clock.now()));
  return () =>
    waitFor(
      async () =>
        (await rowsOf(centre, `SELECT outcome, receipt FROM federation_downward WHERE number = ${number} AND outcome IS NOT NULL`))[0],
      {
        what: 'the receipt',
        timeoutMs: 45_000,
      },
    );
}

beforeAll(async () => {
  server = await startPostgres();
  centre = await startCentre(server);
  province = await startNode(server, 'gd', 'cn.gd');
  await province.apply(['gd:a', 'gd:b', 'gd:c']);
  for (const [index, object] of ['gd:a', 'gd:b', 'gd:c'].entries()) {
    const begin = clock.now() - 2 * DAY_MS + index * 60_000;
    await province.transition(object, 'up', begin);
    await province.transition(object, 'down', begin + 600_000);
    await province.transition(object, 'up', begin + DAY_MS);
  }
  uplink = await uplinkOf(province, 'cn.gd', await centre.enrol('gd', 'cn.gd'));
  await uplink.start();
  await same('the record at the centre');
});
afterAll(async () => {
  await uplink.stop();
  await province.stop();
  await centre.stop();
  await server.stop();
});

test('what is lost above, and what is there alone, is told anew when the node above asks; the receipt says that it was compared', async () => {
  const [{ built }] = (await rowsOf(province, 'SELECT built FROM uplink')) as [{ built: number }];
  await centre.database.query(`DELETE FROM transitions WHERE subject = 'gd:a' AND to_state = 'down'`);
  await centre.database.query(`UPDATE transitions SET earliest = earliest - 7 WHERE subject = 'gd:b' AND to_state = 'down'`);
  const receipt = await ask(dayOf(clock.now() - 3 * DAY_MS), dayOf(clock.now()));
  expect(await receipt()).toMatchObject({ outcome: 'applied' });
  await same('the record, mended');
  const told = await rowsOf(province, `SELECT line::jsonb ->> 'kind' AS kind FROM uplink_log WHERE sequence > ${built}`);
  expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(['revision']));
});

test('while changes go on, none of them is taken for a difference', async () => {
  const busy = { isSo: true };
  const changing = (async () => {
    for (let state = 0; busy.isSo; state++) await province.transition('gd:c', state % 2 === 0 ? 'down' : 'up');
  })();
  const [{ built }] = (await rowsOf(province, 'SELECT built FROM uplink')) as [{ built: number }];
  const receipt = await ask(dayOf(clock.now() - DAY_MS), dayOf(clock.now()));
  expect(await receipt()).toMatchObject({ outcome: 'applied' });
  busy.isSo = false;
  await changing;
  await same('all of it');
  const told = await rowsOf(province, `SELECT line::jsonb ->> 'kind' AS kind FROM uplink_log WHERE sequence > ${built}`);
  expect(told.length).toBeGreaterThan(5);
  expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(['transition']));
});

test.each([
  ['more days than a query may name', -40],
  ['days the wrong way round', 1],
])('%s: refused, and said so', async (_what, days) => {
  const receipt = await ask(dayOf(clock.now() + days * DAY_MS), dayOf(clock.now()));
  expect(await receipt()).toMatchObject({ outcome: 'refused', receipt: { code: 'message-invalid' } });
});
