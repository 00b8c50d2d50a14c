import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Account,
  endedWithParent,
  endLeftBehind,
  type Launch,
  type Logger,
  type PrivateServer,
  privateDirectory,
  serverEnvironment,
  socketDirectory,
  UserError,
} from '@beacontower/runtime';
import { createRedis } from './redis.ts';

export interface PrivateRedisOptions {
  /** Absolute; the server keeps its files in `<dataDirectory>/redis`. */
  readonly dataDirectory: string;
  /** The account it runs under; null as ourselves. */
  readonly account: Account | null;
  /** Directories to look for `redis-server` in, joined by ':'. */
  readonly searchPath: string;
  readonly logger: Logger;
  /** Seconds-old data may be lost in a power cut with `everysec`; `no` is for tests. */
  readonly durability?: 'everysec' | 'no';
}

/** The operating system's `redis-server` as a private child: unix socket only, append-only file, never evicting. */
export function createPrivateRedis(options: PrivateRedisOptions): PrivateServer {
  const directory = join(options.dataDirectory, 'redis');
  const url = privateRedisUrl(options.dataDirectory);
  const socket = decodeURIComponent(new URL(url).pathname);
  const sockets = dirname(socket);
  const pidFile = join(directory, 'redis.pid');
  return {
    name: 'redis',
    url,
    async prepare(): Promise<Launch> {
      const command = findProgram('redis-server', options.searchPath);
      if (!command) throw new UserError('redis-server is missing: run "apt-get install redis-server", or give BEACONTOWER_REDIS_URL');
      privateDirectory(directory, options.account);
      privateDirectory(sockets, options.account);
      await endLeftBehind({ pidFile, program: 'redis', directory, signals: ['SIGTERM', 'SIGKILL'] }, options.logger);
      const settings: Record<string, string> = {
        port: '0',
        unixsocket: socket,
        unixsocketperm: '700',
        dir: directory,
        pidfile: pidFile,
        daemonize: 'no',
        appendonly: options.durability === 'no' ? 'no' : 'yes',
        appendfsync: options.durability ?? 'everysec',
        // Streams are written and trimmed all the time: a file of the default 64 MB would be written anew every half minute.
        'auto-aof-rewrite-min-size': '256mb',
        save: '',
        'maxmemory-policy': 'noeviction',
        // A background save would fork and fail under strict memory accounting; writes must go on all the same.
        'stop-writes-on-bgsave-error': 'no',
      };
      return endedWithParent({
        command,
        args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
        cwd: directory,
        env: serverEnvironment(),
        account: options.account,
        stopSignal: 'SIGTERM',
      });
    },
    async ready(): Promise<boolean> {
      if (!existsSync(socket)) return false;
      const redis = createRedis(url, () => undefined, { lazyConnect: true });
      try {
        redis.options.retryStrategy = () => null;
        await redis.connect();
        return (await redis.ping()) === 'PONG';
      } catch {
        return false;
      } finally {
        redis.disconnect();
      }
    },
  };
}

/** Where the private Redis of a data directory answers while it runs. */
export function privateRedisUrl(dataDirectory: string): string {
  return pathToFileURL(join(socketDirectory(dataDirectory, 'redis'), 'redis.sock')).href.replace(/^file:/, 'unix:');
}

/** Where a program is found in a search path; undefined when nowhere. The system's own directories are looked through last. */
function findProgram(name: string, searchPath: string): string | undefined {
  return searchPath
    .split(':')
    .filter((directory) => directory.startsWith('/'))
    .map((directory) => join(directory, name))
    .find((path) => existsSync(path));
}
