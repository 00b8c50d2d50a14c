/** The composition root: which roles there are, what each is made of, and which of them share a process. */
import { ask, RoundQueues } from '@beacontower/queue';
import {
  type Clock,
  type Component,
  type Environment,
  type ListenAddress,
  type Logger,
  type Registry,
  type Sealer,
  type Signer,
  UserError,
} from '@beacontower/runtime';
import type { Connections } from './connections.ts';
import { VERSION } from './version.ts';

/** What every role may be made from. Connections are shared within a process. */
export interface RoleContext extends Omit<Connections, 'close'> {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Slot name of this process, such as `main/judge`. */
  readonly instance: string;
  /** Number of partitions of this node; never changes. */
  readonly partitions: number;
  readonly listen: ListenAddress;
  /** Opens sealed credentials. Its key is read when first used: only roles that need it fail without. */
  readonly sealer: Sealer;
  /** Signs evidence. Its key is read, or made, when first used. */
  readonly signer: Signer;
}

/** A role's code is loaded by the process that runs it, and by no other: a start on a busy machine is a matter of loading. */
type RoleFactory = (context: RoleContext) => Promise<Component>;

/** Adding a role is one line here and one name in `PROCESSES`. */
const ROLES: Readonly<Record<string, RoleFactory>> = {
  scheduler,
  'collector-icmp': icmpCollector,
  'collector-snmp': snmpCollector,
  pipeline,
  alerting,
  discovery,
  api,
  watchdog,
  recorder,
  assessor,
  conditions,
  reporting,
  federation,
  uplink,
};

async function scheduler(context: RoleContext): Promise<Component> {
  const { createScheduler, SCHEDULER_DEFAULTS } = await import('@beacontower/service-scheduler');
  return createScheduler({ ...SCHEDULER_DEFAULTS, instance: context.instance }, context);
}

async function icmpCollector(context: RoleContext): Promise<Component> {
  const { createIcmpCollector, ICMP_COLLECTOR_DEFAULTS } = await import('@beacontower/collector-icmp');
  return createIcmpCollector({ ...ICMP_COLLECTOR_DEFAULTS, instance: context.instance }, context);
}

async function snmpCollector(context: RoleContext): Promise<Component> {
  const { createSnmpCollector, SNMP_COLLECTOR_DEFAULTS } = await import('@beacontower/collector-snmp');
  return createSnmpCollector({ ...SNMP_COLLECTOR_DEFAULTS, instance: context.instance }, context);
}

async function pipeline(context: RoleContext): Promise<Component> {
  const { createPipeline } = await import('@beacontower/service-pipeline');
  return createPipeline({ instance: context.instance }, { ...context, blockingRedis: context.connectRedis('pipeline') });
}

/** Alerting asks for extra rounds, so it holds queues of its own, which end after it. */
async function alerting(context: RoleContext): Promise<Component> {
  const { createAlerting, createLookRequester } = await import('@beacontower/service-alerting');
  const { redis, redisUrl, keys, logger, instance } = context;
  const questions = { ask: (kind: string, body: unknown, timeoutMs: number) => ask(redis, keys, kind, body, { timeoutMs }) };
  const queues = new RoundQueues({ redisUrl, keys, onError: (error) => logger.warn({ err: error }, 'queue of rounds') });
  const role = createAlerting(
    { instance },
    { ...context, questions, bullPrefix: keys.bull, looks: createLookRequester({ ...context, queues }) },
  );
  return {
    name: role.name,
    start: () => role.start(),
    stop: async () => {
      await role.stop();
      await queues.close();
    },
    health: () => role.health(),
  };
}

/** Interfaces of devices become objects. */
async function discovery(context: RoleContext): Promise<Component> {
  const { createDiscovery } = await import('@beacontower/service-discovery');
  return createDiscovery({ instance: context.instance }, context);
}

async function api(context: RoleContext): Promise<Component> {
  const { createApi } = await import('@beacontower/service-api');
  const { consoleFiles } = await import('@beacontower/service-console');
  const { listen, environment } = context;
  const { tls, oidc, allowHttp, trustedProxies } = environment;
  const reach = { listen, tls, allowHttp, trustedProxies };
  const options = { ...reach, bootstrapToken: environment.token, auditDirectory: environment.dataDirectory, oidc };
  return createApi(options, { ...context, console: consoleFiles() });
}

/** The watch over the node itself. Without a heartbeat address it only shows and counts. */
async function watchdog(context: RoleContext): Promise<Component> {
  const { createWatchdog, HEARTBEAT_TIMEOUT_MS } = await import('@beacontower/service-watchdog');
  const { instance, environment } = context;
  const heartbeat = environment.heartbeat && { ...environment.heartbeat, timeoutMs: HEARTBEAT_TIMEOUT_MS };
  const roles = ROLE_NAMES.filter((role) => role !== 'watchdog');
  return createWatchdog({ instance, roles, dataDirectory: environment.dataDirectory, heartbeat }, context);
}

/** The one owner of the sample store. DuckDB and its memory are its process's own. */
async function recorder(context: RoleContext): Promise<Component> {
  const { createRecorder } = await import('@beacontower/service-recorder');
  const { createCheckLabels, createSampleStore } = await import('./sample-store.ts');
  const { environment, instance, database, clock, logger } = context;
  const labels = createCheckLabels(database, clock, logger);
  return createRecorder({ instance }, { ...context, store: await createSampleStore(environment, { logger, clock, labels }) });
}

/** Conditions on samples and states. */
async function conditions(context: RoleContext): Promise<Component> {
  const { createConditions } = await import('@beacontower/service-conditions');
  return createConditions({ instance: context.instance }, context);
}

/** Closes periods and warns of error budgets. */
async function assessor(context: RoleContext): Promise<Component> {
  const { createAssessor } = await import('@beacontower/service-assessor');
  return createAssessor({ instance: context.instance }, context);
}

async function reporting(context: RoleContext): Promise<Component> {
  const { createReporting } = await import('@beacontower/service-reporting');
  return createReporting({ instance: context.instance }, { ...context, bullPrefix: context.keys.bull });
}

/** Takes in what nodes below report. */
async function federation(context: RoleContext): Promise<Component> {
  const { createFederation } = await import('@beacontower/service-federation');
  const { instance, environment } = context;
  return createFederation({ instance, version: VERSION, ...(environment.federation ?? { listen: null, names: [] }) }, context);
}

/** Reports to the node above, once this one has joined it. */
async function uplink(context: RoleContext): Promise<Component> {
  const { createUplink } = await import('@beacontower/service-federation');
  return createUplink({ instance: context.instance, version: VERSION, bytesPerSecond: context.environment.uplinkRate }, context);
}

/** Which roles share a process under `beacontower up`. A busy loop or a crash in one process harms no other. */
export const PROCESSES: Readonly<Record<string, readonly string[]>> = {
  judge: ['pipeline', 'alerting', 'discovery', 'conditions'],
  serve: ['api', 'watchdog'],
  collect: ['scheduler', 'collector-icmp', 'collector-snmp'],
  store: ['recorder'],
  report: ['assessor', 'reporting'],
  federate: ['federation', 'uplink'],
};

export const DEFAULT_LISTEN: ListenAddress = { host: '127.0.0.1', port: 8080 };

export const ROLE_NAMES = Object.keys(ROLES);

/** The role's component, not started. Throws a `UserError` when there is no such role. */
export async function createRole(name: string, context: RoleContext): Promise<Component> {
  const create = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
  if (!create) throw new UserError(`there is no role "${name}": the roles are ${ROLE_NAMES.join(', ')}`);
  return create(context);
}
