/** The client that is published for foreign systems joins the real listener, and reports to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestServer } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCentre, startPostgres, type TestCentre } from '../federation.fixture.ts';

const CLIENT = fileURLToPath(new URL('../../../../docs/federation/reference-client.mjs', import.meta.url));
const HOUR = 3_600_000;
const BEGAN = Date.now() - 10 * HOUR;

interface Outage {
  readonly object: string;
  readonly began: number;
  readonly ended: number | null;
}

describe('the reference client', () => {
  let server: TestServer;
  let centre: TestCentre;
  const folder = mkdtempSync(join(tmpdir(), 'reference-client-'));
  const store = join(folder, 'store');
  const exported = join(folder, 'export.json');
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    server = await startPostgres();
    centre = await startCentre(server);
    const { certificate, key, authority, url } = await centre.enrol('gz', 'cn.gz');
    mkdirSync(store);
    writeFileSync(
      join(store, 'node.json'),
      JSON.stringify({ url, authority, certificate, key, node: 'gz', division: 'cn.gz', name: '贵州' }),
    );
  });
  afterAll(async () => {
    for (const child of children) child.kill();
    await centre.stop();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  function exportOutages(outages: readonly Outage[], completeUntil = Date.now()): void {
    const object = { name: '专线', kind: 'access-line', class: 'user-access', division: 'cn.gz', since: BEGAN };
    const objects = ['gz:a', 'gz:b'].map((id) => ({ id, ...object }));
    writeFileSync(exported, JSON.stringify({ completeUntil, objects, outages }));
  }

  /** Lets it report once; resolves to what it complained of. */
  function report(): Promise<{ readonly code: number | null; readonly words: string }> {
    const child = spawn(process.execPath, [CLIENT, 'run', store, exported, '--once'], { stdio: ['ignore', 'inherit', 'pipe'] });
    children.push(child);
    let words = '';
    child.stderr?.on('data', (part: Buffer) => {
      words += part.toString();
    });
    return new Promise((resolve) => child.once('exit', (code) => resolve({ code, words })));
  }

  const timeline = async () =>
    (
      await centre.database.query(
        `SELECT object_id AS object, from_state AS from, to_state AS to, at FROM transitions WHERE superseded_at IS NULL ORDER BY object_id, at`,
      )
    ).rows;
  const place = async () => (await centre.database.query(`SELECT sequence, incarnation FROM federation_nodes WHERE node = 'gz'`)).rows[0];
  const up = (object: string) => ({ object, from: 'unknown', to: 'up', at: BEGAN });
  const fell = (object: string, at: number) => ({ object, from: 'up', to: 'down', at });
  const rose = (object: string, at: number) => ({ object, from: 'down', to: 'up', at });

  test('is under 200 lines', () => {
    expect(readFileSync(CLIENT, 'utf8').trimEnd().split('\n').length).toBeLessThan(200);
  });

  test('tells outages; what is open is down, and told again with its end it is one outage', async () => {
    exportOutages([{ object: 'gz:a', began: BEGAN + HOUR, ended: null }]);
    expect(await report()).toEqual({ code: 0, words: '' });
    expect(await timeline()).toEqual([up('gz:a'), fell('gz:a', BEGAN + HOUR), up('gz:b')]);
    exportOutages([
      { object: 'gz:a', began: BEGAN + HOUR, ended: BEGAN + 2 * HOUR },
      { object: 'gz:b', began: BEGAN + 3 * HOUR, ended: BEGAN + 4 * HOUR },
    ]);
    expect(await report()).toEqual({ code: 0, words: '' });
    const all = [
      up('gz:a'),
      fell('gz:a', BEGAN + HOUR),
      rose('gz:a', BEGAN + 2 * HOUR),
      up('gz:b'),
      fell('gz:b', BEGAN + 3 * HOUR),
      rose('gz:b', BEGAN + 4 * HOUR),
    ];
    expect(await timeline()).toEqual(all);
    const before = await place();
    expect(await report()).toEqual({ code: 0, words: '' });
    expect(await place()).toEqual(before);
    expect(await timeline()).toEqual(all);
  });

  test('says up to when its record is complete', async () => {
    const until = Date.now();
    exportOutages([], until);
    await report();
    const { rows } = await centre.database.query(`SELECT observed_pinged AS pinged FROM federation_nodes WHERE node = 'gz'`);
    expect(rows).toEqual([{ pinged: until }]);
  });

  test('restored from a back-up it begins anew, and nothing is lost or there twice', async () => {
    const log = join(store, 'log.ndjson');
    copyFileSync(log, `${log}.backup`);
    const before = await timeline();
    const more = [...outagesOf(before), { object: 'gz:a', began: BEGAN + 5 * HOUR, ended: BEGAN + 6 * HOUR }];
    exportOutages(more);
    expect((await report()).code).toBe(0);
    const whole = await timeline();
    const { incarnation } = (await place()) ?? {};
    copyFileSync(`${log}.backup`, log);
    expect((await report()).code).toBe(0);
    expect(await timeline()).toEqual(whole);
    expect((await place())?.incarnation).not.toBe(incarnation);
    const opening = JSON.parse(readFileSync(log, 'utf8').split('\n')[0] ?? '');
    expect(opening.payload.previous).toMatchObject({ incarnation });
  });

  test('with an object of another node it is refused, by the code', async () => {
    const object = { name: 'x', kind: 'service', class: 'other', division: 'cn.gz', since: BEGAN };
    writeFileSync(exported, JSON.stringify({ completeUntil: Date.now(), objects: [{ id: 'gd:a', ...object }], outages: [] }));
    const { code, words } = await report();
    expect(code).toBe(1);
    expect(words).toContain('out-of-scope');
  });

  function outagesOf(rows: readonly { readonly [column: string]: unknown }[]): Outage[] {
    return rows.flatMap(({ object, to, at }, index) =>
      to === 'down' ? [{ object: String(object), began: Number(at), ended: Number(rows[index + 1]?.at) }] : [],
    );
  }
});
