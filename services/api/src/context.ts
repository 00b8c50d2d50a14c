import type { RoleName } from '@beacontower/contracts';
import type { Database, Scope } from '@beacontower/database';
import type { createRedis, Keys } from '@beacontower/queue';
import type { Clock, Logger, Registry, Signer } from '@beacontower/runtime';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
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
  /** Slot name of this process, such as `main/serve`. */
  readonly instance: string;
}

/** What routes are registered with. */
export interface RouteContext extends ApiDeps {
  readonly config: ApiConfig;
  readonly metrics: ApiMetrics;
  /** Whose token an Authorization header holds; null when it is nobody's (any more). */
  readonly resolvePrincipal: (authorization: string | undefined) => Promise<Principal | null>;
}

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
}

/** What a route asks of its caller: nothing, any role, or a certain one. A route that says nothing asks for any role. */
export type Access = 'public' | 'read' | 'operate' | 'administer';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Answers 405 for the methods an address does not take. */
    refusesMethod?: boolean;
    /** What is done leaves its audit row in its own transaction; only refusals are left to the HTTP layer. */
    auditsItself?: boolean;
    /** Answers may hold a secret shown once: they are never stored under an idempotency key. */
    secretAnswer?: boolean;
  }
  interface FastifyInstance {
    /** The methods that every address of ours takes. */
    readonly knownRoutes: ReadonlyMap<string, ReadonlySet<string>>;
  }
  interface FastifyRequest {
    principal: Principal | null;
    startedAt: number;
    idempotency: { readonly key: string; readonly hash: Buffer } | null;
  }
}

/** The caller of a route that is not public. */
export function principalOf(request: Pick<FastifyRequest, 'principal'>): Principal {
  if (request.principal === null) throw new TypeError('a route that is not public was reached without a principal');
  return request.principal;
}
