import type { ListenAddress, OidcSettings, TlsFiles } from '@beacontower/runtime';

/** How the API serves. Times are ms. */
export interface ApiConfig {
  readonly listen: ListenAddress;
  /** The bootstrap token (operator and system-administrator of all divisions); only its SHA-256 is kept. */
  readonly bootstrapToken: string | null;
  /** Roles that must be alive for `/readyz`. */
  readonly expectedRoles: readonly string[];
  /** Largest request body, bytes. */
  readonly bodyLimitBytes: number;
  /** Requests of one token (or, without one, one address) in a window. */
  readonly rateLimit: { readonly max: number; readonly windowMs: number };
  readonly requestTimeoutMs: number;
  readonly database: DatabaseLimits;
  /** Networks of gateways whose X-Forwarded-For and -Proto are believed; none: nobody's. */
  readonly trustedProxies: readonly string[];
  /** Passwords are taken over clear HTTP from other hosts too: for laboratories. */
  readonly allowHttp: boolean;
  readonly live: LiveConfig;
  /** Null: clear HTTP. */
  readonly tls: TlsFiles | null;
  /** Null: nobody signs in by an identity provider. */
  readonly oidc: OidcSettings | null;
  /** Directory in which audit rows wait that the database would not take, and where its checkpoints are kept too; null: none. */
  readonly auditDirectory: string | null;
}

/** How long PostgreSQL may take over one question before the request is answered 503. */
export interface DatabaseLimits {
  /** Who asks, and the audit row of what is refused: every request waits for these. */
  readonly lookUpMs: number;
  readonly questionMs: number;
  /** Of what computes over long times or many objects. */
  readonly longQuestionMs: number;
}

export interface LiveConfig {
  readonly maxClients: number;
  /** Events waiting for one slow client before they are dropped for a `resync`; at least 1,000, since the log is read 500 at a time. */
  readonly queueLimit: number;
  readonly heartbeatMs: number;
  /** Most of the log that is sent again after a `Last-Event-ID`, as much as is held for all; beyond that a `resync` is told. */
  readonly resumeLimit: number;
}

export type ApiOptions = Pick<ApiConfig, 'listen' | 'bootstrapToken'> & Partial<ApiConfig>;

/** Fills in what was not given. */
export function apiConfig(options: ApiOptions): ApiConfig {
  return {
    expectedRoles: ['scheduler', 'collector-icmp', 'pipeline', 'alerting', 'api', 'recorder'],
    bodyLimitBytes: 256 * 1024,
    rateLimit: { max: 6_000, windowMs: 60_000 },
    requestTimeoutMs: 30_000,
    database: { lookUpMs: 5_000, questionMs: 10_000, longQuestionMs: 60_000 },
    trustedProxies: [],
    allowHttp: false,
    live: { maxClients: 2_000, queueLimit: 1_000, heartbeatMs: 15_000, resumeLimit: 5_000 },
    tls: null,
    oidc: null,
    auditDirectory: null,
    ...options,
  };
}
