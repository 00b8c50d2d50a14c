import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentialContext, SnmpSecret } from '@beacontower/contracts';
import { type Database, readCurrentEntities } from '@beacontower/database';
import { createSealer, readEnvironment, type Sealer } from '@beacontower/runtime';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CommandIo, configApply, configCheck, configPlan } from './configuration-commands.ts';
import { sealerForReading, sealerForWriting } from './secret-key.ts';

let postgres: TestDatabase;
let database: Database;
let directory: string;
let file: string;
let community: string;
let key: string;

beforeAll(async () => {
  postgres = await startDatabase();
  ({ database } = postgres);
});
afterAll(async () => {
  await postgres.stop();
});
beforeEach(async () => {
  await database.query('TRUNCATE node_identity, inventory, checks, log');
  await database.query('UPDATE inventory_version SET version = 0, applied_at = 0');
  directory = await mkdtemp(join(tmpdir(), 'bt-seal-'));
  [file, community, key] = ['node.yaml', 'community', 'auth.key'].map((name) => join(directory, name)) as [string, string, string];
  await writeFile(community, 'community-never-shown\n');
  await writeFile(key, 'auth-key-never-shown');
  await writeFile(file, yaml());
  return () => rm(directory, { recursive: true });
});

const yaml = (user = 'beacontower') => `node: {id: gd, name: 广东, division: cn.gd}
zones: [{id: z, anchors: [127.0.0.1]}]
credentials:
  - {id: access, version: 2c, community: {file: ${community}}}
  - {id: backbone, version: 3, user: ${user}, auth: {protocol: sha256, key: {file: ${key}}}, privacy: {protocol: aes128, key: {file: ${key}}}}
devices:
  - {id: r1, name: R1, addresses: {ipv4: 127.0.0.2}, snmp: backbone}
`;
const sealer = createSealer(new Uint8Array(32).fill(7));

async function said(work: (io: CommandIo) => Promise<number>, json = false): Promise<{ code: number; text: string }> {
  let text = '';
  const out = (piece: string) => {
    text += piece;
  };
  const code = await work({ out, colour: false, language: 'en', json });
  expect(text).not.toContain('never-shown');
  expect(text).not.toContain('v1.');
  return { code, text };
}
const apply = (with_: () => Sealer = () => sealer) =>
  said((io) => configApply([file], io, database, { now: 1, by: 'tester', sealer: with_ }, async () => {}));
const plan = (json = false) => said((io) => configPlan([file], io, database, { sealer: () => sealer }), json);
const stored = () => readCurrentEntities(database, 'credential');

describe('credentials', () => {
  it('are stored sealed, open to what was looked up, and a second apply changes nothing', async () => {
    expect((await apply()).text).toMatch(/\+ credential access\n\+ credential backbone\n[\s\S]*6 added/);
    const [access, backbone] = await stored();
    expect(access).toMatchObject({ id: 'access', version: '2c', summary: 'v2c' });
    expect(JSON.parse(sealer.open(access?.sealed ?? '', credentialContext('access')))).toEqual({
      version: '2c',
      community: 'community-never-shown',
    });
    expect(SnmpSecret.parse(JSON.parse(sealer.open(backbone?.sealed ?? '', credentialContext('backbone'))))).toEqual({
      version: '3',
      user: 'beacontower',
      context: '',
      auth: { protocol: 'sha256', key: 'auth-key-never-shown' },
      privacy: { protocol: 'aes128', key: 'auth-key-never-shown' },
    });
    const rows = await database.query<{ body: unknown }>('SELECT body FROM inventory');
    expect(JSON.stringify(rows.rows)).not.toContain('never-shown');
    expect((await apply()).text).toContain('Nothing to do');
  });

  it('a rotated secret shows as changed, and nothing else of it', async () => {
    await apply();
    await writeFile(community, 'another-never-shown\n');
    expect((await plan()).text).toContain('~ credential access\n    secret changed\n0 to add, 1 to change');
    const json = JSON.parse((await plan(true)).text);
    expect(json.plan.changed).toEqual([
      { entity: 'credential', id: 'access', fields: [{ path: 'secret', before: '(sealed)', after: '(sealed)' }] },
    ]);
    expect((await apply()).text).toContain('secret changed');
    expect(sealer.open((await stored())[0]?.sealed ?? '', credentialContext('access'))).toContain('another-never-shown');
  });

  it('cannot be applied without their secrets; check and the place say which', async () => {
    await rm(community);
    const check = await said((io) => configCheck([file], io));
    expect(check.code).toBe(0);
    expect(check.text).toContain(
      `${file}:4:42 warning: credentials[0].community: the secret file ${community} cannot be read here (ENOENT)`,
    );
    for (const { code, text } of [await plan(), await apply()]) {
      expect(code).toBe(1);
      expect(text).toContain(`${file}:4:42 error: credentials[0].community: the secret file ${community} cannot be read here (ENOENT)`);
      expect(text).toContain('this configuration cannot be used\nNothing was changed');
      expect(text.split('ENOENT')).toHaveLength(2);
    }
    expect(await stored()).toEqual([]);
  });

  it('stay as they were applied while their secrets cannot be had, unless they are said otherwise', async () => {
    await apply();
    const before = await stored();
    await rm(key);
    const again = await apply();
    expect(again.code).toBe(0);
    expect(again.text).toMatch(/warning: credentials\[1\]\.auth\.key: the secret file .* \(ENOENT\): the one applied before stays in use/);
    expect(again.text).toContain('Nothing to do');
    expect(await stored()).toEqual(before);
    await writeFile(file, yaml('somebody-else'));
    expect((await apply()).code).toBe(1);
    // Sealed with a key that is lost: nobody can tell what it holds.
    await writeFile(file, yaml());
    expect((await apply(() => createSealer(new Uint8Array(32).fill(8)))).code).toBe(1);
    expect(await stored()).toEqual(before);
  });

  it('with a key that is too short are an error at once', async () => {
    await writeFile(key, 'short\n');
    const check = await said((io) => configCheck([file], io));
    expect(check.code).toBe(1);
    expect(check.text).toMatch(/error: credentials\[1\]\.auth\.key: the key in .* has fewer than 8 characters: SNMP agents refuse it/);
    expect(check.text).not.toContain('short\n');
  });
});

describe('the key', () => {
  const environment = (more: NodeJS.ProcessEnv = {}) => readEnvironment({ ...more, BEACONTOWER_DATA: directory });

  it('is made by the first apply, not by a plan, and then used', async () => {
    const shown = await said((io) => configPlan([file], io, database, { sealer: () => sealerForReading(environment(), undefined) }));
    expect(shown.text).toContain('+ credential access');
    await expect(stat(join(directory, 'secret.key'))).rejects.toThrow('ENOENT');
    const writing = () => sealerForWriting(environment(), undefined);
    expect((await apply(writing)).code).toBe(0);
    const made = await readFile(join(directory, 'secret.key'), 'utf8');
    expect((await apply(writing)).text).toContain('Nothing to do');
    expect(await readFile(join(directory, 'secret.key'), 'utf8')).toBe(made);
    const unchanged = await said((io) => configPlan([file], io, database, { sealer: () => sealerForReading(environment(), undefined) }));
    expect(unchanged.text).toContain('Nothing to do');
  });

  it('is not asked for where there is no credential', async () => {
    await writeFile(
      file,
      yaml()
        .replace(/credentials:[\s\S]*devices/, 'devices')
        .replace(', snmp: backbone', ''),
    );
    const none = () => {
      throw new Error('must not be called');
    };
    expect((await apply(none)).code).toBe(0);
  });

  it('that was named must be there, and be one', async () => {
    const named = join(directory, 'named.key');
    const writing = () => sealerForWriting(environment({ BEACONTOWER_SECRET_KEY_FILE: named }), undefined);
    expect(writing).toThrow(`there is no key at ${named}: make one with`);
    await writeFile(named, 'ab'.repeat(32));
    await chmod(named, 0o600);
    expect((await apply(writing)).code).toBe(0);
    await expect(stat(join(directory, 'secret.key'))).rejects.toThrow('ENOENT');
  });
});
