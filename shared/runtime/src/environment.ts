/**
 * The only file that reads the environment. Everything else is handed typed values; child processes get theirs from
 * `childEnvironment`, servers of others a minimal one from `serverEnvironment`, so that no token leaks to them.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type OidcSettings, oidcOf, signInVariables, type TlsFiles, tlsOf } from './sign-in-settings.ts';

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

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
/** A duration such as `30s` within bounds; parses to ms. */
const duration = (least: number, most: number, expected: string) =>
  z.string().transform((text, context): number => {
    const match = /^(\d{1,7})(ms|s|m|h)$/.exec(text);
    const ms = match ? Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS] : Number.NaN;
    if (ms >= least && ms <= most) return ms;
    context.addIssue({ code: 'custom', message: `expected ${expected}, got "${text}"` });
    return z.NEVER;
  });

const DAY_MS = 86_400_000;
const retention = z.string().transform((text, context): SamplesRetention => {
  const days = /^(\d{1,5})d,(\d{1,5})d,(\d{1,5})d$/.exec(text)?.slice(1).map(Number) ?? [];
  const [raw = 0, fiveMinutes = 0, hour = 0] = days;
  if (raw >= 1 && fiveMinutes >= raw && hour >= fiveMinutes)
    return { rawMs: raw * DAY_MS, fiveMinutesMs: fiveMinutes * DAY_MS, hourMs: hour * DAY_MS };
  context.addIssue({
    code: 'custom',
    message: `expected days of raw samples, means of 5 minutes and of 1 hour, each at least as long as the one before, such as 14d,180d,1830d, got "${text}"`,
  });
  return z.NEVER;
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
  BEACONTOWER_SIGNING_KEY_FILE: z.string().optional(),
  BEACONTOWER_CONFIG: z.string().optional(),
  BEACONTOWER_REDIS_PREFIX: z
    .string()
    .regex(/^[\w-]+$/)
    .optional(),
  BEACONTOWER_SAMPLES_URL: url('influxdb', 'influxdbs', 'http', 'https').optional(),
  BEACONTOWER_SAMPLES_TOKEN: z.string().optional(),
  BEACONTOWER_SAMPLES_RETENTION: retention.optional(),
  ...signInVariables(url('https', 'http')),
  BEACONTOWER_FEDERATION_LISTEN: listen.optional(),
  BEACONTOWER_FEDERATION_NAMES: z
    .string()
    .regex(/^[\w.:-]+(,[\w.:-]+)*$/, 'expected host names and addresses, separated by commas')
    .optional(),
  BEACONTOWER_FEDERATION_SILENCE: duration(10_000, 3_600_000, 'a duration from 10s to 1h such as 30s or 5m').optional(),
  BEACONTOWER_UPLINK_RATE: z
    .string()
    .regex(/^[1-9]\d{2,11}$/, 'expected bytes per second, at least 100')
    .transform(Number)
    .optional(),
  BEACONTOWER_HEARTBEAT_URL: url('https', 'http').optional(),
  BEACONTOWER_HEARTBEAT_FAIL_URL: url('https', 'http').optional(),
  BEACONTOWER_HEARTBEAT_INTERVAL: duration(1_000, 3_600_000, 'a duration from 1s to 1h such as 60s or 5m').optional(),
  BEACONTOWER_HEARTBEAT_METHOD: z.enum(['POST', 'GET']).optional(),
});

/** Every variable that is read; each may instead be given as a file by `NAME_FILE`. */
export const ENVIRONMENT_VARIABLES: readonly string[] = Object.keys(Variables.shape);

/** How long samples are kept at each resolution, ms. */
export interface SamplesRetention {
  readonly rawMs: number;
  readonly fiveMinutesMs: number;
  readonly hourMs: number;
}

/** The dead-man's heartbeat: where it goes while the node works. The addresses are secrets: whoever has them can keep the watch quiet. */
export interface HeartbeatSettings {
  readonly url: string;
  /** Told instead while the node does not work; null tells nobody. */
  readonly failUrl: string | null;
  readonly intervalMs: number;
  readonly method: 'POST' | 'GET';
}

const HEARTBEAT_INTERVAL_MS = 60_000;

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
  /** File of the key that signs evidence; null: `signing.key` in the data directory, made when first needed. */
  readonly signingKeyFile: string | null;
  readonly config: string | null;
  /** InfluxDB for samples, `influxdb://HOST:PORT/DATABASE?org=ORG`; null keeps them in DuckDB in the data directory. May hold a password. */
  readonly samplesUrl: string | null;
  /** Token of that InfluxDB; never logged. */
  readonly samplesToken: string | null;
  /** Null takes the usual. */
  readonly samplesRetention: SamplesRetention | null;
  /** Null: no heartbeat is sent. */
  readonly heartbeat: HeartbeatSettings | null;
  /** Where nodes below report to; null: to nowhere here. `names`: the host names and addresses by which they reach it. */
  /** Bytes per second that the line to the node above may be used for; null: as many as it carries. */
  readonly uplinkRate: number | null;
  readonly federation: { readonly listen: ListenAddress; readonly names: readonly string[]; readonly silenceMs: number | null } | null;
  /** Null: the API speaks clear HTTP. */
  readonly tls: TlsFiles | null;
  /** Passwords are taken over clear HTTP from other hosts too: for laboratories. */
  readonly allowHttp: boolean;
  /** Addresses and networks of gateways whose word on where a request came from is believed. */
  readonly trustedProxies: readonly string[];
  /** Null: nobody signs in by an identity provider. */
  readonly oidc: OidcSettings | null;
  /** First part of every key in Redis. */
  readonly redisPrefix: string;
  readonly searchPath: string;
  /** True on a build server: what a test needs must then be there. */
  readonly ci: boolean;
}

/** Reads and checks the environment. Throws a `UserError` which names every variable that is wrong, without its value if secret. */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const set = { ...fromFiles(given), ...given };
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
    signingKeyFile: values.BEACONTOWER_SIGNING_KEY_FILE ?? null,
    config: values.BEACONTOWER_CONFIG ?? null,
    redisPrefix: values.BEACONTOWER_REDIS_PREFIX ?? 'bt',
    samplesUrl: values.BEACONTOWER_SAMPLES_URL ?? null,
    samplesToken: values.BEACONTOWER_SAMPLES_TOKEN ?? null,
    samplesRetention: values.BEACONTOWER_SAMPLES_RETENTION ?? null,
    federation: orFault(federationOf(values)),
    uplinkRate: values.BEACONTOWER_UPLINK_RATE ?? null,
    tls: orFault(tlsOf(values)),
    allowHttp: values.BEACONTOWER_ALLOW_HTTP === '1',
    trustedProxies: values.BEACONTOWER_TRUSTED_PROXIES ?? [],
    oidc: orFault(oidcOf(values)),
    heartbeat: heartbeatOf(values),
    searchPath: set.PATH ?? '',
    ci: set.CI !== undefined && set.CI !== 'false' && set.CI !== '0',
  };
}

/** `NAME_FILE` names a file that holds the value of `NAME`, as container engines hand out secrets; `NAME` itself goes before. */
function fromFiles(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const read: NodeJS.ProcessEnv = {};
  for (const name of Object.keys(Variables.shape)) {
    const file = given[`${name}_FILE`];
    if (file === undefined || given[name] !== undefined) continue;
    try {
      read[name] = readFileSync(file, 'utf8').trim();
    } catch (error) {
      throw new UserError(`environment: ${name}_FILE: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }
  return read;
}

function orFault<T>(settings: T | string): T {
  if (typeof settings === 'string') throw new UserError(`environment: ${settings}`);
  return settings;
}

/** All addresses: by none of them is anybody reached. */
const EVERY_ADDRESS = ['::', '0.0.0.0'];

function federationOf(values: z.infer<typeof Variables>): Environment['federation'] | string {
  const {
    BEACONTOWER_FEDERATION_LISTEN: address,
    BEACONTOWER_FEDERATION_NAMES: names,
    BEACONTOWER_FEDERATION_SILENCE: silenceMs = null,
  } = values;
  if (address === undefined) return null;
  if (names === undefined && EVERY_ADDRESS.includes(address.host))
    return 'BEACONTOWER_FEDERATION_NAMES: expected the host names or addresses by which nodes below reach this one, where it listens on all';
  return { listen: address, names: names?.split(',') ?? [address.host], silenceMs };
}

function heartbeatOf(values: z.infer<typeof Variables>): HeartbeatSettings | null {
  if (values.BEACONTOWER_HEARTBEAT_URL === undefined) return null;
  return {
    url: values.BEACONTOWER_HEARTBEAT_URL,
    failUrl: values.BEACONTOWER_HEARTBEAT_FAIL_URL ?? null,
    intervalMs: values.BEACONTOWER_HEARTBEAT_INTERVAL ?? HEARTBEAT_INTERVAL_MS,
    method: values.BEACONTOWER_HEARTBEAT_METHOD ?? 'POST',
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

/** Tells a library something that it takes from nowhere but the environment; before it is loaded. */
export function tellLibrary(name: string, value: string): void {
  process.env[name] = value;
}

/** The environment for a child of ours: our own, with some variables set. */
export function childEnvironment(set: Readonly<Record<string, string>>, without: ReadonlySet<string> = new Set()): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !without.has(name))), ...set };
}

/** The environment for a server of others (PostgreSQL, Redis): nothing but what it needs to run. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
}

function defaultDataDirectory(set: NodeJS.ProcessEnv): string {
  if (process.getuid?.() === 0) return '/var/lib/beacontower';
  return join(set.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'beacontower');
}
