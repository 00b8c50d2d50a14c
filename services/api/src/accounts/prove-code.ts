import { endSessions, type Queryable, setAccount } from '@beacontower/database';
import type { FastifyRequest } from 'fastify';
import type { RouteContext } from '../context.ts';
import type { OwnSession } from './own-session.ts';
import { type Admitted, admit } from './prove.ts';
import { record, recordLock } from './record.ts';
import { openSecrets, stepOf, useRecoveryCode } from './second-factor.ts';

/** A code that was right, and is used up. */
export interface CodeTaken extends Admitted {
  readonly by: 'code' | 'recovery-code';
  /** Null: it was none of the recovery codes. */
  readonly recoveryCodesLeft: number | null;
}

/** Judges a code of the second factor, or a recovery code, of a session's person, and uses it up. Null: wrong, which is recorded. */
export async function takeCode(
  tx: Queryable,
  { sealer }: Pick<RouteContext, 'sealer'>,
  request: FastifyRequest,
  { session, code, now }: { readonly session: OwnSession; readonly code: string; readonly now: number },
): Promise<CodeTaken | null> {
  const admitted = await admit(tx, session.accountId, now);
  if (typeof admitted === 'string') return refuse(tx, request, session, now, admitted);
  const { account } = admitted;
  const { active } = openSecrets(sealer, account);
  const step = active === null ? null : stepOf(active, code, account.secondFactorStep, now);
  const left = step === null ? useRecoveryCode(account.recoveryCodes, code) : null;
  if (step === null && left === null) return refuse(tx, request, session, now, admitted);
  const used = left === null ? { secondFactorStep: step } : { recoveryCodes: left };
  await setAccount(tx, account.id, { failures: 0, lockedUntil: null, ...used });
  return { ...admitted, by: left === null ? 'code' : 'recovery-code', recoveryCodesLeft: left?.length ?? null };
}

async function refuse(tx: Queryable, request: FastifyRequest, session: OwnSession, now: number, refused: Admitted | string): Promise<null> {
  const reason = typeof refused === 'string' ? refused : 'wrong-code';
  const who = { at: now, actor: session.name, object: session.id };
  await record(tx, request, { ...who, action: 'session.second-factor', result: 'denied', detail: { reason } });
  const isLocked = typeof refused === 'string' || refused.isLast;
  if (typeof refused !== 'string' && refused.isLast) await recordLock(tx, request, refused.account, now);
  // Who is locked begins anew: with the password, and after the lock.
  if (isLocked) await endSessions(tx, { id: session.id }, { by: 'beacontower', because: 'locked', now });
  return null;
}
