import { randomBytes, randomUUID } from 'node:crypto';
import type { AccessPolicy, SessionStage } from '@beacontower/contracts';
import {
  type Account,
  advanceSession,
  hashSessionSecret,
  insertSession,
  isAdministrator,
  newSessionSecret,
  type Queryable,
  type SessionMethod,
} from '@beacontower/database';
import { demandsSecondFactor, stageOf } from '@beacontower/domain';
import type { FastifyRequest } from 'fastify';
import { liesIn } from './networks.ts';
import { notFromHere } from './problems.ts';

const HOUR_MS = 3_600_000;

/** How somebody showed who they are. */
export interface Proof {
  readonly method: SessionMethod;
  /** A code was given, or the identity provider answers for a second factor. */
  readonly secondFactorGiven: boolean;
}

/** What an account's session needs next. */
export function nextStage(account: Account, policy: AccessPolicy, proof: Proof, now: number): SessionStage {
  return stageOf({
    hasSecondFactor: account.secondFactorSince !== null,
    secondFactorGiven: proof.secondFactorGiven,
    byPassword: proof.method === 'password',
    mustChange: account.mustChange,
    passwordSetAt: account.passwordSetAt,
    maxAgeDays: policy.maxAgeDays,
    demandsSecondFactor: demandsSecondFactor(policy.secondFactor, isAdministrator(account)),
    now,
  });
}

/** Refuses administrators from where the policy does not let them work. */
export function checkSource(account: Pick<Account, 'roles'>, policy: Pick<AccessPolicy, 'administrationFrom'>, address: string): void {
  const { administrationFrom } = policy;
  if (administrationFrom.length > 0 && isAdministrator(account) && !liesIn(administrationFrom, address)) throw notFromHere();
}

/** A session that began: its cookie's secret, which is kept nowhere else. */
export interface OpenedSession {
  readonly id: string;
  readonly secret: string;
  readonly stage: SessionStage;
}

/** Opens a session of an account that showed who it is; the caller has checked that it may sign in, and records it. */
export async function openAccountSession(
  tx: Queryable,
  request: Pick<FastifyRequest, 'ip' | 'headers'>,
  given: { readonly account: Account; readonly policy: AccessPolicy; readonly proof: Proof; readonly now: number },
): Promise<OpenedSession> {
  const { account, policy, proof, now } = given;
  const stage = nextStage(account, policy, proof, now);
  const owner = { accountId: account.id, tokenId: null, method: proof.method };
  return open(tx, request, owner, { stage, now, expiresAt: now + policy.longestHours * HOUR_MS });
}

/** Opens a session of a token that may only read: a wall. */
export async function openTokenSession(
  tx: Queryable,
  request: Pick<FastifyRequest, 'ip' | 'headers'>,
  given: { readonly tokenId: string; readonly now: number; readonly expiresAt: number },
): Promise<OpenedSession> {
  return open(tx, request, { accountId: null, tokenId: given.tokenId, method: 'token' }, { ...given, stage: 'full' });
}

async function open(
  tx: Queryable,
  request: Pick<FastifyRequest, 'ip' | 'headers'>,
  owner: { readonly accountId: string | null; readonly tokenId: string | null; readonly method: SessionMethod },
  { stage, now, expiresAt }: { readonly stage: SessionStage; readonly now: number; readonly expiresAt: number },
): Promise<OpenedSession> {
  const id = randomUUID();
  const secret = newSessionSecret();
  await insertSession(tx, {
    ...owner,
    id,
    hash: hashSessionSecret(secret),
    csrf: randomBytes(32).toString('base64url'),
    stage,
    source: request.ip,
    agent: request.headers['user-agent'] ?? '',
    now,
    expiresAt,
  });
  return { id, secret, stage };
}

/** Takes a session to its next stage under a new secret, which is returned. */
export async function advance(tx: Queryable, id: string, stage: SessionStage, now: number): Promise<OpenedSession> {
  const secret = newSessionSecret();
  await advanceSession(tx, id, stage, hashSessionSecret(secret), now);
  return { id, secret, stage };
}
