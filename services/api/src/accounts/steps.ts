import { endSessions, lockAccount, readAccessPolicy, setAccount } from '@beacontower/database';
import type { FastifyRequest } from 'fastify';
import type { RouteContext } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { advance, nextStage, type OpenedSession } from './open-session.ts';
import { type OwnSession, ownSession } from './own-session.ts';
import { accountNeeded, codeWrong } from './problems.ts';
import { type GivenAgain, proveAgain } from './prove-again.ts';
import { takeCode } from './prove-code.ts';
import { record, recorded } from './record.ts';
import { newRecoveryCodes, newSecret, openSecrets, sealSecrets, stepOf } from './second-factor.ts';

/** A code, or one of the recovery codes; the session goes on under a new secret. */
export async function giveCode(context: RouteContext, request: FastifyRequest, code: string): Promise<OpenedSession> {
  const session = ownSession(request, ['second-factor']);
  const { database, clock, attempts } = context;
  const now = clock.now();
  const judge = () =>
    recorded(database, request, async (tx): Promise<OpenedSession | null> => {
      const taken = await takeCode(tx, context, request, { session, code, now });
      if (taken === null) return null;
      const { account, policy, by, recoveryCodesLeft } = taken;
      await setAccount(tx, account.id, { lastSignInAt: now });
      const stage = nextStage(account, policy, { method: session.method, secondFactorGiven: true }, now);
      const opened = await advance(tx, session.id, stage, now);
      const detail = { by, recoveryCodesLeft: recoveryCodesLeft ?? undefined, stage };
      await record(tx, request, { at: now, actor: account.name, action: 'session.second-factor', object: session.id, detail });
      return opened;
    });
  const opened = await attempts.judge({ address: request.ip, name: session.name }, judge, (judged) => judged !== null);
  if (opened === null) throw codeWrong();
  return opened;
}

/** Shows a new secret; it counts from its first code on. Who holds an open session shows again who they are. */
export async function setUpSecondFactor(context: RouteContext, request: FastifyRequest, given: GivenAgain) {
  const session = ownSession(request, ['enrol', 'full']);
  const { database, sealer, clock } = context;
  await proveAgain(context, request, session, given);
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
  context: RouteContext,
  request: FastifyRequest,
  code: string,
): Promise<{ readonly opened: OpenedSession; readonly codes: string[] }> {
  const session = ownSession(request, ['enrol', 'full']);
  const { codes, hashes } = newRecoveryCodes();
  // Whoever guessed it would be shown the recovery codes.
  const attempt = { address: request.ip, name: session.name };
  const judge = () => takePending(context, request, { session, code, hashes });
  const opened = await context.attempts.judge(attempt, judge, (judged) => judged !== null);
  if (opened === null) throw codeWrong();
  return { opened, codes };
}

async function takePending(
  { database, sealer, clock }: RouteContext,
  request: FastifyRequest,
  { session, code, hashes }: { readonly session: OwnSession; readonly code: string; readonly hashes: readonly Buffer[] },
): Promise<OpenedSession | null> {
  const now = clock.now();
  return recorded(database, request, async (tx) => {
    const account = await lockAccount(tx, session.accountId);
    const pending = account && openSecrets(sealer, account).pending;
    if (!account || !pending)
      throw new ApiProblem(409, 'nothing-to-confirm', 'no second factor waits for its first code: set one up first');
    const step = stepOf(pending, code, null, now);
    if (step === null) {
      const denied = { result: 'denied' as const, detail: { reason: 'wrong-code' } };
      await record(tx, request, { at: now, actor: account.name, action: 'account.second-factor-set', object: account.id, ...denied });
      return null;
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
}

/** Does without a second factor again, where the policy lets one. */
export async function removeSecondFactor(context: RouteContext, request: FastifyRequest, given: GivenAgain): Promise<void> {
  const session = ownSession(request, ['full']);
  const { database, clock } = context;
  await proveAgain(context, request, session, given);
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
