import { closeSync, existsSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { migrate } from '@beacontower/database';
import { createVitals } from '@beacontower/queue';
import {
  type Clock,
  closeOnSignal,
  createLogger,
  createRegistry,
  type Environment,
  type ListenAddress,
  type Logger,
  dataDirectory as makeDataDirectory,
  parseListen,
  type Registry,
  readCertificate,
  SystemClock,
  serverAccount,
  UserError,
} from '@beacontower/runtime';
import type { CheckedConfiguration } from './configuration-commands.ts';
import { type Connections, openConnections } from './connections.ts';
import { firstSignInFile, forgetFirstPasswords, makeFirstAccounts } from './first-accounts.ts';
import { greet, say, tokenCommandFor } from './greeting.ts';
import { checkDisk, checkFping, checkListen } from './preflight.ts';
import { DEFAULT_LISTEN } from './roles.ts';
import { applyConfiguration, describeWatched, hasInventory, requireConfiguration, warnOfStoredSecrets } from './running-configuration.ts';
import { credentialVariables } from './secret-check.ts';
import { sealerForWriting } from './secret-key.ts';
import { type DataLock, takeDataLock } from './supervisor/data-lock.ts';
import { createSupervisorMetrics, type SupervisorMetrics } from './supervisor/metrics.ts';
import { Phases } from './supervisor/phases.ts';
import { createChildren, createStores, type ProcessDependencies } from './supervisor/processes.ts';
import { BOOTSTRAP_ROLES, createToken, hasNoToken } from './tokens.ts';
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
  /** Null keeps the inventory of before, or on the first start applies the built-in one. */
  readonly configuration: string | null;
  readonly level: string;
}

interface Held {
  readonly phases: Phases;
  readonly lock: DataLock;
  readonly registry: Registry;
  /** The configuration that was given, checked; null when none was. */
  readonly checked: CheckedConfiguration | null;
}

interface Started {
  /** What is watched, and which token opens the API: each a line for the person at the terminal. */
  readonly watched: string;
  readonly token: string;
  /** The file that holds the first passwords, while one of them is still to be changed. */
  readonly firstPasswords: string | null;
  /** Reads the configuration again; rejects, and changes nothing, when it cannot be used. */
  readonly reload: () => Promise<void>;
}

/** Longest that all may take to stop: children, then stores. */
const STOP_LIMIT_MS = 45_000;

/** Runs the whole node in the foreground: private stores, children, configuration. Resolves when it is ready; ends by a signal. */
export async function up(options: UpOptions, environment: Environment): Promise<void> {
  const plan = planOf(options, environment);
  const logger = createLogger({ name: 'supervisor', level: plan.level });
  const checked = plan.configuration === null ? null : await requireConfiguration(plan.configuration, tellFault);
  checkFping(environment.searchPath);
  const account = serverAccount();
  makeDataDirectory(plan.dataDirectory, account);
  checkDisk(plan.dataDirectory);
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
    if (environment.tls !== null) readCertificate(environment.tls);
    // Made, or found wrong, before anything is started.
    sealerForWriting(environment, plan.dataDirectory);
    const registry = createRegistry({ process: 'supervisor' });
    const metrics = createSupervisorMetrics(registry);
    const processes = { environment, dataDirectory: plan.dataDirectory, account, logger, metrics };
    const started = await startAll(plan, processes, { phases, lock, registry, checked });
    onHangUp({ logger, metrics, reload: started.reload, closeNow });
    greet({
      ...started,
      listen: plan.listen,
      https: environment.tls !== null,
      federation: environment.federation,
      dataDirectory: plan.dataDirectory,
      tookMs: performance.now(),
    });
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
    configuration: configuration === null ? null : resolve(configuration),
    level: environment.logLevel ?? (process.stderr.isTTY ? 'warn' : 'info'),
  };
}

/** Stores, schema, configuration, children, in this order. Returns what reads the configuration again. */
async function startAll(plan: Plan, processes: ProcessDependencies, held: Held): Promise<Started> {
  const { environment, logger } = processes;
  const { phases, lock, registry, checked } = held;
  const stores = createStores(processes);
  await phases.start(stores.supervised);
  await migrate(stores.databaseUrl, (message) => logger.debug({ component: 'migrate' }, message));

  const instance = `${environment.instance ?? 'main'}/supervisor`;
  const clock = new SystemClock();
  const connections = openConnections({ ...stores, redisPrefix: environment.redisPrefix, name: instance, logger });
  const children = createChildren(processes, {
    stores,
    listen: plan.listen,
    main: fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url)),
    level: plan.level,
    without: credentialVariables(checked?.secrets ?? []),
    onPid: lock.note,
  });
  const roles = () => [...stores.supervised, ...children].map((process) => ({ name: `process-${process.name}`, health: process.health() }));
  const vitals = createVitals({ ...connections, clock, logger, registry, instance, roles });
  await phases.start([{ ...vitals, stop: () => vitals.stop().finally(() => connections.close()) }]);

  const applying = { connections, clock, sealer: () => sealerForWriting(environment, plan.dataDirectory), tell: tellFault };
  if (checked) await applyConfiguration(checked, plan.configuration ?? 'built in', applying);
  else if (await hasInventory(connections)) await warnOfStoredSecrets(applying);
  else await applyConfiguration(await requireConfiguration(DEFAULT_CONFIGURATION, tellFault), 'built in', applying);
  await phases.start(children);
  return {
    watched: await describeWatched(connections),
    token: await bootstrapToken(plan, connections, clock),
    firstPasswords: await firstPasswords(plan, connections, clock),
    async reload() {
      if (plan.configuration === null) throw new UserError('no --config was given: there is nothing to read again');
      const result = await applyConfiguration(await requireConfiguration(plan.configuration, tellFault), plan.configuration, applying);
      say(`configuration read again: ${result}`);
    },
  };
}

/** On the first start the first people are made; their passwords go to a file, never to a log. */
async function firstPasswords({ dataDirectory }: Plan, { database }: Connections, clock: Clock): Promise<string | null> {
  const file = firstSignInFile(dataDirectory);
  await makeFirstAccounts(database, file, { source: null, now: clock.now() });
  await forgetFirstPasswords(database, file);
  return existsSync(file) ? file : null;
}

/** A first token is shown once, on a terminal only: never in a log. */
async function bootstrapToken(plan: Plan, connections: Connections, clock: Clock): Promise<string> {
  if (plan.environment.token !== null) return 'the one in BEACONTOWER_TOKEN';
  if (!(await hasNoToken(connections.database))) return `as before; another one: ${tokenCommandFor(plan.dataDirectory)}`;
  if (!process.stdout.isTTY) return `none yet; make one: ${tokenCommandFor(plan.dataDirectory)}`;
  const token = await createToken(connections.database, { name: 'bootstrap', roles: BOOTSTRAP_ROLES, divisions: [''] }, clock.now());
  return `${token}\n             shown this once; keep it: curl -H "Authorization: Bearer TOKEN" …`;
}

function tellFault(line: string): void {
  process.stderr.write(`${line}\n`);
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
