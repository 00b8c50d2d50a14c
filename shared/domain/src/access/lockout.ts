/** Locking of an account after failures in a row. Times are epoch milliseconds. */

/** What an account remembers of failures. */
export interface Failures {
  /** In a row, since the last success or the end of the last lock. */
  readonly failures: number;
  readonly lockedUntil: number | null;
}

/** When an account is locked, and for how long. */
export interface LockPolicy {
  readonly lockAfter: number;
  readonly lockMinutes: number;
}

const MINUTE_MS = 60_000;

/** Whether nobody may sign in now. */
export function isLocked({ lockedUntil }: Pick<Failures, 'lockedUntil'>, now: number): boolean {
  return lockedUntil !== null && lockedUntil > now;
}

/**
 * What an account remembers once one more attempt was let through; null: none is, it is locked. An attempt is counted as a failure
 * before it is judged and taken back when it was none: attempts at once get no further than attempts one after another, and a process
 * that dies between leaves no attempt uncounted.
 */
export function countAttempt(before: Failures, policy: LockPolicy, now: number): Failures | null {
  if (isLocked(before, now)) return null;
  const failures = (before.lockedUntil === null ? before.failures : 0) + 1;
  return { failures, lockedUntil: failures >= policy.lockAfter ? now + policy.lockMinutes * MINUTE_MS : null };
}

/** Takes one attempt back that was right but is not the end of it: failures before it stay counted until all was right. */
export function takeBackAttempt(before: Failures, policy: LockPolicy): Failures {
  const failures = Math.max(0, before.failures - 1);
  return { failures, lockedUntil: failures >= policy.lockAfter ? before.lockedUntil : null };
}
