import type { AccessPolicy, FieldError } from '@beacontower/contracts';
import { type Account, endSessions, lockAccount, type Passwords, setAccount } from '@beacontower/database';
import { judgePassword, type PasswordFault } from '@beacontower/domain';
import type { FastifyRequest } from 'fastify';
import type { RouteContext } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { advance, nextStage, type OpenedSession } from './open-session.ts';
import { ownSession } from './own-session.ts';
import { passwordWrong } from './problems.ts';
import { provePassword } from './prove-again.ts';
import { record, recorded } from './record.ts';

/** A person changes their password: the other sessions of theirs end, this one goes on under a new secret. */
export async function changePassword(
  context: RouteContext,
  request: FastifyRequest,
  { current, next }: { readonly current: string; readonly next: string },
): Promise<OpenedSession> {
  const session = ownSession(request, ['change-password', 'enrol', 'full']);
  const { database, passwords, clock } = context;
  const { account, policy } = await provePassword(context, request, session, current);
  const faults = await faultsOf(passwords, account, policy, next);
  if (faults.length > 0) throw refusedPassword(faults, policy);
  const passwordHash = await passwords.hash(next);
  const now = clock.now();
  return recorded(database, request, async (tx) => {
    const held = await lockAccount(tx, account.id);
    if (!held || held.passwordHash !== account.passwordHash) throw passwordWrong();
    const changed = {
      passwordHash,
      passwordSetAt: now,
      passwordHistory: historyOf(held, policy),
      mustChange: false,
      oneTimeUntil: null,
    };
    await setAccount(tx, held.id, changed);
    const ended = await endSessions(tx, { account: held.id, but: session.id }, { by: held.name, because: 'password-changed', now });
    // Whoever is here has given the code, if there is one to give.
    const proof = { method: session.method, secondFactorGiven: held.secondFactorSince !== null };
    const opened = await advance(tx, session.id, nextStage({ ...held, ...changed }, policy, proof, now), now);
    const detail = { sessionsEnded: ended };
    await record(tx, request, { at: now, actor: held.name, action: 'account.password-changed', object: held.id, detail });
    return opened;
  });
}

function historyOf({ passwordHash, passwordHistory }: Account, { history }: AccessPolicy): string[] {
  return [...(passwordHash === null ? [] : [passwordHash]), ...passwordHistory].slice(0, history);
}

async function faultsOf(passwords: Passwords, account: Account, policy: AccessPolicy, next: string): Promise<PasswordFault[]> {
  const faults = judgePassword(next, policy, [account.name, account.displayName]);
  // What is refused anyway is not compared with each of the earlier ones, which takes a while.
  if (faults.length > 0) return faults;
  const used = new Set([account.passwordHash, ...account.passwordHistory.slice(0, policy.history)]);
  for (const hash of used) if (hash !== null && (await passwords.verify(hash, next))) return ['used-before'];
  return [];
}

function refusedPassword(faults: readonly PasswordFault[], policy: AccessPolicy): ApiProblem {
  const words: Readonly<Record<PasswordFault, string>> = {
    'too-short': `is shorter than ${policy.minLength} characters`,
    'too-few-classes': `holds fewer than ${policy.minClasses} of lower case, upper case, digits and others`,
    'holds-name': 'holds a name of yours',
    'too-common': 'is among what is tried first everywhere',
    'used-before': `is this one, or one of the last ${policy.history}`,
  };
  const errors = faults.map((fault): FieldError => ({ in: 'body', path: 'next', message: words[fault], expected: fault }));
  return new ApiProblem(400, 'password-refused', `the new password ${faults.map((fault) => words[fault]).join('; it ')}`, { errors });
}
