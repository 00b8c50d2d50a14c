import { type AccountRights, EXCLUSIVE_ROLES, type NewAccount, ROLES, type RoleName } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';

/** One account as it is stored. Times are epoch ms. Never leaves the server as it is: it holds hashes. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly roles: readonly RoleName[];
  readonly divisions: readonly string[];
  readonly passwordHash: string | null;
  readonly passwordSetAt: number | null;
  readonly passwordHistory: readonly string[];
  readonly mustChange: boolean;
  readonly oneTimeUntil: number | null;
  readonly failures: number;
  readonly lockedUntil: number | null;
  /** Sealed. */
  readonly secondFactor: Buffer | null;
  readonly secondFactorSince: number | null;
  readonly secondFactorStep: number | null;
  readonly recoveryCodes: readonly Buffer[];
  readonly oidcIssuer: string | null;
  readonly oidcSubject: string | null;
  readonly disabledAt: number | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly lastSignInAt: number | null;
  readonly revision: number;
}

/** The columns of `a` (accounts) under the names of `Account`. */
const COLUMNS = `a.id, a.name, a.display_name AS "displayName", a.email, a.roles, a.divisions, a.password_hash AS "passwordHash",
  a.password_set_at AS "passwordSetAt", a.password_history AS "passwordHistory", a.must_change AS "mustChange",
  a.one_time_until AS "oneTimeUntil", a.failures, a.locked_until AS "lockedUntil", a.second_factor AS "secondFactor",
  a.second_factor_since AS "secondFactorSince", a.second_factor_step AS "secondFactorStep", a.recovery_codes AS "recoveryCodes",
  a.oidc_issuer AS "oidcIssuer", a.oidc_subject AS "oidcSubject", a.disabled_at AS "disabledAt", a.created_at AS "createdAt",
  a.created_by AS "createdBy", a.last_sign_in_at AS "lastSignInAt", a.revision`;

/** Whether somebody is one of the three administrators. */
export function isAdministrator({ roles }: { readonly roles: readonly RoleName[] }): boolean {
  return roles.some((role) => (EXCLUSIVE_ROLES as readonly string[]).includes(role));
}

/** By name, as typed: upper and lower case are the same person. */
export async function findAccountByName(db: Queryable, name: string): Promise<Account | undefined> {
  return one(db, 'lower(a.name) = lower($1)', [name]);
}

export async function findAccount(db: Queryable, id: string): Promise<Account | undefined> {
  return one(db, 'a.id = $1', [id]);
}

/** By the identity provider's issuer and subject; never by anything a person can change there. */
export async function findAccountBySubject(db: Queryable, issuer: string, subject: string): Promise<Account | undefined> {
  return one(db, 'a.oidc_issuer = $1 AND a.oidc_subject = $2', [issuer, subject]);
}

/** The same, held until the transaction ends: whoever decides on it decides alone. */
export async function lockAccount(tx: Queryable, id: string): Promise<Account | undefined> {
  return one(tx, 'a.id = $1 FOR UPDATE', [id]);
}

async function one(db: Queryable, where: string, values: readonly unknown[]): Promise<Account | undefined> {
  const row = (await db.query<Account>(`SELECT ${COLUMNS} FROM accounts a WHERE ${where}`, values)).rows[0];
  return row && { ...row, roles: ROLES.filter((role) => row.roles.includes(role)) };
}

/** How many accounts there are. */
export async function countAccounts(db: Queryable): Promise<number> {
  return (await db.query<{ count: number }>('SELECT count(*) AS count FROM accounts')).rows[0]?.count ?? 0;
}

/** What an account is made with. */
export interface AccountToMake extends NewAccount, Partial<AccountRights> {
  readonly id: string;
  readonly oidc?: { readonly issuer: string; readonly subject: string };
}

/** Makes an account without a password. `exists` when the id does (a repeated request), `taken` when the name is somebody's. */
export async function insertAccount(
  tx: Queryable,
  account: AccountToMake,
  by: { readonly actor: string; readonly now: number },
): Promise<'made' | 'exists' | 'taken'> {
  const { id, name, displayName, email = null, roles = [], divisions = [], oidc } = account;
  const result = await tx.query(
    `INSERT INTO accounts (id, name, display_name, email, roles, divisions, oidc_issuer, oidc_subject, created_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
    [id, name, displayName, email, roles, divisions, oidc?.issuer ?? null, oidc?.subject ?? null, by.now, by.actor],
  );
  if (result.rowCount === 1) return 'made';
  return (await findAccount(tx, id)) ? 'exists' : 'taken';
}

/** What may be set of an account; what is undefined stays. */
export type AccountSet = Partial<
  Pick<
    Account,
    | 'displayName'
    | 'email'
    | 'roles'
    | 'divisions'
    | 'passwordHash'
    | 'passwordSetAt'
    | 'passwordHistory'
    | 'mustChange'
    | 'oneTimeUntil'
    | 'failures'
    | 'lockedUntil'
    | 'secondFactor'
    | 'secondFactorSince'
    | 'secondFactorStep'
    | 'recoveryCodes'
    | 'disabledAt'
    | 'lastSignInAt'
  >
>;

const SETTABLE: Readonly<Record<keyof AccountSet, string>> = {
  displayName: 'display_name',
  email: 'email',
  roles: 'roles',
  divisions: 'divisions',
  passwordHash: 'password_hash',
  passwordSetAt: 'password_set_at',
  passwordHistory: 'password_history',
  mustChange: 'must_change',
  oneTimeUntil: 'one_time_until',
  failures: 'failures',
  lockedUntil: 'locked_until',
  secondFactor: 'second_factor',
  secondFactorSince: 'second_factor_since',
  secondFactorStep: 'second_factor_step',
  recoveryCodes: 'recovery_codes',
  disabledAt: 'disabled_at',
  lastSignInAt: 'last_sign_in_at',
};
/** What people see and change of each other's accounts: only then may a change that was read before be out of date. */
const REVISED: ReadonlySet<string> = new Set(['displayName', 'email', 'roles', 'divisions', 'disabledAt']);

/** Sets what is given; the caller holds the row (`lockAccount`). */
export async function setAccount(tx: Queryable, id: string, set: AccountSet): Promise<void> {
  const given = Object.entries(set).filter(([, value]) => value !== undefined);
  if (given.length === 0) return;
  const columns = given.map(([name], index) => `${SETTABLE[name as keyof AccountSet]} = $${index + 2}`);
  if (given.some(([name]) => REVISED.has(name))) columns.push('revision = revision + 1');
  await tx.query(`UPDATE accounts SET ${columns.join(', ')} WHERE id = $1`, [id, ...given.map(([, value]) => value)]);
}

/** How many accounts beside one hold a role and are not disabled; until the transaction ends no other takes one away on such a count. */
export async function countOthersWithRole(tx: Queryable, id: string, role: RoleName): Promise<number> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('beacontower administrators'))");
  const result = await tx.query<{ count: number }>(
    'SELECT count(*) AS count FROM accounts WHERE id <> $1 AND disabled_at IS NULL AND $2 = ANY (roles)',
    [id, role],
  );
  return result.rows[0]?.count ?? 0;
}
