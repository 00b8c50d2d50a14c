import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { migrate } from '@beacontower/database';
import { createKeys, createRedis, createVitals } from '@beacontower/queue';
import {
  closeOnSignal,
  createLogger,
  createRegistry,
  type Environment,
  type ListenAddress,
  type Logger,
  dataDirectory as makeDataDirectory,
  parseListen,
  type Registry,
  SystemClock,
  serverAccount,
  UserError,
} from '@beacontower/runtime';
import { greet, say } from './greeting.ts';
import { checkDisk, checkFping, checkListen } from './preflight.ts';
import { DEFAULT_LISTEN } from './roles.ts';
import { type DataLock, takeDataLock } from './supervisor/data-lock.ts';
import { createSupervisorMetrics, type SupervisorMetrics } from './supervisor/metrics.ts';
import { Phases } from './supervisor/phases.ts';
import { createChildren, createStores, type ProcessDependencies } from './supervisor/processes.ts';
import { DEFAULT_CONFIGURATION } from './version.ts';

export interface UpOptions {
  readonly config: string | undefined;
  readonly data: string | undefined;
  readonly listen: string | undefined;
}

/** Everything that has to be decided before the first process is started. */
interface Plan {
  readonly environment: Environment;
  readonly dataDirectory: string;
  readonly listen: ListenAddress;
  readonly configuration: string;
  readonly isDefaultConfiguration: boolean;
  readonly level: string;
}

interface Held {
  readonly phases: Phases;
  readonly lock: DataLock;
  readonly registry: Registry;
}

/** Longest that all may take to stop: children, then stores. */
const STOP_LIMIT_MS = 45_000;

/** Runs the whole node in the foreground: private stores, children, configuration. Resolves when it is ready; ends by a signal. */
export async function up(options: UpOptions, environment: Environment): Promise<void> {
  const begun = performance.now();
  const plan = planOf(options, environment);
  const logger = createLogger({ name: 'supervisor', level: plan.level });
  const account = serverAccount();
  makeDataDirectory(plan.dataDirectory, account);
  checkDisk(plan.dataDirectory);
  checkFping(environment.searchPath);
  const lock = takeDataLock(plan.dataDirectory);
  const phases = new Phases(logger);
  const stop = async () => {
    await phases.stop();
    lock.release();
  };
  let isClosing = false;
  const closeNow = closeOnSignal({
    logger,
    limitMs: STOP_LIMIT_MS,
    async close(reason) {
      isClosing = true;
      say(reason === 'SIGINT' ? '\nstopping …' : 'stopping …');
      await stop();
      say('stopped; nothing is left running');
    },
  });
  try {
    await lock.endLeftBehind(logger);
    await checkListen(plan.listen);
    const registry = createRegistry({ process: 'supervisor' });
    const metrics = createSupervisorMetrics(registry);
    const processes = { environment, dataDirectory: plan.dataDirectory, account, logger, metrics };
    const reload = await startAll(plan, processes, { phases, lock, registry });
    onHangUp({ logger, metrics, reload, closeNow });
    greet({ listen: plan.listen, dataDirectory: plan.dataDirectory, tookMs: performance.now() - begun });
  } catch (error) {
    // A signal in the midst of starting makes the start fail: that is no error, and closing goes on by itself.
    if (isClosing) return;
    await stop();
    throw error;
  }
}

function planOf(options: UpOptions, environment: Environment): Plan {
  const listen = options.listen === undefined ? (environment.listen ?? DEFAULT_LISTEN) : parseListen(options.listen);
  if (!listen) throw new UserError(`--listen "${options.listen}": expected HOST:PORT such as 127.0.0.1:8080 or [::]:8080`);
  const configuration = options.config ?? environment.config;
  return {
    environment,
    dataDirectory: resolve(options.data ?? environment.dataDirectory),
    listen,
    configuration: configuration === null ? DEFAULT_CONFIGURATION : resolve(configuration),
    isDefaultConfiguration: configuration === null,
    level: environment.logLevel ?? (process.stderr.isTTY ? 'warn' : 'info'),
  };
}

/** Stores, schema, configuration, children, in this order. Returns what reads the configuration again. */
async function startAll(plan: Plan, processes: ProcessDependencies, { phases, lock, registry }: Held): Promise<() => Promise<void>> {
  const { environment, logger } = processes;
  const stores = createStores(processes);
  await phases.start(stores.supervised);
  await migrate(stores.databaseUrl, (message) => logger.debug({ component: 'migrate' }, message));

  const instance = `${environment.instance ?? 'main'}/supervisor`;
  const redis = createRedis(stores.redisUrl, (error) => logger.warn({ err: error }, 'Redis connection lost'), { connectionName: instance });
  const keys = createKeys(environment.redisPrefix);
  const clock = new SystemClock();
  const children = createChildren(processes, {
    stores,
    listen: plan.listen,
    main: fileURLToPath(new URL(`./main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)),
    level: plan.level,
    onPid: lock.note,
  });
  const vitals = createVitals({
    redis,
    keys,
    clock,
    logger,
    registry,
    instance,
    roles: () => [...stores.supervised, ...children].map((process) => ({ name: `process-${process.name}`, health: process.health() })),
  });
  await phases.start([{ ...vitals, stop: () => vitals.stop().finally(() => redis.disconnect()) }]);
  await phases.start(children);
  return async () => undefined;
}

/**
 * SIGHUP reads the configuration again; a bad one leaves all as it was. A terminal that is closed sends SIGHUP too: then there
 * is nobody in front any more, and the node stops.
 */
function onHangUp(given: { logger: Logger; metrics: SupervisorMetrics; reload: () => Promise<void>; closeNow: () => void }): void {
  const { logger, metrics, reload, closeNow } = given;
  const hadTerminal = hasTerminal();
  let reloading: Promise<void> = Promise.resolve();
  process.on('SIGHUP', () => {
    if (hadTerminal && !hasTerminal()) return closeNow();
    reloading = reloading.then(reload).then(
      () => {
        metrics.reloads.inc({ result: 'applied' });
      },
      (error: unknown) => {
        metrics.reloads.inc({ result: 'refused' });
        logger.error(
          { reason: error instanceof Error ? error.message : String(error) },
          'the configuration was not read again; the running one stays',
        );
      },
    );
  });
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
