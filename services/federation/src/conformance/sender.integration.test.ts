/** The conformance test, against our own sender and the reference client. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
const LISTEN = { listen: { host: '127.0.0.1', port: 0 }, names: ['127.0.0.1'], clock, patienceMs: 6_000 };
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

  test('passes against the reference client', { timeout: LONG }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reference-client-'));
    after.push(() => rmSync(folder, { recursive: true }));
    const exported = join(folder, 'export.json');
    const began = clock.now() - 7_200_000;
    const object = { name: '专线', kind: 'access-line', class: 'user-access', division: 'cn.gz', since: began };
    const outages = [
      { object: 'gz:a', began: began + 60_000, ended: began + 120_000 },
      { object: 'gz:b', began: began + 90_000, ended: null },
    ];
    const objects = ['gz:a', 'gz:b'].map((id) => ({ id, ...object }));
    writeFileSync(exported, JSON.stringify({ completeUntil: clock.now(), objects, outages }));
    const run = (...args: string[]): ChildProcess => {
      const child = spawn(process.execPath, [CLIENT, ...args], { stdio: 'ignore' });
      after.push(() => child.kill());
      return child;
    };
    const report = await checkSender({
      ...LISTEN,
      node: 'gz',
      division: 'cn.gz',
      onListening: ({ invitation }) =>
        run('join', invitation, folder, '--node', 'gz', '--division', 'cn.gz').once('exit', () => run('run', folder, exported)),
    });
    keepReport('reference-client', report);
    expect(failures(report)).toEqual([]);
  });
});
