import { timingSafeEqual } from 'node:crypto';
import type { RoleName } from '@beacontower/contracts';
import { findTokenOwner, hashToken, touchToken } from '@beacontower/database';
import type { FastifyRequest } from 'fastify';
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

/** Finds out who calls (before the rate limit, which counts per token), then, before a body is read, refuses who may not. */
export function registerAuth(app: App, { resolvePrincipal }: RouteContext): void {
  app.decorateRequest('principal', null);
  app.addHook('onRequest', async (request) => {
    if (accessOf(request) !== 'public') request.principal = await resolvePrincipal(request.headers.authorization);
  });
  app.addHook('preParsing', async (request) => {
    if (request.routeOptions.url !== undefined) guard(accessOf(request), request);
  });
}

function accessOf(request: FastifyRequest): Access {
  return request.routeOptions.config.access ?? 'read';
}

function guard(access: Access, request: FastifyRequest): void {
  if (access === 'public') return;
  const { principal } = request;
  if (principal === null) {
    if (request.headers.authorization === undefined) throw unauthorized('send a token as "Authorization: Bearer …"');
    throw unauthorized('the token is not valid, or it has expired or been revoked', 'invalid_token');
  }
  if (access === 'session') return;
  const roles = ACCESS_ROLES[access];
  if (!principal.roles.some((role) => roles.includes(role))) throw forbidden(roles);
}

function forbidden(roles: readonly RoleName[]): ApiProblem {
  return new ApiProblem(403, 'role-required', `this needs the role ${roles.join(' or ')}`);
}

/** Tells whose a token is: the bootstrap's by comparing hashes in constant time, others by their hash in the database. */
export function createResolver({ database, clock, logger }: ApiDeps, config: ApiConfig): RouteContext['resolvePrincipal'] {
  const bootstrapHash = config.bootstrapToken === null ? null : hashToken(config.bootstrapToken);
  const touched = new Map<string, number>();
  return async (authorization) => {
    const token = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization ?? '')?.[1];
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
