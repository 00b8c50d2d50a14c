import { type Account, endSessions, findAccountByName, lockAccount, readAccessPolicy, setAccount } from '@beacontower/database';
import { takeBackAttempt } from '@beacontower/domain';
import type { FastifyRequest } from 'fastify';
import type { RouteContext } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { checkSource, type OpenedSession, openAccountSession } from './open-session.ts';
import { signInRefused } from './problems.ts';
import { type Admitted, type Barred, checkPassword } from './prove.ts';
import { record, recorded, recordLock } from './record.ts';

/** Signs a person in by name and password. Every refusal of a stranger reads the same and takes as long. */
export async function signInByPassword(
  context: RouteContext,
  request: FastifyRequest,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<OpenedSession> {
  const judge = async () => {
    const found = await findAccountByName(context.database, name);
    return { found, checked: await checkPassword(context, found?.id, password) };
  };
  const isRight = ({ checked }: Awaited<ReturnType<typeof judge>>) => typeof checked !== 'string' && checked.isRight;
  const { found, checked } = await context.attempts.judge({ address: request.ip, name }, judge, isRight);
  if (typeof checked === 'string' || !checked.isRight) {
    await recordRefusal(context, request, found, typeof checked === 'string' ? checked : checked.admitted);
    throw signInRefused();
  }
  return openFor(context, request, checked.admitted, password);
}

async function recordRefusal(
  { database, clock }: RouteContext,
  request: FastifyRequest,
  account: Account | undefined,
  refused: Barred | Admitted,
): Promise<void> {
  const at = clock.now();
  // What nobody is called may be a password typed into the wrong field: it is written nowhere.
  const who = { at, actor: account?.name ?? 'anonymous', object: account?.id ?? '', result: 'denied' as const };
  await recorded(database, request, async (tx) => {
    const reason = typeof refused === 'string' ? refused : 'wrong-password';
    const failures = typeof refused === 'string' ? undefined : refused.account.failures;
    await record(tx, request, { ...who, action: 'session.sign-in', detail: { reason, failures } });
    if (typeof refused !== 'string' && refused.isLast) await recordLock(tx, request, refused.account, at);
  });
}

async function openFor(context: RouteContext, request: FastifyRequest, admitted: Admitted, password: string): Promise<OpenedSession> {
  const { database, passwords, clock } = context;
  const { passwordHash } = admitted.account;
  const renewed = passwordHash !== null && passwords.isOutdated(passwordHash) ? await passwords.hash(password) : undefined;
  const now = clock.now();
  const opened = await recorded(database, request, async (tx): Promise<OpenedSession | ApiProblem> => {
    const account = await lockAccount(tx, admitted.account.id);
    const policy = await readAccessPolicy(tx);
    // Meanwhile another may have reset the password or disabled the account.
    if (!account || account.disabledAt !== null || account.passwordHash !== passwordHash) return signInRefused();
    await setAccount(tx, account.id, takeBackAttempt(account, policy));
    const refusal = refusalOf(account, policy, request.ip, now);
    if (refusal) {
      const detail = { reason: refusal.code };
      await record(tx, request, { at: now, actor: account.name, action: 'session.sign-in', object: account.id, result: 'denied', detail });
      return refusal;
    }
    const proof = { method: 'password' as const, secondFactorGiven: false };
    const session = await openAccountSession(tx, request, { account, policy, proof, now });
    if (session.stage !== 'second-factor') await setAccount(tx, account.id, { failures: 0, lockedUntil: null, lastSignInAt: now });
    if (renewed !== undefined) await setAccount(tx, account.id, { passwordHash: renewed });
    const detail = { method: 'password', stage: session.stage, session: session.id };
    await record(tx, request, { at: now, actor: account.name, action: 'session.sign-in', object: account.id, detail });
    return session;
  });
  if (opened instanceof ApiProblem) throw opened;
  return opened;
}

function refusalOf(account: Account, policy: Parameters<typeof checkSource>[1], address: string, now: number): ApiProblem | undefined {
  if (account.mustChange && account.oneTimeUntil !== null && account.oneTimeUntil <= now) {
    return new ApiProblem(403, 'one-time-password-over', 'this password was good for a while only; ask an administrator for another one');
  }
  try {
    checkSource(account, policy, address);
  } catch (error) {
    if (error instanceof ApiProblem) return error;
    throw error;
  }
  return undefined;
}

/** Signs a session's person out. */
export async function signOut({ database, clock }: RouteContext, request: FastifyRequest): Promise<void> {
  const { principal } = request;
  const session = principal?.session;
  if (!principal || !session) return;
  const now = clock.now();
  await recorded(database, request, async (tx) => {
    await endSessions(tx, { id: session.id }, { by: principal.name, because: 'sign-out', now });
    await record(tx, request, { at: now, actor: principal.name, action: 'session.sign-out', object: session.id });
  });
}
