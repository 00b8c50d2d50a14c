import { resolve } from 'node:path';
import { type Database, readCheckKeys } from '@beacontower/database';
import { type Clock, type Environment, type Logger, UserError } from '@beacontower/runtime';
import type { InfluxConfig, TimeSeriesStore } from '@beacontower/timeseries';

export interface SampleStoreDependencies {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Names the object of a check for those who look into InfluxDB themselves. */
  readonly labels: (check: number) => string | undefined;
}

/** Where samples are kept, not opened: InfluxDB where the environment names one, else DuckDB in the data directory. */
export async function createSampleStore(environment: Environment, deps: SampleStoreDependencies): Promise<TimeSeriesStore> {
  const { samplesUrl, samplesToken, samplesRetention, dataDirectory } = environment;
  const retention = samplesRetention === null ? {} : { retention: samplesRetention };
  const { createDuckDbStore, createInfluxStore } = await import('@beacontower/timeseries');
  if (samplesUrl !== null) return createInfluxStore({ ...influxAt(samplesUrl, samplesToken), ...retention }, deps);
  return createDuckDbStore({ directory: duckDbDirectory(dataDirectory), ...retention }, deps);
}

export function duckDbDirectory(dataDirectory: string): string {
  return resolve(dataDirectory, 'samples');
}

/**
 * InfluxDB by its URL: `influxdb://[USER:PASSWORD@]HOST:PORT/DATABASE?org=ORG`, `influxdbs://` by TLS; `http://` and `https://` mean
 * the same. On 2.x the database is a bucket with a DBRP mapping of that name, and `token` is asked for.
 */
export function influxAt(
  text: string,
  token: string | null,
): Pick<InfluxConfig, 'url' | 'token' | 'user' | 'password'> & Partial<InfluxConfig> {
  // A URL of a scheme nobody knows has no host for the standard's parser.
  const url = new URL(text.replace(/^influxdb/, 'http'));
  const database = decodeURIComponent(url.pathname.replace(/^\/+|\/+$/g, ''));
  if (database.includes('/')) throw new UserError('the URL of the sample store names one database: influxdb://HOST:PORT/DATABASE');
  return {
    url: url.origin,
    token,
    user: url.username === '' ? null : decodeURIComponent(url.username),
    password: url.password === '' ? null : decodeURIComponent(url.password),
    ...(database === '' ? {} : { database }),
    ...(url.searchParams.has('org') ? { org: url.searchParams.get('org') ?? '' } : {}),
  };
}

const LABELS_EVERY_MS = 60_000;

/** The object of each check by its key, as far as is known; asked for anew in the background, never waited for. */
export function createCheckLabels(database: Database, clock: Clock, logger: Logger): (check: number) => string | undefined {
  let labels: ReadonlyMap<number, string> = new Map();
  let askedAt = Number.NEGATIVE_INFINITY;
  const refresh = async () => {
    const keys = await readCheckKeys(database);
    labels = new Map([...keys].map(([id, key]) => [key, objectOf(id)]));
  };
  return (check) => {
    if (clock.monotonic() - askedAt > LABELS_EVERY_MS) {
      askedAt = clock.monotonic();
      refresh().catch((error: unknown) => logger.warn({ err: error }, 'the names of checks could not be read'));
    }
    return labels.get(check);
  };
}

/** A check's id is its object's, a slash, and what is looked at. */
export function objectOf(check: string): string {
  return check.slice(0, check.lastIndexOf('/'));
}
