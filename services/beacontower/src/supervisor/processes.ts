import { createPrivatePostgres } from '@beacontower/database';
import { createPrivateRedis } from '@beacontower/queue';
import {
  type Account,
  childEnvironment,
  type Environment,
  formatListen,
  type ListenAddress,
  type Logger,
  type PrivateServer,
} from '@beacontower/runtime';
import { PROCESSES, ROLE_NAMES } from '../roles.ts';
import { secretKeyFile, signingKeyFile } from '../secret-key.ts';
import type { SupervisorMetrics } from './metrics.ts';
import { Supervised } from './supervised.ts';

export interface ProcessDependencies {
  readonly environment: Environment;
  readonly dataDirectory: string;
  readonly account: Account | null;
  readonly logger: Logger;
  readonly metrics: SupervisorMetrics;
}

/** The stores: where they are, and those of them that are private children of ours. */
export interface Stores {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly supervised: readonly Supervised[];
}

/** A private PostgreSQL and Redis, except where a URL of an external one was given. */
export function createStores(dependencies: ProcessDependencies): Stores {
  const { environment, dataDirectory, account, logger } = dependencies;
  const common = { dataDirectory, account, logger };
  const postgres = environment.databaseUrl === null ? createPrivatePostgres(common) : null;
  const redis = environment.redisUrl === null ? createPrivateRedis({ ...common, searchPath: environment.searchPath }) : null;
  return {
    databaseUrl: environment.databaseUrl ?? (postgres as PrivateServer).url,
    redisUrl: environment.redisUrl ?? (redis as PrivateServer).url,
    supervised: [redis, postgres].filter((server) => server !== null).map((server) => superviseServer(server, dependencies)),
  };
}

function superviseServer(server: PrivateServer, { logger, metrics }: ProcessDependencies): Supervised {
  return new Supervised({
    name: server.name,
    prepare: () => server.prepare(),
    ready: () => server.ready(),
    // PostgreSQL replays its log after a kill, Redis reads its append-only file: both may take long with much data.
    readyLimitMs: 120_000,
    stopLimitMs: 30_000,
    logger,
    metrics,
  });
}

/** Our own children, each with the roles that it holds. */
export function createChildren(
  dependencies: ProcessDependencies,
  given: {
    readonly stores: Stores;
    readonly listen: ListenAddress;
    readonly main: string;
    readonly level: string;
    /** Variables of our environment that are not theirs. */
    readonly without: ReadonlySet<string>;
    readonly onPid: (name: string, pid: number | null) => void;
  },
): Supervised[] {
  const { environment, dataDirectory, logger, metrics } = dependencies;
  const { stores, listen, main, level, without, onPid } = given;
  return Object.entries(PROCESSES).map(([name, roles]) => {
    const set = {
      BEACONTOWER_DATABASE_URL: stores.databaseUrl,
      BEACONTOWER_REDIS_URL: stores.redisUrl,
      BEACONTOWER_INSTANCE: `${environment.instance ?? 'main'}/${name}`,
      BEACONTOWER_LISTEN: formatListen(listen),
      BEACONTOWER_LOG_LEVEL: level,
      BEACONTOWER_DATA: dataDirectory,
      BEACONTOWER_SECRET_KEY_FILE: secretKeyFile(environment, dataDirectory),
      BEACONTOWER_SIGNING_KEY_FILE: signingKeyFile(environment, dataDirectory),
    };
    return new Supervised({
      name,
      prepare: async () => ({
        command: process.execPath,
        args: [...process.execArgv, main, 'run', ...roles.filter((role) => ROLE_NAMES.includes(role))],
        cwd: process.cwd(),
        env: childEnvironment(set, without),
        account: null,
        stopSignal: 'SIGTERM',
      }),
      readyLimitMs: 60_000,
      stopLimitMs: 10_000,
      logger,
      metrics,
      onPid,
    });
  });
}
