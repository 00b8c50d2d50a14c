import { resolve } from 'node:path';
import { createDatabase, type Database, privatePostgresUrl } from '@beacontower/database';
import { createKeys, createRedis, type Keys, privateRedisUrl } from '@beacontower/queue';
import { type Environment, type Logger, UserError, withoutCredentials } from '@beacontower/runtime';

export type Redis = ReturnType<typeof createRedis>;

/** Connections of one process, closed together. */
export interface Connections {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly database: Database;
  readonly redis: Redis;
  readonly keys: Keys;
  /** A further connection to Redis, for a reader that blocks on it. */
  connectRedis(purpose: string): Redis;
  close(): Promise<void>;
}

export interface ConnectionSettings {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  /** Shown by PostgreSQL and Redis beside each connection. */
  readonly name: string;
  readonly logger: Logger;
}

export function openConnections(settings: ConnectionSettings): Connections {
  const { databaseUrl, redisUrl, name, logger } = settings;
  const opened: Redis[] = [];
  let isClosing = false;
  const connectRedis = (purpose: string) => {
    const connectionName = `${name}${purpose === '' ? '' : `:${purpose}`}`;
    const redis = createRedis(redisUrl, (error) => logger.warn({ err: error, connection: connectionName }, 'Redis connection'), {
      connectionName,
    });
    opened.push(redis);
    return redis;
  };
  const database = createDatabase({
    url: databaseUrl,
    applicationName: `beacontower ${name}`,
    // The pool lets go of connections before PostgreSQL has seen them end: what they say then is of no interest.
    onError: (error) => isClosing || logger.warn({ err: error }, 'PostgreSQL connection'),
  });
  return {
    databaseUrl,
    redisUrl,
    database,
    redis: connectRedis(''),
    keys: createKeys(settings.redisPrefix),
    connectRedis,
    async close() {
      isClosing = true;
      for (const redis of opened) redis.disconnect();
      await database.close();
    },
  };
}

/** Where a node's stores are: the URLs given, or the private ones of its data directory. */
export function storesOf(environment: Environment, data: string | undefined): { databaseUrl: string; redisUrl: string } {
  const dataDirectory = resolve(data ?? environment.dataDirectory);
  return {
    databaseUrl: environment.databaseUrl ?? privatePostgresUrl(dataDirectory),
    redisUrl: environment.redisUrl ?? privateRedisUrl(dataDirectory),
  };
}

/** Fails in one line when PostgreSQL does not answer: a command is of no use then. */
export async function requireDatabase(database: Database): Promise<void> {
  try {
    await database.query('SELECT 1');
  } catch (error) {
    throw new UserError(
      `PostgreSQL does not answer (${withoutCredentials((error as Error).message)}): is "beacontower up" running on this data?`,
    );
  }
}
