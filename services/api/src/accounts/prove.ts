import type { AccessPolicy } from '@beacontower/contracts';
import { type Account, lockAccount, readAccessPolicy, setAccount, type Transaction } from '@beacontower/database';
import { countAttempt, isLocked } from '@beacontower/domain';
import type { RouteContext } from '../context.ts';

/** An attempt that an account let through: counted as a failure until it is taken back. */
export interface Admitted {
  readonly account: Account;
  readonly policy: AccessPolicy;
  /** This attempt, should it fail, locks the account. */
  readonly isLast: boolean;
}

/** Why none was let through; told to nobody but the audit. */
export type Barred = 'unknown-name' | 'disabled' | 'locked' | 'no-password';

/** Lets one attempt through, and counts it, before anything is judged: attempts at once get no further than one after another. */
export async function admit(tx: Transaction, id: string, now: number): Promise<Admitted | Barred> {
  const policy = await readAccessPolicy(tx);
  const account = await lockAccount(tx, id);
  if (!account) return 'unknown-name';
  if (account.disabledAt !== null) return 'disabled';
  const counted = countAttempt(account, policy, now);
  if (counted === null) return 'locked';
  await setAccount(tx, id, counted);
  return { account: { ...account, ...counted }, policy, isLast: isLocked(counted, now) };
}

/** Judges a password that an attempt was let through for; null: wrong. The account is as it stood when it was let through. */
export async function checkPassword(
  { database, passwords, clock }: Pick<RouteContext, 'database' | 'passwords' | 'clock'>,
  id: string | undefined,
  password: string,
): Promise<{ readonly admitted: Admitted; readonly isRight: boolean } | Barred> {
  const admitted = id === undefined ? 'unknown-name' : await database.transaction((tx) => admit(tx, id, clock.now()));
  const hash = typeof admitted === 'string' ? null : admitted.account.passwordHash;
  // Where there is nothing to compare with, the same time is spent.
  const isRight = await passwords.verify(hash, password);
  if (typeof admitted === 'string') return admitted;
  return hash === null ? 'no-password' : { admitted, isRight };
}
