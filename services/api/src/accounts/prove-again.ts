/** Within a session that is open: is it still the person who opened it? Asked before a password or a second factor is touched. */
import { endSessions, setAccount } from '@beacontower/database';
import { isRecentSignIn } from '@beacontower/domain';
import type { FastifyRequest } from 'fastify';
import type { RouteContext } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import type { OwnSession } from './own-session.ts';
import { codeWrong, passwordWrong } from './problems.ts';
import { type Admitted, checkPassword } from './prove.ts';
import { takeCode } from './prove-code.ts';
import { record, recorded, recordLock } from './record.ts';

/** What somebody sends to show it. */
export interface GivenAgain {
  readonly password?: string | undefined;
  readonly code?: string | undefined;
}

/** Asks a person for their password once more. */
export async function provePassword(
  context: RouteContext,
  request: FastifyRequest,
  session: OwnSession,
  password: string,
): Promise<Admitted> {
  const { database, clock, attempts } = context;
  const checked = await attempts.judge(
    { address: request.ip, name: session.name },
    () => checkPassword(context, session.accountId, password),
    (judged) => judged === 'no-password' || (typeof judged !== 'string' && judged.isRight),
  );
  if (checked === 'no-password') throw new ApiProblem(409, 'no-password', 'this account has no password here: it signs in elsewhere');
  const now = clock.now();
  if (typeof checked !== 'string' && checked.isRight) {
    await database.transaction((tx) => setAccount(tx, session.accountId, { failures: 0, lockedUntil: null }));
    return checked.admitted;
  }
  await recorded(database, request, async (tx) => {
    const reason = typeof checked === 'string' ? checked : 'wrong-password';
    const who = { at: now, actor: session.name, object: session.id };
    await record(tx, request, { ...who, action: 'session.password-asked', result: 'denied', detail: { reason } });
    if (typeof checked === 'string' || !checked.admitted.isLast) return;
    await recordLock(tx, request, checked.admitted.account, now);
    await endSessions(tx, { id: session.id }, { by: 'beacontower', because: 'locked', now });
  });
  throw passwordWrong();
}

/**
 * Asks for what fits how the session began. By password: the password, once the session is whole (before that it was given just now).
 * By the identity provider: a code of the present second factor, or to have come from there within minutes.
 */
export async function proveAgain(context: RouteContext, request: FastifyRequest, session: OwnSession, given: GivenAgain): Promise<void> {
  if (session.method !== 'password') return proveOutside(context, request, session, given);
  if (session.stage !== 'full') return;
  if (given.password === undefined) throw new ApiProblem(403, 'password-needed', 'send your password again with this');
  await provePassword(context, request, session, given.password);
}

async function proveOutside(context: RouteContext, request: FastifyRequest, session: OwnSession, { code }: GivenAgain): Promise<void> {
  if (code !== undefined && session.secondFactor) return proveCode(context, request, session, code);
  if (isRecentSignIn(session.createdAt, context.clock.now())) return;
  const how = session.secondFactor ? ', or send a code of your second factor with this' : '';
  throw new ApiProblem(403, 'sign-in-again', `sign in by the identity provider once more, and do this within five minutes${how}`);
}

async function proveCode(context: RouteContext, request: FastifyRequest, session: OwnSession, code: string): Promise<void> {
  const { database, clock, attempts } = context;
  const now = clock.now();
  const judge = () =>
    recorded(database, request, async (tx) => {
      const taken = await takeCode(tx, context, request, { session, code, now });
      if (taken === null) return null;
      const detail = { by: taken.by, recoveryCodesLeft: taken.recoveryCodesLeft ?? undefined };
      await record(tx, request, { at: now, actor: session.name, action: 'session.second-factor-asked', object: session.id, detail });
      return taken;
    });
  const taken = await attempts.judge({ address: request.ip, name: session.name }, judge, (judged) => judged !== null);
  if (taken === null) throw codeWrong();
}
