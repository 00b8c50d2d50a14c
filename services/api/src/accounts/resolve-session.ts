import { timingSafeEqual } from 'node:crypto';
import { CSRF_HEADER } from '@beacontower/contracts';
import { appendAudit, type Database, endSessions, findSession, hashSessionSecret, type Session } from '@beacontower/database';
import { sessionOver } from '@beacontower/domain';
import type { FastifyRequest } from 'fastify';
import type { Caller, Principal } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { sessionCookie } from './cookie.ts';

const MINUTE_MS = 60_000;

/** After so long without a person a session ends; null: never, it is a wall. */
export function idleOf({ method, policy }: Session): number | null {
  return method === 'token' ? null : policy.idleMinutes * MINUTE_MS;
}

/** Whose session a cookie holds. One that is over by time is ended here, and recorded. */
export async function resolveSession(database: Database, caller: Caller, now: number): Promise<Principal | null> {
  const secret = sessionCookie(caller);
  return secret === undefined ? null : principalOfSecret(database, secret, now);
}

/** The same by the cookie's secret. */
export async function principalOfSecret(database: Database, secret: string, now: number): Promise<Principal | null> {
  const session = await findSession(database, hashSessionSecret(secret), now);
  if (!session) return null;
  const over = sessionOver({ seenAt: session.seenAt, expiresAt: session.expiresAt, idleMs: idleOf(session) }, now);
  if (over !== null) {
    await endOver(database, session, over, now);
    return null;
  }
  const { name, roles, divisions } = session;
  return { id: session.accountId ?? session.tokenId ?? session.id, name, roles, divisions, session };
}

async function endOver(database: Database, { id, name }: Session, because: 'idle' | 'expired', now: number): Promise<void> {
  await database.transaction(async (tx) => {
    if ((await endSessions(tx, { id }, { by: 'beacontower', because, now })) === 0) return;
    await appendAudit(tx, {
      at: now,
      actor: name,
      source: null,
      action: 'session.expired',
      object: id,
      result: 'done',
      detail: { because },
    });
  });
}

/** Refuses a change that a page of another site may have made this browser ask for. */
export function checkSameSite({ headers }: Pick<FastifyRequest, 'headers'>): void {
  const { host = '', origin, 'sec-fetch-site': site } = headers;
  const isForeign = (origin !== undefined && !isOrigin(origin, host)) || (site !== undefined && site !== 'same-origin' && site !== 'none');
  if (isForeign) throw new ApiProblem(403, 'cross-site', 'this was asked for by a page of another site; open the console itself');
}

// The scheme is not compared: a gateway may have taken HTTPS off. With it the usual port may be written or not.
function isOrigin(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  const own = `${from.protocol}//${host}`;
  return from.host !== '' && URL.canParse(own) && new URL(own).host === from.host;
}

/** The same, and the session's own token in the header. */
export function checkCsrf(request: FastifyRequest, session: Session): void {
  checkSameSite(request);
  const given = Buffer.from(String(request.headers[CSRF_HEADER] ?? ''), 'utf8');
  const expected = Buffer.from(session.csrf, 'utf8');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new ApiProblem(403, 'csrf', `a change by cookie needs the header ${CSRF_HEADER} with the session's csrf; load the page again`);
  }
}
