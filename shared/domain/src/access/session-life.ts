/** How long a session lasts. Times are epoch milliseconds. */

/** What decides it. */
export interface SessionLife {
  /** The last thing a person did. */
  readonly seenAt: number;
  /** No session lasts longer, used or not. */
  readonly expiresAt: number;
  /** It ends after so long without a person; null: a wall has nobody who presses keys. */
  readonly idleMs: number | null;
}

/** Why a session is over now; null: it goes on. */
export function sessionOver({ seenAt, expiresAt, idleMs }: SessionLife, now: number): 'idle' | 'expired' | null {
  if (now >= expiresAt) return 'expired';
  return idleMs !== null && now - seenAt >= idleMs ? 'idle' : null;
}

const TOUCH_MS = 30_000;
const TOUCHES_OF_IDLE = 10;

/** How often the last use is written down at most: often enough that nobody is put out early by more than a tenth. */
export function touchEvery(idleMs: number | null): number {
  return Math.min(TOUCH_MS, (idleMs ?? Number.POSITIVE_INFINITY) / TOUCHES_OF_IDLE);
}

const RECENT_MS = 5 * 60_000;

/** Whether somebody signed in so short a time ago that it still shows who is there: for what a session left open must not be enough for. */
export function isRecentSignIn(signedInAt: number, now: number): boolean {
  return now - signedInAt < RECENT_MS;
}
