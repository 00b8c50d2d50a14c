/** The conformance test, against our own sender and the reference client. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRegistry, createSealer } from '@beacontower/runtime';
import { startPostgres, type TestServer } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { joinParent, lookAtRequest } from '../enrolment/join.ts';
import { startNode } from '../federation.fixture.ts';
import { createUplink } from '../uplink-role.ts';
import { clock, failures, keepReport, logger } from './conformance.fixture.ts';
import { checkSender } from './sender/check.ts';

const CLIENT = fileURLToPath(new URL('../../../../docs/federation/reference-client.mjs', import.meta.url));
const LISTEN = { listen: { host: '127.0.0.1', port: 0 }, names: ['127.0.0.1'], clock, patienceMs: 6_000, limitMs: 60_000 };
const LONG = 600_000;

describe('the conformance test', () => {
  let server: TestServer;
  const after: (() => unknown)[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    for (const end of after.splice(0).reverse()) await end();
  });
  afterAll(() => server.stop());

  test('passes against our own sender', { timeout: LONG }, async () => {
    const province = await startNode(server, 'gd', 'cn.gd');
    after.push(() => province.stop());
    await province.apply(['gd:a', 'gd:b']);
    for (const [object, state] of [
      ['gd:a', 'up'],
      ['gd:b', 'up'],
      ['gd:a', 'down'],
      ['gd:a', 'up'],
    ] as const)
      await province.transition(object, state);
    const joining = { database: province.database, sealer: createSealer(randomBytes(32)), clock };
    const role = createUplink(
      { instance: 'gd/test', version: '1', snapshotEveryMs: 500 },
      { ...joining, logger, registry: createRegistry({}, false) },
    );
    after.push(() => role.stop());
    await role.start();
    const report = await checkSender({
      ...LISTEN,
      node: 'gd',
      division: 'cn.gd',
      onListening: ({ invitation }) => void joinParent(invitation, '1', joining).then(() => lookAtRequest(joining)),
    });
    keepReport('beacontower-sender', report);
    expect(failures(report)).toEqual([]);
  });

  /** The reference client, as it is or changed, under test. */
  function checkClient(client: string, node: string) {
    const folder = mkdtempSync(join(tmpdir(), 'reference-client-'));
    after.push(() => rmSync(folder, { recursive: true }));
    const exported = join(folder, 'export.json');
    const began = clock.now() - 7_200_000;
    const division = `cn.${node}`;
    const object = { name: '专线', kind: 'access-line', class: 'user-access', division, since: began };
    const outages = [
      { object: `${node}:a`, began: began + 60_000, ended: began + 120_000 },
      { object: `${node}:b`, began: began + 90_000, ended: null },
    ];
    const objects = ['a', 'b', 'c'].map((id) => ({ id: `${node}:${id}`, ...object }));
    writeFileSync(exported, JSON.stringify({ completeUntil: clock.now(), objects, outages }));
    const run = (...args: string[]): ChildProcess => {
      const child = spawn(process.execPath, [client, ...args], { stdio: 'ignore' });
      after.push(() => child.kill());
      return child;
    };
    return checkSender({
      ...LISTEN,
      node,
      division,
      onListening: ({ invitation }) =>
        run('join', invitation, folder, '--node', node, '--division', division).once('exit', () => run('run', folder, exported)),
    });
  }

  test('passes against the reference client', { timeout: LONG }, async () => {
    const report = await checkClient(CLIENT, 'gz');
    keepReport('reference-client', report);
    expect(failures(report)).toEqual([]);
    expect(report.conforms).toBe(true);
  });

  test('finds what is wrong with a sender that is careless', { timeout: LONG }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'careless-client-'));
    after.push(() => rmSync(folder, { recursive: true }));
    const careless = join(folder, 'client.mjs');
    const changes = [
      ['Agent({ keepAlive: true,', 'Agent({ keepAlive: true, rejectUnauthorized: false,'],
      ['1_000 * (error.retryAfterS ?? 0)', '0'],
      ['500 * 2 ** failures', '200'],
      ['Math.min(1_000, greeted.limits.lines)', '1_000'],
      [
        "say(log, 'inventory', since",
        "say(log, 'party', since, { id, name: id, nameEn: null, tier: 'other' }); if (id.endsWith('c')) say(log, 'inventory', since",
      ],
      ['log.hashes[sequence] === hash', 'true'],
    ] as const;
    const text = changes.reduce(
      (before, [from, to]) => {
        expect(before).toContain(from);
        return before.replace(from, to);
      },
      readFileSync(CLIENT, 'utf8'),
    );
    writeFileSync(careless, text);
    const report = await checkClient(careless, 'yn');
    const failed = report.cases.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
    expect(report.conforms).toBe(false);
    expect(failed).toEqual(
      expect.arrayContaining([
        'sender.busy',
        'sender.back-off',
        'sender.limits',
        'sender.impostor',
        'sender.version',
        'watched.introduced',
      ]),
    );
  });
});
