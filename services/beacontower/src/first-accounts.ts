/** The first people of a node: three administrators and a duty manager, with passwords that are good for a while and once. */
import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RoleName } from '@beacontower/contracts';
import {
  type By,
  countAccounts,
  createAccount,
  type Database,
  lockAccount,
  newOneTimePassword,
  Passwords,
  setOneTimePassword,
  type Transaction,
} from '@beacontower/database';
import { UserError } from '@beacontower/runtime';

interface FirstAccount {
  readonly name: string;
  readonly displayName: string;
  readonly what: string;
  readonly role: RoleName;
}

// Three people, three names (三权分立), and one who works.
const FIRST: readonly FirstAccount[] = [
  { name: 'sysadmin', displayName: '系统管理员', what: 'system administrator', role: 'system-administrator' },
  { name: 'secadmin', displayName: '安全管理员', what: 'security administrator', role: 'security-administrator' },
  { name: 'auditadmin', displayName: '审计管理员', what: 'audit administrator', role: 'audit-administrator' },
  { name: 'duty', displayName: '值班长', what: 'duty manager', role: 'duty-manager' },
];

/** Who made the first accounts, in the record. */
const FIRST_START = 'first start';

/** Where the first passwords of a node are written, for its owner's eyes. */
export function firstSignInFile(dataDirectory: string): string {
  return join(dataDirectory, 'first-sign-in.txt');
}

/** Makes the first accounts where there is none, and writes their passwords into the file; false: there are accounts already. */
export async function makeFirstAccounts(database: Database, file: string, by: Omit<By, 'actor'>): Promise<boolean> {
  if ((await countAccounts(database)) > 0) return false;
  const passwords = new Passwords();
  const made = await Promise.all(
    FIRST.map(async (account) => {
      const password = newOneTimePassword();
      return { ...account, password, passwordHash: await passwords.hash(password) };
    }),
  );
  return database.transaction(async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock(hashtext('beacontower first accounts'))");
    if ((await countAccounts(tx)) > 0) return false;
    let until = by.now;
    for (const account of made) until = await makeOne(tx, account, { ...by, actor: FIRST_START });
    // Before the accounts are there: passwords that nobody could read would lock everybody out.
    writeSecretly(file, textOf(made, until));
    return true;
  });
}

async function makeOne(tx: Transaction, account: FirstAccount & { readonly passwordHash: string }, by: By): Promise<number> {
  const { name, displayName, role, passwordHash } = account;
  const id = randomUUID();
  await createAccount(tx, { id, name, displayName, roles: [role], divisions: [''] }, by);
  const held = await lockAccount(tx, id);
  if (!held) throw new TypeError(`the account ${name} was not made`);
  return setOneTimePassword(tx, held, passwordHash, by);
}

/** Removes the file once none of its passwords is good for anything any more. */
export async function forgetFirstPasswords(database: Database, file: string): Promise<void> {
  if (!existsSync(file)) return;
  const waiting = await database.query('SELECT 1 FROM accounts WHERE created_by = $1 AND must_change LIMIT 1', [FIRST_START]);
  if (waiting.rowCount === 0) rmSync(file, { force: true });
}

function writeSecretly(file: string, text: string): void {
  const partial = `${file}.${process.pid}`;
  try {
    writeFileSync(partial, text, { mode: 0o600, flag: 'wx' });
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new UserError(`the first passwords cannot be written to ${file} (${(error as NodeJS.ErrnoException).code}): no account was made`);
  }
}

function textOf(made: readonly (FirstAccount & { readonly password: string })[], until: number): string {
  const lines = made.map(({ name, password, displayName, what }) => `${name.padEnd(12)} ${password}   ${displayName} / ${what}`);
  return [
    '烽台首次登录口令。每个口令只能用一次，首次登录须立即更改；请当面交给本人，然后删除本文件。',
    'First passwords of Beacontower. Each is good once and is changed at the first sign-in: hand them over in person, then delete this file.',
    `有效期至 / good until ${new Date(until).toISOString()}   (beacontower account reset-password NAME)`,
    '',
    ...lines,
    '',
  ].join('\n');
}
