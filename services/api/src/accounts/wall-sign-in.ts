import { findTokenOwner, hashToken, tokenExpiry } from '@beacontower/database';
import type { FastifyRequest } from 'fastify';
import type { RouteContext } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { type OpenedSession, openTokenSession } from './open-session.ts';
import { record, recorded } from './record.ts';

/** A wall without a person before it is signed in anew at least once a year. */
const LONGEST_MS = 366 * 86_400_000;

/** Signs a wall in by a token that may only read; its session ends with the token. */
export async function signInByToken(
  { database, clock, attempts }: RouteContext,
  request: FastifyRequest,
  token: string,
): Promise<OpenedSession & { readonly expiresAt: number }> {
  const now = clock.now();
  const owner = await attempts.judge(
    { address: request.ip, name: null },
    () => findTokenOwner(database, hashToken(token), now),
    (found) => found !== undefined,
  );
  if (!owner) throw new ApiProblem(401, 'sign-in-refused', 'the token is not valid, or it has expired or been revoked');
  if (owner.roles.some((role) => role !== 'viewer')) {
    throw new ApiProblem(403, 'viewer-token-only', 'a screen is signed in by a token that may only read: make one with the role viewer');
  }
  return recorded(database, request, async (tx) => {
    const expiresAt = Math.min((await tokenExpiry(tx, owner.id)) ?? Number.POSITIVE_INFINITY, now + LONGEST_MS);
    const session = await openTokenSession(tx, request, { tokenId: owner.id, now, expiresAt });
    const detail = { method: 'token', session: session.id };
    await record(tx, request, { at: now, actor: owner.name, action: 'session.sign-in', object: owner.id, detail });
    return { ...session, expiresAt };
  });
}
