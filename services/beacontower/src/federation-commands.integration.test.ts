/** A province joins the centre by the command line alone, at both ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DesiredEntity } from '@beacontower/contracts';
import { applyInventory, createDatabase, type Database, migrate, readCurrentEntities } from '@beacontower/database';
import {
  type Component,
  createFileSealer,
  createLogger,
  createRegistry,
  makeSealingKey,
  readEnvironment,
  SystemClock,
  UserError,
} from '@beacontower/runtime';
import { createFederation } from '@beacontower/service-federation';
import { startPostgres, type TestServer } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from './command-line.ts';
import { secretKeyFile } from './secret-key.ts';

interface Side {
  readonly url: string;
  readonly data: string;
  readonly database: Database;
}

let postgres: TestServer;
let centre: Side;
let province: Side;
let role: Component;

/** The command line of one side within this process: what it said, and how it would have ended. */
async function federation({ url, data }: Side, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  vi.stubEnv('BEACONTOWER_DATABASE_URL', url);
  let out = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  try {
    await runCommandLine(['federation', ...args, '--data', data]);
    return { code: 0, out, err: '' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: 1, out, err: error.message };
  } finally {
    write.mockRestore();
  }
}

async function side(name: string, division: string): Promise<Side> {
  const admin = createDatabase({ url: postgres.url, applicationName: 'test', maxConnections: 1 });
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.close();
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  await migrate(url.href);
  const database = createDatabase({ url: url.href, applicationName: 'test', onError: () => undefined });
  const entities: DesiredEntity[] = [
    { entity: 'node', id: name, body: { id: name, name, division, timeZone: 'Asia/Shanghai', language: 'zh' } },
    { entity: 'division', id: 'cn.gd', body: { id: 'cn.gd', name: '广东', nameEn: null, code: '440000' } as never },
  ];
  await applyInventory(database, { entities, origin: 'file', expectedRetirements: null }, { now: Date.now(), by: 'test' });
  expect(await readCurrentEntities(database, 'node')).toHaveLength(1);
  return { url: url.href, data: mkdtempSync(join(tmpdir(), 'bt-federation-')), database };
}

beforeAll(async () => {
  postgres = await startPostgres();
  vi.stubEnv('BEACONTOWER_REDIS_URL', 'redis://127.0.0.1:1');
  centre = await side('cn', 'cn');
  province = await side('gd', 'cn.gd');
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await role?.stop();
  for (const each of [centre, province]) {
    await each?.database.close();
    if (each) rmSync(each.data, { recursive: true });
  }
  await postgres?.stop();
});

describe('beacontower federation', () => {
  it('invites nobody where nobody can report', async () => {
    const asked = await federation(centre, 'invite', 'gd', '--division', 'cn.gd', '--name', '广东');
    expect(asked).toMatchObject({ code: 1, err: expect.stringContaining('BEACONTOWER_FEDERATION_LISTEN') });
    expect((await federation(centre, 'nodes')).out).toContain('this node');
    expect((await federation(province, 'status', '--language', 'zh')).out).toBe('本节点不向其他节点上报\n');
  });

  it('joins, shows the code, is let in by it, and leaves', async () => {
    makeSealingKey(secretKeyFile(readEnvironment(), centre.data));
    role = createFederation(
      { instance: 'cn/test', version: '1', listen: { host: '127.0.0.1', port: 0 }, names: ['127.0.0.1'] },
      {
        database: centre.database,
        clock: new SystemClock(),
        logger: createLogger({ name: 'test', level: 'silent' }),
        registry: createRegistry({}, false),
        sealer: createFileSealer(secretKeyFile(readEnvironment(), centre.data)),
      },
    );
    await role.start();
    await vi.waitUntil(() => role.health().status === 'ok', 10_000);
    expect((await federation(centre, 'invite', 'gd', '--division', 'cn.xx', '--name', 'x')).err).toContain('no such division');
    expect((await federation(centre, 'invite', 'GD', '--division', 'cn.gd', '--name', 'x')).err).toContain('node');
    const invited = await federation(centre, 'invite', 'gd', '--division', 'cn.gd', '--name', '广东', '--json');
    const { token } = JSON.parse(invited.out) as { token: string };
    expect((await federation(province, 'join', 'bt1.nothing')).err).toContain('no token');
    const asked = await federation(province, 'join', token, '--no-wait');
    const [, code = ''] = /(\d{4}-\d{4})/.exec(asked.out) ?? [];
    expect((await federation(province, 'status')).out).toContain(code);
    const waiting = await federation(centre, 'requests');
    expect(waiting.out).toContain('gd');
    expect(waiting.out).not.toContain(code);
    expect((await federation(centre, 'approve', 'gd', '--code', '0000-0000')).err).toContain('not the code');
    expect((await federation(centre, 'approve', 'hb', '--code', code)).err).toContain('no request of hb');
    expect(await federation(centre, 'approve', 'gd', '--code', code)).toMatchObject({ code: 0 });
    expect((await federation(province, 'join', token, '--language', 'zh')).out).toContain('已获准接入');
    expect((await federation(province, 'status')).out).toMatch(/^reports to cn at https:\/\/127\.0\.0\.1:\d+; its certificate ends/);
    expect((await federation(centre, 'nodes')).out).toMatch(/gd +广东 +cn\.gd +awaited/);
    expect((await federation(province, 'restart-chain')).out).toContain('a new chain was begun');
    expect((await federation(province, 'leave')).out).toContain('report');
    expect((await federation(province, 'restart-chain')).err).toContain('no other');
    expect((await federation(province, 'leave')).err).toContain('no other');
    expect((await federation(centre, 'revoke', 'gd')).err).toContain('--reason');
    expect(await federation(centre, 'revoke', 'gd', '--reason', '撤点')).toMatchObject({ code: 0 });
    expect((await federation(centre, 'invitations')).out).toContain('used');
    const { rows } = await centre.database.query<{ action: string; detail: object }>('SELECT action, detail FROM audit ORDER BY id');
    expect(rows.map(({ action }) => action).filter((action) => action.startsWith('federation.'))).toEqual([
      'federation.invite',
      'federation.ask',
      'federation.approve',
      'federation.revoke',
    ]);
    expect(JSON.stringify(rows)).not.toContain(token.slice(10, 60));
  });
});
