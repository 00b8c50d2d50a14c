import { type AccessPolicy, type SessionView, timestamp, timestampOrNull } from '@beacontower/contracts';
import { readAccessPolicy, readNode } from '@beacontower/database';
import { passwordExpiry } from '@beacontower/domain';
import type { Principal, RouteContext } from '../context.ts';
import { VERSION } from '../version.ts';
import { idleOf } from './resolve-session.ts';

/** Before the first configuration was applied. */
const NO_NODE = { id: '', name: '', division: '', timeZone: 'Asia/Shanghai', language: 'zh' as const };

/** Who asks, and what they may. */
export async function sessionView(
  { database, clock }: Pick<RouteContext, 'database' | 'clock'>,
  principal: Principal,
): Promise<SessionView> {
  const { name, roles, divisions, session } = principal;
  const policy = session?.policy ?? (await readAccessPolicy(database));
  const who = { name, displayName: session?.displayName ?? name, roles: [...roles], divisions: [...divisions] };
  const place = { passwordRules: rulesOf(policy), node: (await readNode(database, clock.now())) ?? NO_NODE, version: VERSION };
  if (!session) {
    const none = { id: null, csrf: null, passwordExpiresAt: null, idleMs: null, expiresAt: null };
    return { ...who, ...none, stage: 'full', method: 'token', secondFactor: false, ...place };
  }
  return {
    ...who,
    id: session.id,
    stage: session.stage,
    method: session.method,
    csrf: session.csrf,
    secondFactor: session.secondFactor,
    passwordExpiresAt: timestampOrNull(passwordExpiry(session.passwordSetAt, policy.maxAgeDays)),
    idleMs: idleOf(session),
    expiresAt: timestamp(session.expiresAt),
    ...place,
  };
}

function rulesOf({ minLength, minClasses, history, maxAgeDays }: Omit<AccessPolicy, 'revision' | 'changedAt' | 'changedBy'>) {
  return { minLength, minClasses, history, maxAgeDays };
}
