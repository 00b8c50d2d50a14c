import { timingSafeEqual } from 'node:crypto';
import { ACTIVE_HEADER, EXCLUSIVE_ROLES, type RoleName } from '@beacontower/contracts';
import { findTokenOwner, hashToken, readAccessPolicy, touchSession, touchToken } from '@beacontower/database';
import { touchEvery } from '@beacontower/domain';
import type { FastifyRequest } from 'fastify';
import { liesIn } from '../accounts/networks.ts';
import { notFromHere } from '../accounts/problems.ts';
import { checkCsrf, idleOf, resolveSession } from '../accounts/resolve-session.ts';
import type { ApiConfig } from '../config.ts';
import { ACCESS_ROLES, type Access, type ApiDeps, type App, type Principal, type RouteContext } from '../context.ts';
import { ApiProblem, unauthorized } from './problem.ts';

/** The caller of the bootstrap token, in audit rows and idempotency keys. */
export const BOOTSTRAP_ID = '00000000-0000-0000-0000-000000000000';
const BOOTSTRAP: Principal = {
  id: BOOTSTRAP_ID,
  name: 'bootstrap',
  roles: ['operator', 'duty-manager', 'system-administrator'],
  divisions: [''],
};
const TOUCH_EVERY_MS = 60_000;
const LONGEST_TOKEN = 512;

/** What changes nothing, and so needs neither a token against forgery nor counts as a person's doing. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
/** What only administrators do: from the networks that the policy names. */
const ADMINISTRATION: ReadonlySet<Access> = new Set(['administer', 'secure', 'accounts', 'audit']);

/** Finds out who calls (before the rate limit, which counts per caller), then, before a body is read, refuses who may not. */
export function registerAuth(app: App, context: RouteContext): void {
  const { resolvePrincipal } = context;
  app.decorateRequest('principal', null);
  app.addHook('onRequest', async (request) => {
    if (accessOf(request) !== 'public') request.principal = await resolvePrincipal(request);
  });
  app.addHook('preParsing', async (request) => {
    if (request.routeOptions.url === undefined) return;
    guard(accessOf(request), request);
    await guardSource(accessOf(request), request, context);
    await noteUse(request, context);
  });
}

function accessOf(request: FastifyRequest): Access {
  return request.routeOptions.config.access ?? 'read';
}

function guard(access: Access, request: FastifyRequest): void {
  if (access === 'public') return;
  const { principal } = request;
  if (principal === null) {
    if (request.headers.authorization !== undefined)
      throw unauthorized('the token is not valid, or it has expired or been revoked', 'invalid_token');
    throw unauthorized('sign in, or send a token as "Authorization: Bearer …"');
  }
  if (principal.session && !SAFE.has(request.method)) checkCsrf(request, principal.session);
  if (access === 'session') return;
  if (principal.session && principal.session.stage !== 'full') {
    throw new ApiProblem(403, 'session-incomplete', `this session is at "${principal.session.stage}": signing in is not finished`);
  }
  const roles = ACCESS_ROLES[access];
  if (!principal.roles.some((role) => roles.includes(role))) throw forbidden(roles);
}

// Tokens of administrators too, and sessions that were opened elsewhere.
async function guardSource(access: Access, { principal, ip }: FastifyRequest, { database }: RouteContext): Promise<void> {
  if (principal === null || access === 'public') return;
  const isAdministrator = principal.roles.some((role) => (EXCLUSIVE_ROLES as readonly string[]).includes(role));
  if (!isAdministrator || !(principal.session || ADMINISTRATION.has(access))) return;
  const { administrationFrom } = principal.session?.policy ?? (await readAccessPolicy(database));
  if (administrationFrom.length > 0 && !liesIn(administrationFrom, ip)) throw notFromHere();
}

// A page asks by itself, all night; only what a person does keeps a session open.
async function noteUse({ principal, method, headers }: FastifyRequest, { database, clock }: RouteContext): Promise<void> {
  const session = principal?.session;
  if (!session || (SAFE.has(method) && headers[ACTIVE_HEADER] === undefined)) return;
  const idleMs = idleOf(session);
  const now = clock.now();
  if (idleMs !== null && now - session.seenAt >= touchEvery(idleMs)) await touchSession(database, session.id, now);
}

function forbidden(roles: readonly RoleName[]): ApiProblem {
  return new ApiProblem(403, 'role-required', `this needs the role ${roles.join(' or ')}`);
}

/**
 * Tells who calls: by a token, the bootstrap's by comparing hashes in constant time, others by their hash in the database; without one
 * by the cookie of a session. Whoever sends a token means it: a wrong one is nobody, cookie or not.
 */
export function createResolver({ database, clock, logger }: ApiDeps, config: ApiConfig): RouteContext['resolvePrincipal'] {
  const bootstrapHash = config.bootstrapToken === null ? null : hashToken(config.bootstrapToken);
  const touched = new Map<string, number>();
  return async (caller) => {
    const { authorization } = caller.headers;
    if (authorization === undefined) return resolveSession(database, caller, clock.now());
    const token = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization)?.[1];
    if (token === undefined || token.length > LONGEST_TOKEN) return null;
    const hash = hashToken(token);
    if (bootstrapHash !== null && timingSafeEqual(bootstrapHash, hash)) return BOOTSTRAP;
    const now = clock.now();
    const owner = await findTokenOwner(database, hash, now);
    if (!owner) return null;
    if (now - (touched.get(owner.id) ?? 0) >= TOUCH_EVERY_MS) {
      touched.set(owner.id, now);
      touchToken(database, owner.id, now).catch((error: unknown) => logger.warn({ err: error }, 'the last use of a token was not noted'));
    }
    return owner;
  };
}

/** What a caller is counted under for the rate limit: the token's owner, or the address. */
export function callerKey(request: FastifyRequest): string {
  return request.principal ? `token:${request.principal.id}` : `address:${request.ip}`;
}
