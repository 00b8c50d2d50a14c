import { hostname } from 'node:os';
import { migrate, readNodeIdentity } from '@beacontower/database';
import { createVitals } from '@beacontower/queue';
import {
  closeOnSignal,
  createFileSealer,
  createFileSigner,
  createLogger,
  createRegistry,
  type Environment,
  type Health,
  type Running,
  SystemClock,
  startInOrder,
  UserError,
} from '@beacontower/runtime';
import { openConnections } from './connections.ts';
import { createRole, DEFAULT_LISTEN } from './roles.ts';
import { secretKeyFile, signingKeyFile } from './secret-key.ts';
import { tellSupervisor } from './supervisor/messages.ts';

const STOP_LIMIT_MS = 8_000;
const HEARTBEAT_MS = 1_000;

/** Runs some roles in this process until a signal, or until the supervisor that started it is gone. */
export async function runRoles(roles: readonly string[], environment: Environment): Promise<void> {
  const { databaseUrl, redisUrl, redisPrefix } = environment;
  if (!databaseUrl || !redisUrl) {
    throw new UserError('beacontower run needs BEACONTOWER_DATABASE_URL and BEACONTOWER_REDIS_URL ("beacontower up" runs private ones)');
  }
  const isSupervised = process.send !== undefined;
  // Roles run as often as needed, on one host too: without a name given, each process has one of its own.
  const instance = environment.instance ?? `${hostname()}/${roles.join('+')}.${process.pid}`;
  const logger = createLogger({ name: instance, level: environment.logLevel ?? 'info' });
  if (!isSupervised) await migrate(databaseUrl, (message) => logger.debug({ component: 'migrate' }, message));

  const connections = openConnections({ databaseUrl, redisUrl, redisPrefix, name: instance, logger });
  let running: Running | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  const closeNow = closeOnSignal({
    logger,
    limitMs: STOP_LIMIT_MS,
    async close(reason) {
      logger.info({ reason }, 'stopping');
      clearInterval(heartbeat);
      await running?.stop();
      await connections.close();
    },
  });
  // The channel to a supervisor closes when it dies, however it dies: nothing of ours runs on without it.
  process.once('disconnect', closeNow);

  const identity = await readNodeIdentity(connections.database);
  if (!identity) throw new UserError('this database holds no configuration yet: run "beacontower apply FILE" first');
  const registry = createRegistry({ process: instance });
  const context = {
    ...connections,
    environment,
    clock: new SystemClock(),
    logger,
    registry,
    instance,
    partitions: identity.partitions,
    listen: environment.listen ?? DEFAULT_LISTEN,
    sealer: createFileSealer(secretKeyFile(environment, undefined)),
    signer: createFileSigner(signingKeyFile(environment, undefined)),
  };
  const held = await Promise.all(roles.map(async (name) => ({ name, component: await createRole(name, context) })));
  const health = () => held.map(({ name, component }) => ({ name, health: component.health() }));
  const vitals = createVitals({ ...context, roles: health });
  running = await startInOrder([...held.map(({ component }) => component), vitals], logger);
  heartbeat = setInterval(() => void tellSupervisor({ type: 'health', ...worst(health()) }), HEARTBEAT_MS);
  await tellSupervisor({ type: 'ready' });
  logger.info({ roles }, 'running');
}

const ORDER = ['ok', 'starting', 'degraded', 'failed'] as const;

/** The health of a process is that of its worst role, named. */
function worst(roles: readonly { readonly name: string; readonly health: Health }[]): Health {
  const found = [...roles].sort((a, b) => ORDER.indexOf(b.health.status) - ORDER.indexOf(a.health.status))[0];
  if (!found || found.health.status === 'ok') return { status: 'ok' };
  return { status: found.health.status, detail: `${found.name}: ${found.health.detail ?? found.health.status}` };
}
