/** Five pilot provinces, from the invitation to the day when one is put out: four of our own, and one of another vendor. `scripts/pilot` shows it step by step. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeNode } from '@beacontower/database';
import { type Component, createRegistry, createSealer } from '@beacontower/runtime';
import { startPostgres, type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joinParent } from '../enrolment/join.ts';
import { startNode, type TestNode } from '../federation.fixture.ts';
import { createUplink } from '../uplink-role.ts';
import { clock, logger, type RealCentre, startRealCentre } from './conformance.fixture.ts';

const CLIENT = fileURLToPath(new URL('../../../../docs/federation/reference-client.mjs', import.meta.url));
const OWN = ['gd', 'sc', 'hb', 'xj'] as const;
const FOREIGN = 'gz';
const BEGAN = Date.now() - 7_200_000;
const TRANSITIONS = `SELECT subject, from_state, to_state, at, earliest, latest, reason FROM transitions
  WHERE superseded_at IS NULL AND split_part(subject, ':', 1) = $1 ORDER BY subject, at, id`;

interface Pilot {
  readonly node: TestNode;
  /** Begins to report, or again. */
  report(): Promise<void>;
  /** The line is cut. */
  cut(): Promise<void>;
}

describe('five pilot provinces', () => {
  let server: TestServer;
  let centre: RealCentre;
  const pilots = new Map<string, Pilot>();
  const folder = mkdtempSync(join(tmpdir(), 'pilot-'));
  let client: ChildProcess | undefined;

  beforeAll(async () => {
    server = await startPostgres();
    centre = await startRealCentre(server);
  });
  afterAll(async () => {
    client?.kill();
    for (const { node, cut } of pilots.values()) await cut().then(() => node.stop());
    await centre.stop();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const rows = async (node: TestNode, id: string) => (await node.database.query(TRANSITIONS, [id])).rows;
  /** The centre has of each of our own what it has itself. */
  const same = (ids: readonly string[] = OWN) =>
    waitFor(
      async () => {
        for (const id of ids) {
          const own = pilots.get(id)?.node;
          if (own === undefined || JSON.stringify(await rows(own, id)) !== JSON.stringify(await rows(centre, id))) return false;
        }
        return true;
      },
      { what: 'the same record at the centre', timeoutMs: 60_000 },
    );
  const outageOf = async (id: string) => {
    const node = pilots.get(id)?.node;
    await node?.transition(`${id}:core`, 'down');
    await node?.transition(`${id}:core`, 'up');
  };

  async function pilot(id: string): Promise<void> {
    const node = await startNode(server, id, `cn.${id}`);
    await node.apply([`${id}:core`, `${id}:exit`]);
    const joining = { database: node.database, sealer: createSealer(randomBytes(32)), clock };
    let role: Component | undefined;
    pilots.set(id, {
      node,
      async report() {
        const settings = { instance: `${id}/pilot`, version: '1', snapshotEveryMs: 500 };
        role = createUplink(settings, { ...joining, logger, registry: createRegistry({}, false) });
        await role.start();
      },
      async cut() {
        await role?.stop();
        role = undefined;
      },
    });
    const { code } = await joinParent(await centre.invite(id, `cn.${id}`), '1', joining);
    await centre.approve(id, code);
  }

  /** The system of the other vendor asks to be let in, and is. */
  async function joinForeign(): Promise<void> {
    const invitation = await centre.invite(FOREIGN, `cn.${FOREIGN}`);
    const joining = spawn(process.execPath, [CLIENT, 'join', invitation, folder, '--node', FOREIGN, '--division', `cn.${FOREIGN}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    client = joining;
    const ended = new Promise((resolve) => joining.once('exit', resolve));
    let words = '';
    joining.stdout?.on('data', (part: Buffer) => {
      words += part.toString();
    });
    await waitFor(async () => /\d{4}-\d{4}/.test(words), { what: 'the code' });
    await centre.approve(FOREIGN, /\d{4}-\d{4}/.exec(words)?.[0] ?? '');
    expect(await ended).toBe(0);
  }

  function exported(ended: number | null): string {
    const file = join(folder, 'export.json');
    const object = {
      id: `${FOREIGN}:line-1`,
      name: '专线 1',
      kind: 'access-line',
      class: 'user-access',
      division: `cn.${FOREIGN}`,
      since: BEGAN,
    };
    const outages = [{ object: object.id, began: BEGAN + 60_000, ended }];
    writeFileSync(file, JSON.stringify({ completeUntil: clock.now(), objects: [object], outages }));
    return file;
  }

  test('1. four of our own are invited, ask, and are let in by the code they read out', { timeout: 120_000 }, async () => {
    for (const id of OWN) await pilot(id);
    for (const id of OWN) {
      await pilots.get(id)?.node.transition(`${id}:core`, 'up');
      await pilots.get(id)?.report();
    }
    await same();
  });

  test('2. the fifth, of another vendor, joins with the reference client', { timeout: 120_000 }, async () => {
    await joinForeign();
    client = spawn(process.execPath, [CLIENT, 'run', folder, exported(null)], { stdio: 'ignore' });
    await waitFor(async () => (await rows(centre, FOREIGN)).length === 2, { what: 'its outage', timeoutMs: 30_000 });
    exported(BEGAN + 120_000);
    await waitFor(async () => (await rows(centre, FOREIGN)).length === 3, { what: 'the end of its outage', timeoutMs: 30_000 });
  });

  test('3. the lines of three are cut; what happens there meanwhile is there once afterwards', { timeout: 180_000 }, async () => {
    const away = OWN.slice(0, 3);
    for (const id of away) await pilots.get(id)?.cut();
    for (let round = 0; round < 20; round += 1) for (const id of OWN) await outageOf(id);
    await same(['xj']);
    for (const id of away) await pilots.get(id)?.report();
    await same();
    expect((await rows(centre, 'gd')).length).toBeGreaterThan(40);
  });

  test('4. one is put out, and is heard no more; invited again, it is there again', { timeout: 120_000 }, async () => {
    const by = { actor: 'zhang', source: 'test', now: clock.now() };
    await centre.database.transaction((tx) => removeNode(tx, FOREIGN, 'pilot', by));
    const place = async () => (await centre.database.query(`SELECT heard_at FROM federation_nodes WHERE node = $1`, [FOREIGN])).rows[0];
    const before = await place();
    // Those that are still in go on meanwhile.
    await outageOf('xj');
    await same(['xj']);
    expect(await place()).toEqual(before);
    client?.kill();
    await joinForeign();
    client = spawn(process.execPath, [CLIENT, 'run', folder, exported(BEGAN + 180_000)], { stdio: 'ignore' });
    await waitFor(async () => (await rows(centre, FOREIGN)).some((row) => row.at === BEGAN + 180_000), {
      what: 'its outage, corrected',
      timeoutMs: 30_000,
    });
    expect(await rows(centre, FOREIGN)).toHaveLength(3);
  });
});
