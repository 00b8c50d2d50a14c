import type { RoleName } from '@beacontower/contracts';
import type { Database, KnownObjects, Passwords, Scope, Session } from '@beacontower/database';
import type { createRedis, Keys } from '@beacontower/queue';
import type { Clock, Logger, Registry, Sealer, Signer } from '@beacontower/runtime';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Attempts } from './accounts/attempts.ts';
import type { AuditGuardian } from './audit/guardian.ts';
import type { AuditWriter } from './audit/writer.ts';
import type { ApiConfig } from './config.ts';
import type { ApiMetrics } from './metrics.ts';

/** What the API is made from. */
export interface ApiDeps {
  readonly database: Database;
  readonly redis: ReturnType<typeof createRedis>;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Signs the evidence of periods closed by hand. */
  readonly signer: Signer;
  /** Seals the secrets of second factors. */
  readonly sealer: Sealer;
  /** Slot name of this process, such as `main/serve`. */
  readonly instance: string;
  /** The pages of the console; null: none were built, and the address shows a plain page of states. */
  readonly console: ConsoleFiles | null;
}

/** What is served to browsers. */
export interface ConsoleFiles {
  /** Holds `index.html` (with `{{nonce}}` where a nonce goes) and `assets/`. */
  readonly directory: string;
  /** First parts of the addresses of its pages, such as `incidents`: each of them, and all below, answers with `index.html`. */
  readonly sections: readonly string[];
}

/** What routes are registered with. */
export interface RouteContext extends ApiDeps {
  readonly config: ApiConfig;
  readonly metrics: ApiMetrics;
  readonly audit: AuditWriter;
  readonly guardian: AuditGuardian;
  readonly passwords: Passwords;
  readonly attempts: Attempts;
  /** Every object of the node with its state, in memory. */
  readonly objects: KnownObjects;
  /** Who asks, by the token of the Authorization header, else by the cookie of a session; null when it is nobody (any more). */
  readonly resolvePrincipal: (caller: Caller) => Promise<Principal | null>;
}

/** What of a request tells who asks. */
export type Caller = Pick<FastifyRequest, 'headers' | 'protocol'>;

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Who calls. */
export interface Principal {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly RoleName[];
  readonly divisions: Scope;
  /** The browser's session; without it a token was sent. */
  readonly session?: Session;
}

/**
 * What a route asks of its caller: nothing; to be known at all (`session`: one's own session, whatever it still needs); or one of the
 * roles that `ACCESS_ROLES` lists. A route that says nothing asks for `read`.
 */
export type Access = 'public' | 'session' | 'read' | 'operate' | 'manage' | 'administer' | 'secure' | 'accounts' | 'audit';

/** Which roles open what. The administrators of security and of audit see nothing of the network (三权分立, least privilege). */
export const ACCESS_ROLES: Readonly<Record<Exclude<Access, 'public' | 'session'>, readonly RoleName[]>> = {
  read: ['viewer', 'operator', 'duty-manager', 'system-administrator'],
  operate: ['operator', 'duty-manager'],
  manage: ['duty-manager'],
  administer: ['system-administrator'],
  secure: ['security-administrator'],
  accounts: ['system-administrator', 'security-administrator'],
  audit: ['audit-administrator'],
};

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Answers 405 for the methods an address does not take. */
    refusesMethod?: boolean;
    /** What is done leaves its audit row in its own transaction; only refusals are left to the HTTP layer. */
    auditsItself?: boolean;
    /** Answers may hold a secret shown once: they are never stored under an idempotency key. */
    secretAnswer?: boolean;
    /** The body holds a password: no idempotency key is taken, under which a hash of the body would be kept. */
    secretBody?: boolean;
  }
  interface FastifyInstance {
    /** The methods that every address of ours takes. */
    readonly knownRoutes: ReadonlyMap<string, ReadonlySet<string>>;
    /** What each of them asks of its caller, by `METHOD address`. */
    readonly routeAccess: ReadonlyMap<string, Access>;
    readonly audit: AuditWriter;
    readonly guardian: AuditGuardian;
  }
  interface FastifyRequest {
    principal: Principal | null;
    startedAt: number;
    /** Its audit row is written, or it shall have none. */
    audited: boolean;
    idempotency: { readonly key: string; readonly hash: Buffer } | null;
  }
}

/** The caller of a route that is not public. */
export function principalOf(request: Pick<FastifyRequest, 'principal'>): Principal {
  if (request.principal === null) throw new TypeError('a route that is not public was reached without a principal');
  return request.principal;
}
