import { withoutCredentials } from '@beacontower/runtime';
import { type CommonRedisOptions, Redis } from 'ioredis';

/** The connection options we use: common ones, an address or a socket path, TLS. */
export type ConnectionOptions = Pick<
  CommonRedisOptions,
  'enableReadyCheck' | 'retryStrategy' | 'maxRetriesPerRequest' | 'username' | 'password' | 'db'
> & {
  host?: string;
  port?: number;
  path?: string;
  tls?: object;
};

/**
 * A connection to Redis from `redis://`, `rediss://` or `unix:///path/to/socket` (`redis+unix://` too). Commands wait for a
 * lost connection to return (`maxRetriesPerRequest: null`, as BullMQ needs); blocking readers take a connection of their own.
 */
export function createRedis(
  url: string,
  onError: (error: Error) => void,
  options: { connectionName?: string; lazyConnect?: boolean } = {},
): Redis {
  const redis = new Redis({ ...redisOptions(url), ...options });
  redis.on('error', (error: Error) => {
    error.message = withoutCredentials(error.message);
    onError(error);
  });
  return redis;
}

/** Connection options for a URL, for libraries that make their own connections. */
export function redisOptions(url: string): ConnectionOptions {
  const common: ConnectionOptions = {
    maxRetriesPerRequest: null,
    enableReadyCheck: true,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000),
  };
  const parsed = new URL(url);
  if (parsed.protocol === 'unix:' || parsed.protocol === 'redis+unix:') return { ...common, path: decodeURIComponent(parsed.pathname) };
  if (parsed.protocol !== 'redis:' && parsed.protocol !== 'rediss:')
    throw new Error('a Redis URL starts with redis://, rediss:// or unix://');
  return {
    ...common,
    host: parsed.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: parsed.port === '' ? 6379 : Number(parsed.port),
    ...(parsed.username === '' ? {} : { username: decodeURIComponent(parsed.username) }),
    ...(parsed.password === '' ? {} : { password: decodeURIComponent(parsed.password) }),
    db: parsed.pathname.length > 1 ? Number(parsed.pathname.slice(1)) : 0,
    ...(parsed.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}
