import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '@beacontower/database';
import { createKeys, createRedis, readEntries } from '@beacontower/queue';
import { createSealer } from '@beacontower/runtime';
import { programsPresent, startDatabase, startRedis, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { announceInventory, type CommandIo, configApply, configCheck, configPlan } from './configuration-commands.ts';

let postgres: TestDatabase;
let database: Database;
let directory: string;
let file: string;

beforeAll(async () => {
  postgres = await startDatabase();
  ({ database } = postgres);
  directory = await mkdtemp(join(tmpdir(), 'bt-commands-'));
  file = join(directory, 'node.yaml');
});
afterAll(async () => {
  await postgres.stop();
  await rm(directory, { recursive: true });
});
beforeEach(async () => {
  await database.query('TRUNCATE node_identity, inventory, checks, log');
  await database.query('UPDATE inventory_version SET version = 0, applied_at = 0');
});

const GOOD =
  'node: {id: gd, name: 广东, division: cn.gd}\nzones: [{id: z, anchors: [127.0.0.1]}]\ndevices:\n  - {id: r1, name: R1, addresses: {ipv4: 127.0.0.2}}\n';
const BAD = GOOD.replace('127.0.0.2', '"::1"');
const untold = async () => {};
const KEY = new Uint8Array(32).fill(7);
const sealer = () => createSealer(KEY);
const settings = { now: 1000, by: 'tester', sealer };

/** Runs one command and keeps what it said. */
async function said(work: (io: CommandIo) => Promise<number>, more: Partial<CommandIo> = {}): Promise<{ code: number; text: string }> {
  let text = '';
  const code = await work({
    out: (piece) => {
      text += piece;
    },
    colour: false,
    language: 'en',
    json: false,
    ...more,
  });
  return { code, text };
}

describe('config check', () => {
  it('ends with 0 and counts, or 1 and every fault', async () => {
    await writeFile(file, GOOD);
    expect(await said((io) => configCheck([file], io))).toEqual({ code: 0, text: '1 file, 4 entities: no errors, 0 warnings\n' });
    await writeFile(file, BAD);
    const bad = await said((io) => configCheck([file], io));
    expect(bad.code).toBe(1);
    expect(bad.text).toContain(`${file}:4:42 error: devices[0].addresses.ipv4: an IPv6 address stands where IPv4 is wanted`);
    expect(bad.text).toContain('1 file: 1 error, 0 warnings: this configuration cannot be used');
    expect(bad.text).not.toContain('\u001b');
    expect((await said((io) => configCheck([file], io), { colour: true })).text).toContain('\u001b[31m');
    expect((await said((io) => configCheck([file], io), { language: 'zh' })).text).toContain('此配置不可用');
    const json = JSON.parse((await said((io) => configCheck([file], io), { json: true })).text);
    expect(json).toMatchObject({
      ok: false,
      faults: [{ file, line: 4, column: 42, path: 'devices[0].addresses.ipv4', code: 'address-family' }],
    });
  });

  it('warns of secrets that cannot be had here, without their values, and ends with 0', async () => {
    const secret = join(directory, 'secret');
    const channels = (env: string, path: string) =>
      `channels:\n  - {id: w, kind: webhook, url: "https://x.cn/", secret: {env: ${env}}}\n  - {id: m, kind: email, host: x.cn, from: a@x.cn, user: u, password: {file: ${path}}}\n`;
    await writeFile(file, GOOD + channels('BT_TEST_NOT_THERE', secret));
    const missing = await said((io) => configCheck([file], io));
    expect(missing.code).toBe(0);
    expect(missing.text).toContain(
      `${file}:6:58 warning: channels[0].secret: the environment variable BT_TEST_NOT_THERE is not set here: without it`,
    );
    expect(missing.text).toContain(`${file}:7:71 warning: channels[1].password: the secret file ${secret} cannot be read here (ENOENT)`);
    expect(missing.text).toContain('1 file, 6 entities: no errors, 2 warnings');
    const chinese = await said((io) => configCheck([file], io), { language: 'zh' });
    expect(chinese.text).toContain('此处未设置环境变量 BT_TEST_NOT_THERE');
    const applied = await said((io) => configApply([file], io, database, settings, untold));
    expect(applied.code).toBe(0);
    expect(applied.text).toContain('BT_TEST_NOT_THERE is not set here');

    await writeFile(secret, 'value-of-the-secret\n');
    await writeFile(file, GOOD + channels('PATH', secret));
    const there = await said((io) => configCheck([file], io));
    expect(there).toEqual({ code: 0, text: '1 file, 6 entities: no errors, 0 warnings\n' });
  });

  it('refuses a template that fails and the address of a robot that is none, without repeating it', async () => {
    const path = join(directory, 'robot.url');
    const channels = `channels:\n  - {id: r, kind: wecom, url: {file: ${path}}, template: t}\ntemplates:\n  - {id: t, zh: {text: "{{ titel }}"}}\n`;
    await writeFile(path, 'key-never-shown\n');
    await writeFile(file, GOOD + channels);
    const bad = await said((io) => configCheck([file], io));
    expect(bad.code).toBe(1);
    expect(bad.text).toContain(`channels[0].url: what ${path} holds is not a web address`);
    expect(bad.text).toMatch(/templates\[0\]\.zh\.text: line 1, column \d+ of the template: .*titel/);
    expect(bad.text).not.toContain('key-never-shown');
    expect((await said((io) => configCheck([file], io), { language: 'zh' })).text).toContain('的内容不是网址');
    await writeFile(path, 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-never-shown\n');
    await writeFile(file, GOOD + channels.replace('{{ titel }}', '{{ badge }} {{ title }}'));
    expect(await said((io) => configCheck([file], io))).toEqual({ code: 0, text: '1 file, 6 entities: no errors, 0 warnings\n' });
  });

  it('ends with 1 when there is nothing to read', async () => {
    const gone = await said((io) => configCheck([join(directory, 'gone.yaml')], io));
    expect(gone.code).toBe(1);
    expect(gone.text).toContain('cannot be read (ENOENT)');
  });
});

describe('plan and apply', () => {
  it('plan shows and writes nothing; apply does; a second apply has nothing to do', async () => {
    await writeFile(file, GOOD);
    const plan = await said((io) => configPlan([file], io, database, { sealer }));
    expect(plan).toMatchObject({
      code: 0,
      text: expect.stringMatching(/\+ object gd:r1\n4 to add, 0 to change, 0 to retire, 0 unchanged/),
    });
    expect((await database.query('SELECT FROM inventory')).rowCount).toBe(0);
    const first = await said((io) => configApply([file], io, database, settings, untold));
    expect(first).toMatchObject({
      code: 0,
      text: expect.stringContaining('4 added, 0 changed, 0 retired, 0 unchanged\ninventory version 1'),
    });
    const second = await said((io) => configApply([file], io, database, { ...settings, now: 2000 }, untold));
    expect(second.text).toBe('Nothing to do: the inventory is as the configuration says.\ninventory version 1\n');
    await writeFile(file, GOOD.replace('R1', 'R9'));
    const json = JSON.parse((await said((io) => configPlan([file], io, database, { sealer }), { json: true })).text);
    expect(json.plan.changed).toEqual([{ entity: 'object', id: 'gd:r1', fields: [{ path: 'name', before: 'R1', after: 'R9' }] }]);
  });

  it('leaves what runs as it was on faults (1) and on a refusal (2)', async () => {
    await writeFile(file, GOOD);
    await said((io) => configApply([file], io, database, settings, untold));
    const before = await database.query('SELECT * FROM inventory ORDER BY row_id');
    const refuse = () => Promise.reject(new Error('must not be called'));
    await writeFile(file, BAD);
    const bad = await said((io) => configApply([file], io, database, settings, refuse));
    expect(bad).toMatchObject({ code: 1, text: expect.stringContaining('Nothing was changed') });
    await writeFile(file, GOOD.replace('devices', 'services'));
    const refused = await said((io) => configApply([file], io, database, settings, refuse));
    expect(refused).toMatchObject({ code: 2, text: expect.stringContaining('! refused: "gd:r1" has a history as device') });
    expect((await database.query('SELECT * FROM inventory ORDER BY row_id')).rows).toEqual(before.rows);
  });

  it('says so (3) when the pipeline could not be told, and tells it the next time', async () => {
    await writeFile(file, GOOD);
    const away = await said((io) => configApply([file], io, database, settings, () => Promise.reject(new Error('away'))));
    expect(away).toMatchObject({ code: 3, text: expect.stringContaining('could not be told') });
    let told = 0;
    const again = await said((io) =>
      configApply([file], io, database, settings, async (result) => {
        told = result.version;
      }),
    );
    expect([again.code, told]).toEqual([0, 1]);
  });
});

describe.runIf(programsPresent('redis-server'))('telling the pipeline', () => {
  it('puts the new version into the stream of every partition', async () => {
    const server = await startRedis();
    const redis = createRedis(server.url, () => {});
    try {
      const keys = createKeys();
      await announceInventory(redis, keys, 3, 7);
      const offsets = new Map([0, 1, 2, 3].map((partition) => [keys.observations(partition), '0']));
      const records = await readEntries(redis, offsets, { count: 10, blockMs: 100 });
      expect(records.map((record) => [record.stream, record.entry])).toEqual(
        [0, 1, 2].map((partition) => [keys.observations(partition), { type: 'inventory', version: 7 }]),
      );
    } finally {
      redis.disconnect();
      await server.stop();
    }
  });
});
