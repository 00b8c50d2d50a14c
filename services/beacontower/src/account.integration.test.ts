import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type Database, findAccountByName, migrate, Passwords, setAccount } from '@beacontower/database';
import { UserError } from '@beacontower/runtime';
import { startPostgres, type TestServer } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from './command-line.ts';
import { firstSignInFile, forgetFirstPasswords, makeFirstAccounts } from './first-accounts.ts';

let postgres: TestServer;
let database: Database;
let data: string;

/** The command line within this process: what it said, and how it would have ended. */
async function account(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  try {
    await runCommandLine(['account', ...args, '--data', data]);
    return { code: 0, out, err: '' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: 1, out, err: error.message };
  } finally {
    write.mockRestore();
  }
}
const audit = async () =>
  (
    await database.query<{ actor: string; source: string; action: string; detail: object }>(
      'SELECT actor, source, action, detail FROM audit ORDER BY id',
    )
  ).rows;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrate(postgres.url);
  database = createDatabase({ url: postgres.url, applicationName: 'test', onError: () => undefined });
  vi.stubEnv('BEACONTOWER_DATABASE_URL', postgres.url);
  vi.stubEnv('BEACONTOWER_REDIS_URL', 'redis://127.0.0.1:1');
  data = mkdtempSync(join(tmpdir(), 'bt-account-'));
}, 60_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.close();
  await postgres.stop();
  rmSync(data, { recursive: true });
});

describe('the first accounts', () => {
  it('are four people, whose passwords stand in a file for its owner alone, until they are changed', async () => {
    const file = firstSignInFile(data);
    expect(await makeFirstAccounts(database, file, { source: null, now: Date.now() })).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    const passwords = new Passwords();
    for (const [name, role] of [
      ['sysadmin', 'system-administrator'],
      ['secadmin', 'security-administrator'],
      ['auditadmin', 'audit-administrator'],
      ['duty', 'duty-manager'],
    ] as const) {
      const password = new RegExp(`^${name} +(\\S+)`, 'm').exec(text)?.[1] ?? '';
      const held = await findAccountByName(database, name);
      expect(held).toMatchObject({ roles: [role], divisions: [''], mustChange: true });
      expect(held?.oneTimeUntil).toBeGreaterThan(Date.now());
      expect(await passwords.verify(held?.passwordHash ?? null, password)).toBe(true);
      expect(JSON.stringify(await audit())).not.toContain(password);
    }
    expect((await audit()).map(({ action }) => action).filter((action) => action === 'account.create')).toHaveLength(4);

    // A second start makes nobody, and leaves the file to whoever has not signed in.
    expect(await makeFirstAccounts(database, file, { source: null, now: Date.now() })).toBe(false);
    await forgetFirstPasswords(database, file);
    expect(readFileSync(file, 'utf8')).toBe(text);
    await database.query('UPDATE accounts SET must_change = false');
    await forgetFirstPasswords(database, file);
    expect(existsSync(file)).toBe(false);
  });

  it('are not made when their passwords cannot be written', async () => {
    await database.query('DELETE FROM accounts');
    await expect(makeFirstAccounts(database, join(data, 'nowhere', 'x.txt'), { source: null, now: 0 })).rejects.toThrow(/ENOENT/);
    expect((await database.query('SELECT 1 FROM accounts')).rowCount).toBe(0);
  });

  it('are made by setup too, once', async () => {
    const done = await account('setup', '--json');
    expect([done.code, JSON.parse(done.out)]).toEqual([0, { file: firstSignInFile(data) }]);
    const again = await account('setup');
    expect([again.code, again.err]).toEqual([1, expect.stringMatching(/there are accounts already/)]);
  });
});

describe('beacontower account', () => {
  it('makes a person with rights and a password that is shown once', async () => {
    const made = await account('create', 'chen.yu', '--display-name', '陈宇', '--role', 'duty-manager', '--division', 'all', '--json');
    expect(made.code).toBe(0);
    const { password } = JSON.parse(made.out) as { password: string };
    expect(await findAccountByName(database, 'Chen.Yu')).toMatchObject({ roles: ['duty-manager'], divisions: [''], mustChange: true });
    expect(JSON.stringify(await audit())).not.toContain(password);
    expect((await audit()).at(-1)).toMatchObject({ actor: 'command line', source: expect.stringMatching(/^command line: \w+/) });
    expect((await account('create', 'CHEN.YU', '--display-name', 'x')).err).toMatch(/already/);
  });

  it.each([
    [['create', 'x1'], /--display-name/],
    [['create', 'a b', '--display-name', 'x'], /name: /],
    [['create', 'x1', '--display-name', 'x', '--role', 'root'], /--role "root": expected viewer/],
    [['create', 'x1', '--display-name', 'x', '--role', 'viewer'], /--division/],
    [['create', 'x1', '--display-name', 'x', '--role', 'viewer', '--division', 'cn.xx'], /no such division/],
    [['rights', 'chen.yu', '--role', 'system-administrator', '--role', 'audit-administrator', '--division', 'all'], /at most one/],
    [['unlock', 'nobody'], /no account "nobody"/],
    [['unlock'], /the name of one account/],
    [['promote', 'chen.yu'], /expected account setup\|create/],
    [['administration-from', '10.0.0.1'], /administrationFrom/],
  ])('%j is refused in one line', async (args, words) => {
    const { code, err } = await account(...args);
    expect(code).toBe(1);
    expect(err).toMatch(words);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('resets, unlocks, disables, gives rights, and says so in both languages', async () => {
    const held = await findAccountByName(database, 'secadmin');
    await setAccount(database, held?.id ?? '', { failures: 5, lockedUntil: Date.now() + 900_000, mustChange: false });
    expect((await account('list', '--language', 'zh')).out).toMatch(/secadmin +安全管理员 +已锁定 +security-administrator +全部 +从未/);
    expect((await account('unlock', 'secadmin')).out).toBe('secadmin may sign in again\n');
    expect((await findAccountByName(database, 'secadmin'))?.lockedUntil).toBeNull();
    expect((await account('reset-password', 'secadmin', '--language', 'zh')).out).toMatch(/^secadmin：[a-z\d-]{19}\n仅显示这一次/);
    expect((await account('disable', 'secadmin')).code).toBe(0);
    expect((await findAccountByName(database, 'secadmin'))?.disabledAt).not.toBeNull();
    expect((await account('enable', 'secadmin')).code).toBe(0);
    // Whoever may work on this machine may give what the API holds back while somebody else knows the password.
    await account('reset-password', 'chen.yu');
    expect((await account('rights', 'chen.yu', '--role', 'audit-administrator', '--division', 'all')).code).toBe(0);
    expect((await account('rights', 'chen.yu')).code).toBe(0);
    expect((await findAccountByName(database, 'chen.yu'))?.roles).toEqual([]);
    expect((await account('reset-second-factor', 'chen.yu')).code).toBe(0);
    expect((await account('administration-from', '10.0.0.0/8')).out).toMatch(/10\.0\.0\.0\/8/);
    expect((await account('administration-from')).out).toMatch(/anywhere/);
    const actions = (await audit()).map(({ action }) => action);
    for (const action of ['account.unlock', 'account.password-reset', 'account.change', 'account.rights', 'access-policy.change'])
      expect(actions).toContain(action);
  });
});
