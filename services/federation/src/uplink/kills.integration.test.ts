/** The uplink's process is killed at whatever moment while it catches up: nothing is lost, and nothing is there twice. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { recordTransitions } from '@beacontower/database';
import type { Transition } from '@beacontower/domain';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clock, startCentre, startNode, startPostgres, type TestCentre, type TestNode } from '../federation.fixture.ts';
import type { ParentAddress } from './client.ts';

const KILLS = 4;
const BEFORE = 4_000;
const MEANWHILE = 2_000;
const PROGRAM = fileURLToPath(new URL('./child.fixture.ts', import.meta.url));
const TOLD = `SELECT subject, from_state, to_state, at, earliest, latest, reason, resolution_ms FROM transitions WHERE superseded_at IS NULL ORDER BY subject, at, id`;
let server: TestServer;
let centre: TestCentre;
let node: TestNode;
let parent: ParentAddress;
let child: ChildProcess | undefined;

const rowsOf = async (of: TestNode, sql: string) => (await of.database.query(sql)).rows;
const madeOf = async () => Number((await rowsOf(node, 'SELECT built + acknowledged AS it FROM uplink'))[0]?.it ?? 0);

function start(): void {
  const args = ['--conditions=@beacontower/source', '--import=tsx', PROGRAM];
  child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin?.end(JSON.stringify({ url: node.url, node: node.node, division: 'cn.gd', parent }));
}

async function kill(): Promise<void> {
  const gone = new Promise((resolve) => child?.once('exit', resolve));
  child?.kill('SIGKILL');
  await gone;
  child = undefined;
}

/** So many changes of an object, a second each, from a moment on. */
async function record(object: string, begin: number, count: number): Promise<void> {
  const written = Array.from({ length: count }, (_, index) => {
    const at = begin + index * 1_000;
    const [from, to] = index % 2 === 0 ? (['down', 'up'] as const) : (['up', 'down'] as const);
    const edge = { at, earliest: at - 1_000, latest: at };
    const transition: Transition = {
      from: index === 0 ? 'unknown' : from,
      to,
      edge,
      reason: to === 'up' ? 'replied' : 'no-reply',
      decidedAt: at,
    };
    return { objectId: object, check: null, transition, resolutionMs: 20_000, epoch: 1, told: true };
  });
  await node.database.transaction((tx) => recordTransitions(tx, written, clock.now()));
}

beforeAll(async () => {
  server = await startPostgres();
  centre = await startCentre(server);
  node = await startNode(server, 'gd', 'cn.gd');
  const objects = Array.from({ length: KILLS + 1 }, (_, index) => `gd:line-${index}`);
  await node.apply(objects);
  await record('gd:line-0', clock.now() - 86_400_000, BEFORE);
  parent = await centre.enrol('gd', 'cn.gd');
});
afterAll(async () => {
  if (child !== undefined) await kill();
  await node.stop();
  await centre.stop();
  await server.stop();
});

test('killed at random moments of its catching up', { timeout: 240_000 }, async () => {
  for (let round = 1; round <= KILLS; round++) {
    await record(`gd:line-${round}`, clock.now() - 43_200_000, MEANWHILE);
    const begun = await madeOf();
    start();
    // By what was made and taken, not by the clock: with a machine that is slow it is as much in the midst of it.
    // The past that was there at first is told in few lines.
    const moment = begun + 1 + Math.floor(Math.random() * (round === 1 ? 20 : 1.5 * MEANWHILE));
    await waitFor(async () => (await madeOf()) >= moment, {
      what: `line ${moment}`,
      timeoutMs: 60_000,
      intervalMs: 1 + Math.random() * 20,
    });
    await kill();
  }
  start();
  await waitFor(async () => JSON.stringify(await rowsOf(centre, TOLD)) === JSON.stringify(await rowsOf(node, TOLD)), {
    what: 'the same record at the centre',
    timeoutMs: 90_000,
    intervalMs: 250,
  });
  await kill();
  expect(await rowsOf(centre, TOLD)).toHaveLength(BEFORE + KILLS * MEANWHILE);
  // Told once, not corrected into being once; and all of it by one log.
  expect(await rowsOf(centre, 'SELECT FROM transitions WHERE superseded_at IS NOT NULL')).toHaveLength(0);
  expect(await rowsOf(centre, 'SELECT FROM federation_incarnations')).toHaveLength(1);
  const [log] = await rowsOf(node, 'SELECT count(*) AS lines, max(sequence) AS last FROM uplink_log');
  expect(log?.lines).toBe(log?.last);
});
