/** A province that falls silent and comes back, through the real listener and uplink. */

import { leasedParts } from '@beacontower/database';
import { type Component, componentOf, createLogger, createRegistry } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clock, startCentre, startNode, startPostgres, type TestCentre, type TestNode, uplinkOf } from '../federation.fixture.ts';
import { createWatchMetrics } from './metrics.ts';
import { LinkWatch } from './watch.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let server: TestServer;
let centre: TestCentre;
let province: TestNode;
let uplink: Component;
let watch: Component;

beforeAll(async () => {
  server = await startPostgres();
  centre = await startCentre(server);
  province = await startNode(server, 'gd', 'cn.gd');
  await province.apply(['gd:a']);
  await province.transition('gd:a', 'up');
  uplink = await uplinkOf(province, 'cn.gd', await centre.enrol('gd', 'cn.gd'));
  await uplink.start();
  const { database } = centre;
  const work = new LinkWatch({ snapshotEveryMs: 600 }, { database, clock, metrics: createWatchMetrics(createRegistry({}, false)) });
  watch = componentOf('watch', leasedParts([work], { slot: 'cn/test', ttlMs: 10_000, database, logger, onFailure: () => undefined }));
  await watch.start();
});
afterAll(async () => {
  await uplink.stop();
  await watch.stop();
  await province.stop();
  await centre.stop();
  await server.stop();
});

const rows = async (sql: string) => (await centre.database.query(sql)).rows;
const incidents = () => rows('SELECT kind, state, cause_object AS cause FROM incidents ORDER BY number');

test('its link is one incident while it is silent, what happened meanwhile raises no other, and its record is whole after', async () => {
  await waitFor(async () => (await rows("SELECT 1 FROM current_states WHERE subject = 'gd:a' AND state = 'up'")).length === 1, {
    what: 'the record of the province',
  });
  expect(await incidents()).toEqual([]);
  await uplink.stop();
  await province.transition('gd:a', 'down');
  await province.transition('gd:a', 'up');
  await waitFor(async () => (await incidents()).length === 1, { what: 'the incident of the link', timeoutMs: 20_000 });
  expect(await incidents()).toEqual([{ kind: 'link', state: 'open', cause: 'node/gd' }]);
  uplink = await uplinkOf(province, 'cn.gd', await centre.enrol('gd', 'cn.gd'));
  await uplink.start();
  await waitFor(async () => (await incidents())[0]?.state === 'resolved', { what: 'the end of the incident', timeoutMs: 20_000 });
  await waitFor(async () => (await rows("SELECT 1 FROM transitions WHERE subject = 'gd:a' AND superseded_at IS NULL")).length === 3, {
    what: 'what happened meanwhile',
  });
  expect(await incidents()).toEqual([{ kind: 'link', state: 'resolved', cause: 'node/gd' }]);
  expect(await rows("SELECT silent_since FROM federation_nodes WHERE node = 'gd'")).toEqual([{ silent_since: null }]);
});
