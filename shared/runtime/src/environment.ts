/**
 * The only file that reads the environment. Everything else is handed typed values; child processes get theirs from
 * `childEnvironment`, servers of others a minimal one from `serverEnvironment`, so that no token leaks to them.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** Something a person has to put right; printed as one line without a stack, exit code 1. The message says what to do. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** An address to listen on; port 0 takes any free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const listen = z.string().transform((text, context): ListenAddress => {
  const address = parseListen(text);
  if (address) return address;
  context.addIssue({ code: 'custom', message: `expected HOST:PORT such as 127.0.0.1:8080 or [::1]:8080, got "${text}"` });
  return z.NEVER;
});
const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1)), {
    message: `expected a URL that starts with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
  });

const Variables = z.object({
  BEACONTOWER_DATABASE_URL: url('postgres', 'postgresql').optional(),
  BEACONTOWER_REDIS_URL: url('redis', 'rediss', 'unix', 'redis+unix').optional(),
  BEACONTOWER_INSTANCE: z
    .string()
    .regex(/^[\w.-]+(\/[\w.-]+)*$/, 'expected letters, digits, ".", "_", "-" in parts joined by "/"')
    .optional(),
  BEACONTOWER_LISTEN: listen.optional(),
  BEACONTOWER_LOG_LEVEL: z.enum(LOG_LEVELS).optional(),
  BEACONTOWER_TOKEN: z.string().min(16, 'expected at least 16 characters').optional(),
  BEACONTOWER_DATA: z.string().optional(),
  BEACONTOWER_SECRET_KEY_FILE: z.string().optional(),
  BEACONTOWER_CONFIG: z.string().optional(),
  BEACONTOWER_REDIS_PREFIX: z
    .string()
    .regex(/^[\w-]+$/)
    .optional(),
});

/** The environment of one process, checked and typed; `null` where nothing was set. */
export interface Environment {
  /** External PostgreSQL; null runs a private one. Holds a password: never logged. */
  readonly databaseUrl: string | null;
  /** External Redis or Valkey; null runs a private one. May hold a password. */
  readonly redisUrl: string | null;
  /** Stable name of this process's slot, such as `main/judge`: its leases are its own again after a restart. */
  readonly instance: string | null;
  readonly listen: ListenAddress | null;
  /** Null takes the usual: `info`, or `warn` on a terminal. */
  readonly logLevel: (typeof LOG_LEVELS)[number] | null;
  /** Bootstrap API token; never logged. */
  readonly token: string | null;
  readonly dataDirectory: string;
  /** File of the key that seals secrets at rest; null: `secret.key` in the data directory, made when first needed. */
  readonly secretKeyFile: string | null;
  readonly config: string | null;
  /** First part of every key in Redis. */
  readonly redisPrefix: string;
  readonly searchPath: string;
  /** True on a build server: what a test needs must then be there. */
  readonly ci: boolean;
}

/** Reads and checks the environment. Throws a `UserError` which names every variable that is wrong, without its value if secret. */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Variables.safeParse(set);
  if (!parsed.success) {
    throw new UserError(`environment: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`);
  }
  const values = parsed.data;
  return {
    databaseUrl: values.BEACONTOWER_DATABASE_URL ?? null,
    redisUrl: values.BEACONTOWER_REDIS_URL ?? null,
    instance: values.BEACONTOWER_INSTANCE ?? null,
    listen: values.BEACONTOWER_LISTEN ?? null,
    logLevel: values.BEACONTOWER_LOG_LEVEL ?? null,
    token: values.BEACONTOWER_TOKEN ?? null,
    dataDirectory: values.BEACONTOWER_DATA ?? defaultDataDirectory(set),
    secretKeyFile: values.BEACONTOWER_SECRET_KEY_FILE ?? null,
    config: values.BEACONTOWER_CONFIG ?? null,
    redisPrefix: values.BEACONTOWER_REDIS_PREFIX ?? 'bt',
    searchPath: set.PATH ?? '',
    ci: set.CI !== undefined && set.CI !== 'false' && set.CI !== '0',
  };
}

/** `HOST:PORT`, `[V6]:PORT` or `:PORT` (all addresses); undefined when it is none of them. */
export function parseListen(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65_535) return undefined;
  return { host: match[1] ?? (match[2] || '::'), port };
}

/** `HOST:PORT`, with brackets round an IPv6 address. */
export function formatListen(address: ListenAddress): string {
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}

/** A variable that the configuration refers to by name (`{env: NAME}`); undefined when not set. */
export function environmentVariable(name: string): string | undefined {
  return process.env[name] || undefined;
}

/** The environment for a child of ours: our own, with some variables set. */
export function childEnvironment(set: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...set };
}

/** The environment for a server of others (PostgreSQL, Redis): nothing but what it needs to run. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
}

function defaultDataDirectory(set: NodeJS.ProcessEnv): string {
  if (process.getuid?.() === 0) return '/var/lib/beacontower';
  return join(set.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'beacontower');
}
