/** What a session still needs before it opens anything but itself. */

/** Everything that decides it. Times are epoch milliseconds. */
export interface StageFacts {
  /** A second factor is set up and confirmed. */
  readonly hasSecondFactor: boolean;
  /** It was shown in this session, or the identity provider answers for it. */
  readonly secondFactorGiven: boolean;
  /** Signed in with a password of ours: only then does a password have to be changed. */
  readonly byPassword: boolean;
  readonly mustChange: boolean;
  readonly passwordSetAt: number | null;
  readonly maxAgeDays: number | null;
  readonly demandsSecondFactor: boolean;
  readonly now: number;
}

const DAY_MS = 86_400_000;

/** The next step: a code, a new password, setting a second factor up; `full` when nothing is left. */
export function stageOf(facts: StageFacts): 'second-factor' | 'change-password' | 'enrol' | 'full' {
  if (facts.hasSecondFactor && !facts.secondFactorGiven) return 'second-factor';
  if (facts.byPassword && (facts.mustChange || isTooOld(facts))) return 'change-password';
  if (facts.demandsSecondFactor && !facts.hasSecondFactor && !facts.secondFactorGiven) return 'enrol';
  return 'full';
}

/** When a password is too old, epoch ms; null: never. */
export function passwordExpiry(passwordSetAt: number | null, maxAgeDays: number | null): number | null {
  return passwordSetAt === null || maxAgeDays === null ? null : passwordSetAt + maxAgeDays * DAY_MS;
}

function isTooOld({ passwordSetAt, maxAgeDays, now }: StageFacts): boolean {
  const expiry = passwordExpiry(passwordSetAt, maxAgeDays);
  return expiry !== null && expiry <= now;
}

/** Whether somebody with these administrator's or other roles must have a second factor. */
export function demandsSecondFactor(policy: 'administrators' | 'everyone' | 'optional', isAdministrator: boolean): boolean {
  return policy === 'everyone' || (policy === 'administrators' && isAdministrator);
}
