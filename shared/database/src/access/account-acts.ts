/** What is done with an account by another: by the API after it has checked who may, by the command line. Each records itself. */
import { randomInt } from 'node:crypto';
import type { AccountRights } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { type Account, type AccountToMake, insertAccount, setAccount } from './accounts.ts';
import { appendAudit } from './audit.ts';
import { readAccessPolicy } from './policy.ts';
import { endSessions } from './sessions.ts';
import { revokeTokensBeyond } from './tokens.ts';

/** Who does it, from where, when (epoch ms). */
export interface By {
  readonly actor: string;
  readonly source: string | null;
  readonly now: number;
}

async function record(tx: Queryable, by: By, action: string, object: string, detail: Readonly<Record<string, unknown>>): Promise<void> {
  await appendAudit(tx, { at: by.now, actor: by.actor, source: by.source, action, object, result: 'done', detail });
}

/** Makes an account. */
export async function createAccount(tx: Queryable, account: AccountToMake, by: By): Promise<'made' | 'exists' | 'taken'> {
  const made = await insertAccount(tx, account, by);
  const { id, name, roles = [], divisions = [] } = account;
  if (made === 'made') await record(tx, by, 'account.create', id, { name, roles, divisions, external: account.oidc !== undefined });
  return made;
}

/** Changes how somebody is called, and whether they may sign in; who is disabled is signed out, and their tokens no longer act. */
export async function changeAccount(
  tx: Queryable,
  account: Account,
  change: { readonly displayName: string; readonly email: string | null; readonly disabled: boolean },
  by: By,
): Promise<void> {
  const { displayName, email, disabled } = change;
  await setAccount(tx, account.id, { displayName, email, disabledAt: disabled ? (account.disabledAt ?? by.now) : null });
  if (disabled) await endSessions(tx, { account: account.id }, { by: by.actor, because: 'disabled', now: by.now });
  const revoked = disabled ? await revokeTokensBeyond(tx, account.name, { roles: [], divisions: [] }, by.now) : [];
  const before = { displayName: account.displayName, email: account.email, disabled: account.disabledAt !== null };
  await record(tx, by, 'account.change', account.id, { name: account.name, before, after: change, ...told(revoked) });
}

/** Gives and takes rights; whoever has others now signs in anew, and no token of theirs may more than they. */
export async function setRights(tx: Queryable, account: Account, { roles, divisions }: AccountRights, by: By): Promise<void> {
  await setAccount(tx, account.id, { roles, divisions });
  await endSessions(tx, { account: account.id }, { by: by.actor, because: 'rights', now: by.now });
  const revoked = await revokeTokensBeyond(tx, account.name, { roles, divisions }, by.now);
  const before = { roles: account.roles, divisions: account.divisions };
  await record(tx, by, 'account.rights', account.id, { name: account.name, before, after: { roles, divisions }, ...told(revoked) });
}

function told(tokensRevoked: readonly string[]): { readonly tokensRevoked?: readonly string[] } {
  return tokensRevoked.length === 0 ? {} : { tokensRevoked };
}

const HOUR_MS = 3_600_000;

/**
 * Sets a password for somebody else: good for as long as the policy says, changed at the first sign-in. Unlocks, and signs out
 * everywhere. Returns until when it is good, epoch ms.
 */
export async function setOneTimePassword(tx: Queryable, account: Account, passwordHash: string, by: By): Promise<number> {
  const { oneTimeHours, history } = await readAccessPolicy(tx);
  const until = by.now + oneTimeHours * HOUR_MS;
  const kept = [...(account.passwordHash === null || account.mustChange ? [] : [account.passwordHash]), ...account.passwordHistory];
  await setAccount(tx, account.id, {
    passwordHash,
    passwordSetAt: by.now,
    passwordHistory: kept.slice(0, history),
    mustChange: true,
    oneTimeUntil: until,
    failures: 0,
    lockedUntil: null,
  });
  await endSessions(tx, { account: account.id }, { by: by.actor, because: 'password-reset', now: by.now });
  await record(tx, by, 'account.password-reset', account.id, { name: account.name, until });
  return until;
}

/** Lets an account that locked itself sign in again at once. */
export async function unlockAccount(tx: Queryable, account: Account, by: By): Promise<void> {
  await setAccount(tx, account.id, { failures: 0, lockedUntil: null });
  await record(tx, by, 'account.unlock', account.id, { name: account.name });
}

/** Takes a lost second factor away; the account signs in by its password and sets up another. */
export async function resetSecondFactor(tx: Queryable, account: Account, by: By): Promise<void> {
  await setAccount(tx, account.id, { secondFactor: null, secondFactorSince: null, secondFactorStep: null, recoveryCodes: [] });
  await endSessions(tx, { account: account.id }, { by: by.actor, because: 'second-factor', now: by.now });
  await record(tx, by, 'account.second-factor-reset', account.id, { name: account.name });
}

// No vowels, so no words; nothing that looks like another when it is read out over the telephone.
const LETTERS = 'bcdfghjkmnpqrstvwxz23456789';
const GROUPS = 4;
const GROUP_LETTERS = 4;

/** A password to be changed at once, `xxxx-xxxx-xxxx-xxxx`: 76 random bits. */
export function newOneTimePassword(): string {
  const letter = () => LETTERS[randomInt(LETTERS.length)] ?? '';
  return Array.from({ length: GROUPS }, () => Array.from({ length: GROUP_LETTERS }, letter).join('')).join('-');
}
