import { hostname } from 'node:os';
import { createDatabase, migrate } from '@beacontower/database';
import { createKeys, createRedis, createVitals } from '@beacontower/queue';
import {
  type Component,
  closeOnSignal,
  createLogger,
  createRegistry,
  type Environment,
  type Health,
  type Logger,
  type Running,
  SystemClock,
  startInOrder,
  UserError,
} from '@beacontower/runtime';
import { createRole, DEFAULT_LISTEN, type RoleContext } from './roles.ts';
import { tellSupervisor } from './supervisor/messages.ts';

const STOP_LIMIT_MS = 8_000;
const HEARTBEAT_MS = 1_000;

/** Runs some roles in this process until a signal, or until the supervisor that started it is gone. */
export async function runRoles(roles: readonly string[], environment: Environment): Promise<void> {
  const { databaseUrl, redisUrl } = environment;
  if (!databaseUrl || !redisUrl) {
    throw new UserError('beacontower run needs BEACONTOWER_DATABASE_URL and BEACONTOWER_REDIS_URL ("beacontower up" runs private ones)');
  }
  const isSupervised = process.send !== undefined;
  const instance = environment.instance ?? `${hostname()}/${roles.join('+')}`;
  const logger = createLogger({ name: instance, level: environment.logLevel ?? 'info' });
  if (!isSupervised) await migrate(databaseUrl, (message) => logger.info({ component: 'migrate' }, message));

  const { context, close: closeConnections } = connect(environment, { databaseUrl, redisUrl, instance, logger });
  const components = roles.map((role) => createRole(role, context));
  const vitals = createVitals({
    ...context,
    roles: () => components.map((component) => ({ name: component.name, health: component.health() })),
  });

  let running: Running | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  const closeNow = closeOnSignal({
    logger,
    limitMs: STOP_LIMIT_MS,
    async close(reason) {
      logger.info({ reason }, 'stopping');
      clearInterval(heartbeat);
      await running?.stop();
      await closeConnections();
    },
  });
  // The channel to a supervisor closes when it dies, however it dies: nothing of ours runs on without it.
  process.once('disconnect', closeNow);

  running = await startInOrder([...components, vitals], logger);
  heartbeat = setInterval(() => void tellSupervisor({ type: 'health', ...worst(components) }), HEARTBEAT_MS);
  await tellSupervisor({ type: 'ready' });
  logger.info({ roles }, 'running');
}

function connect(
  environment: Environment,
  given: { databaseUrl: string; redisUrl: string; instance: string; logger: Logger },
): { context: RoleContext; close: () => Promise<void> } {
  const { databaseUrl, redisUrl, instance, logger } = given;
  const registry = createRegistry({ process: instance });
  const database = createDatabase({
    url: databaseUrl,
    applicationName: `beacontower ${instance}`,
    onError: (error) => logger.warn({ err: error }, 'PostgreSQL connection lost'),
  });
  const redis = createRedis(redisUrl, (error) => logger.warn({ err: error }, 'Redis connection lost'), { connectionName: instance });
  return {
    context: {
      environment,
      database,
      databaseUrl,
      redis,
      redisUrl,
      keys: createKeys(environment.redisPrefix),
      clock: new SystemClock(),
      logger,
      registry,
      instance,
      listen: environment.listen ?? DEFAULT_LISTEN,
    },
    async close() {
      redis.disconnect();
      await database.close();
    },
  };
}

const ORDER = ['ok', 'starting', 'degraded', 'failed'] as const;

/** The health of a process is that of its worst role, named. */
function worst(components: readonly Component[]): Health {
  const said = components.map((component) => ({ name: component.name, ...component.health() }));
  const found = said.sort((a, b) => ORDER.indexOf(b.status) - ORDER.indexOf(a.status))[0];
  if (!found || found.status === 'ok') return { status: 'ok' };
  return { status: found.status, detail: `${found.name}: ${found.detail ?? found.status}` };
}
