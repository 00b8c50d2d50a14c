import { endSessions, lockAccount, type Queryable, readAccessPolicy, type Session, setAccount } from '@beacontower/database';
import type { FastifyRequest } from 'fastify';
import { principalOf, type RouteContext } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { advance, nextStage, type OpenedSession } from './open-session.ts';
import { accountNeeded, codeWrong, notAtThisStage, passwordWrong } from './problems.ts';
import { type Admitted, admit, checkPassword } from './prove.ts';
import { record, recorded } from './record.ts';
import { newRecoveryCodes, newSecret, openSecrets, sealSecrets, stepOf, useRecoveryCode } from './second-factor.ts';
import { recordLock } from './sign-in.ts';

/** The session of a person with an account, at one of the stages. */
export interface OwnSession extends Session {
  readonly accountId: string;
}

/** The caller's own session. Throws for a token, and at another stage. */
export function ownSession(request: Pick<FastifyRequest, 'principal'>, stages: readonly Session['stage'][]): OwnSession {
  const { session } = principalOf(request);
  if (!session || session.accountId === null) throw accountNeeded();
  if (!stages.includes(session.stage)) throw notAtThisStage(session.stage);
  return { ...session, accountId: session.accountId };
}

/** A code, or one of the recovery codes; the session goes on under a new secret. */
export async function giveCode(context: RouteContext, request: FastifyRequest, code: string): Promise<OpenedSession> {
  const session = ownSession(request, ['second-factor']);
  const { database, sealer, clock, attempts } = context;
  const attempt = { address: request.ip, name: session.name };
  attempts.check(attempt);
  const now = clock.now();
  const opened = await recorded(database, request, async (tx): Promise<OpenedSession | null> => {
    const admitted = await admit(tx, session.accountId, now);
    if (typeof admitted === 'string') return refuseCode(tx, request, session, now, admitted);
    const { account, policy } = admitted;
    const { active } = openSecrets(sealer, account);
    const step = active === null ? null : stepOf(active, code, account.secondFactorStep, now);
    const left = step === null ? useRecoveryCode(account.recoveryCodes, code) : null;
    if (step === null && left === null) return refuseCode(tx, request, session, now, admitted);
    await setAccount(tx, account.id, {
      failures: 0,
      lockedUntil: null,
      lastSignInAt: now,
      ...(left === null ? { secondFactorStep: step } : { recoveryCodes: left }),
    });
    const opened = await advance(tx, session.id, nextStage(account, policy, { method: session.method, secondFactorGiven: true }, now), now);
    const detail = { by: left === null ? 'code' : 'recovery-code', recoveryCodesLeft: left?.length, stage: opened.stage };
    await record(tx, request, { at: now, actor: account.name, action: 'session.second-factor', object: session.id, detail });
    return opened;
  });
  if (opened !== null) return opened;
  attempts.failed(attempt);
  throw codeWrong();
}

async function refuseCode(
  tx: Queryable,
  request: FastifyRequest,
  session: OwnSession,
  now: number,
  refused: Admitted | string,
): Promise<null> {
  const reason = typeof refused === 'string' ? refused : 'wrong-code';
  const who = { at: now, actor: session.name, object: session.id };
  await record(tx, request, { ...who, action: 'session.second-factor', result: 'denied', detail: { reason } });
  const isLocked = typeof refused === 'string' || refused.isLast;
  if (typeof refused !== 'string' && refused.isLast) await recordLock(tx, request, refused.account, now);
  // Who is locked begins anew: with the password, and after the lock.
  if (isLocked) await endSessions(tx, { id: session.id }, { by: 'beacontower', because: 'locked', now });
  return null;
}

/** Asks a person for their password once more, within their session. */
export async function provePassword(
  context: RouteContext,
  request: FastifyRequest,
  session: OwnSession,
  password: string,
): Promise<Admitted> {
  const { database, clock, attempts } = context;
  const attempt = { address: request.ip, name: session.name };
  attempts.check(attempt);
  const checked = await checkPassword(context, session.accountId, password);
  if (checked === 'no-password') throw new ApiProblem(409, 'no-password', 'this account has no password here: it signs in elsewhere');
  const now = clock.now();
  if (typeof checked !== 'string' && checked.isRight) {
    await database.transaction((tx) => setAccount(tx, session.accountId, { failures: 0, lockedUntil: null }));
    return checked.admitted;
  }
  attempts.failed(attempt);
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

/** Shows a new secret; it counts from its first code on. Where the session is open already, the password is asked for again. */
export async function setUpSecondFactor(context: RouteContext, request: FastifyRequest, password: string | undefined) {
  const session = ownSession(request, ['enrol', 'full']);
  const { database, sealer, clock } = context;
  await proveAgain(context, request, session, password);
  const { secret, uri } = newSecret(session.name);
  await recorded(database, request, async (tx) => {
    const account = await lockAccount(tx, session.accountId);
    if (!account) throw accountNeeded();
    const secrets = { ...openSecrets(sealer, account), pending: secret };
    await setAccount(tx, account.id, { secondFactor: sealSecrets(sealer, account.id, secrets) });
    await record(tx, request, { at: clock.now(), actor: account.name, action: 'account.second-factor-shown', object: account.id });
  });
  return { secret, uri };
}

/** The first code of a new second factor: from now on it is asked for. Returns the recovery codes, which are shown this once. */
export async function confirmSecondFactor(
  { database, sealer, clock, attempts }: RouteContext,
  request: FastifyRequest,
  code: string,
): Promise<{ readonly opened: OpenedSession; readonly codes: string[] }> {
  const session = ownSession(request, ['enrol', 'full']);
  const now = clock.now();
  // Whoever guessed it would be shown the recovery codes.
  const attempt = { address: request.ip, name: session.name };
  attempts.check(attempt);
  const { codes, hashes } = newRecoveryCodes();
  const opened = await recorded(database, request, async (tx) => {
    const account = await lockAccount(tx, session.accountId);
    const pending = account && openSecrets(sealer, account).pending;
    if (!account || !pending)
      throw new ApiProblem(409, 'nothing-to-confirm', 'no second factor waits for its first code: set one up first');
    const step = stepOf(pending, code, null, now);
    if (step === null) {
      attempts.failed(attempt);
      throw codeWrong();
    }
    await setAccount(tx, account.id, {
      secondFactor: sealSecrets(sealer, account.id, { active: pending, pending: null }),
      secondFactorSince: now,
      secondFactorStep: step,
      recoveryCodes: hashes,
    });
    await endSessions(tx, { account: account.id, but: session.id }, { by: account.name, because: 'second-factor', now });
    const policy = await readAccessPolicy(tx);
    const confirmed = { ...account, secondFactorSince: now };
    const next = await advance(tx, session.id, nextStage(confirmed, policy, { method: session.method, secondFactorGiven: true }, now), now);
    await record(tx, request, { at: now, actor: account.name, action: 'account.second-factor-set', object: account.id });
    return next;
  });
  return { opened, codes };
}

/** Does without a second factor again, where the policy lets one. */
export async function removeSecondFactor(context: RouteContext, request: FastifyRequest, password: string | undefined): Promise<void> {
  const session = ownSession(request, ['full']);
  const { database, clock } = context;
  await proveAgain(context, request, session, password);
  await recorded(database, request, async (tx) => {
    const account = await lockAccount(tx, session.accountId);
    if (!account) throw accountNeeded();
    const without = { ...account, secondFactorSince: null };
    const stage = nextStage(without, await readAccessPolicy(tx), { method: session.method, secondFactorGiven: false }, clock.now());
    if (stage === 'enrol') throw new ApiProblem(409, 'second-factor-needed', 'the policy asks for a second factor of you');
    await setAccount(tx, account.id, { secondFactor: null, secondFactorSince: null, secondFactorStep: null, recoveryCodes: [] });
    await record(tx, request, { at: clock.now(), actor: account.name, action: 'account.second-factor-removed', object: account.id });
  });
}

async function proveAgain(
  context: RouteContext,
  request: FastifyRequest,
  session: OwnSession,
  password: string | undefined,
): Promise<void> {
  if (session.stage !== 'full' || session.method !== 'password') return;
  if (password === undefined) throw new ApiProblem(403, 'password-needed', 'send your password again with this');
  await provePassword(context, request, session, password);
}
