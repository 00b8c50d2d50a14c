import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readCheckKeys } from '@beacontower/database';
import { RequestError } from '@beacontower/queue';
import { createLogger, type Environment, readEnvironment, SystemClock, UserError } from '@beacontower/runtime';
import { RemoteSamples } from '@beacontower/service-recorder';
import type { TimeSeriesStore } from '@beacontower/timeseries';
import { type Connections, openConnections, storesOf } from './connections.ts';
import type { CheckNames } from './sample-checks.ts';
import { createSampleStore, duckDbDirectory } from './sample-store.ts';

/** What of the sample store a command uses. */
export type SampleSource = Pick<TimeSeriesStore, 'rows' | 'export' | 'state'> & {
  /** Every check by its id; null when PostgreSQL does not answer. */
  readonly checks: CheckNames | null;
};

/** A node that does not run answers nothing: not waited for long. */
const PROBE_MS = 3_000;

/**
 * Works on the samples of a node: by its recorder when one runs, else on the store itself, which is closed afterwards. With
 * `engine` only the recorder of such a store will do, and the store of that kind is opened where there is none.
 */
export async function withSamples(
  data: string | undefined,
  work: (source: SampleSource, environment: Environment) => Promise<void>,
  engine?: 'duckdb',
): Promise<void> {
  const given = readEnvironment();
  const environment = { ...given, dataDirectory: resolve(data ?? given.dataDirectory) };
  const logger = createLogger({ name: 'command', level: 'silent' });
  const connections = openConnections({ ...storesOf(environment, data), redisPrefix: environment.redisPrefix, name: 'command', logger });
  let opened: TimeSeriesStore | undefined;
  try {
    const checks = await soon(readCheckKeys(connections.database));
    const remote = await runningRecorder(connections, engine);
    opened = remote ? undefined : await openStore(engine === undefined ? environment : { ...environment, samplesUrl: null });
    const store = remote ?? (opened as TimeSeriesStore);
    const source = { rows: store.rows.bind(store), export: store.export.bind(store), state: store.state.bind(store), checks };
    await work(source, environment).catch((error: unknown) => {
      throw error instanceof RequestError ? new UserError(`the recorder: ${error.message}`) : error;
    });
  } finally {
    await opened?.close();
    await connections.close();
  }
}

async function runningRecorder({ redis, keys }: Connections, engine: 'duckdb' | undefined): Promise<RemoteSamples | null> {
  if ((await soon(redis.ping())) === null) return null;
  const remote = new RemoteSamples(redis, keys);
  const state = await remote.state().catch((error: unknown) => {
    if (error instanceof RequestError && error.code === 'nobody') return null;
    throw error instanceof RequestError ? new UserError(`the recorder does not answer: ${error.message}`) : error;
  });
  return state === null || (engine !== undefined && state.engine !== engine) ? null : remote;
}

async function openStore(environment: Environment): Promise<TimeSeriesStore> {
  const directory = duckDbDirectory(environment.dataDirectory);
  if (environment.samplesUrl === null && !existsSync(directory))
    throw new UserError(`there are no samples in ${directory}, and no recorder answers: is --data right?`);
  const logger = createLogger({ name: 'command', level: 'error' });
  const store = await createSampleStore(environment, { logger, clock: new SystemClock(), labels: () => undefined });
  await store.open().catch((error: unknown) => {
    throw new UserError(`the sample store cannot be opened: ${(error as Error).message}`);
  });
  return store;
}

/** What a dependency says, or null when it does not say it soon. */
async function soon<T>(promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((done) => {
    timer = setTimeout(() => done(null), PROBE_MS);
  });
  return Promise.race([promise.catch(() => null), late]).finally(() => clearTimeout(timer));
}
