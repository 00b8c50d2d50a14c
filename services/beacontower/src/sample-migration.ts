import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger, type Environment, SystemClock, UserError, withoutCredentials } from '@beacontower/runtime';
import { createInfluxStore, type MigrationProgress, migrate, type TimeSeriesStore } from '@beacontower/timeseries';
import { z } from 'zod';
import { say } from './greeting.ts';
import { type SampleSource, withSamples } from './sample-source.ts';
import { influxAt, objectOf } from './sample-store.ts';

/** Where an interrupted migration goes on. */
const Progress = z.object({ until: z.number().int().nonnegative() });
const SAY_EVERY_MS = 2_000;
/** So far before its end a migration is taken up again: rows that came to the store late lie before it. */
const OVERLAP_MS = 3_600_000;

/** Copies raw samples from the node's DuckDB into an InfluxDB. What is there already stays as it is, so it can be run again. */
export async function migrateSamples(
  to: string,
  period: { from: number | undefined; to: number | undefined },
  data: string | undefined,
): Promise<void> {
  if (!URL.canParse(to) || !/^(influxdbs?|https?):$/.test(new URL(to).protocol))
    throw new UserError('--to: expected a URL such as influxdb://HOST:PORT/DATABASE?org=ORG');
  await withSamples(data, (source, environment) => copy(source, environment, to, period), 'duckdb');
}

async function copy(
  source: SampleSource,
  environment: Environment,
  to: string,
  period: { from: number | undefined; to: number | undefined },
): Promise<void> {
  const target = await openTarget(to, environment, source);
  const file = progressFile(environment.dataDirectory, to);
  try {
    const reached = readProgress(file);
    const oldest = (await source.state()).oldestRaw ?? 0;
    const begun = period.from === undefined && reached !== null ? Math.max(oldest, reached - OVERLAP_MS) : null;
    if (begun !== null) say(`going on at ${new Date(begun).toISOString()}, a little before the last migration to there ended`);
    const now = new SystemClock().now();
    const whole = { from: period.from ?? begun ?? oldest, to: period.to ?? now };
    if (whole.from >= whole.to) throw new UserError('there is nothing between --from and --to-time');
    // A later start leaves a hole before it: then the next run must not take that for done.
    const keep = (until: number) => {
      if (whole.from <= (reached ?? oldest) && until > (reached ?? 0)) saveProgress(file, Math.min(until, now));
    };
    const done = await migrate(source, target, whole, reporter(keep, whole)).catch((error: unknown) => {
      const why = withoutCredentials(error instanceof Error ? error.message : String(error));
      throw new UserError(`the migration stopped: ${why}; run it again to go on where it was`);
    });
    keep(done.until);
    say(`done: ${done.interfaceRows} rows of interfaces, ${done.icmpRows} of ICMP, up to ${new Date(done.until).toISOString()}`);
    if (done.refused > 0)
      say(`${done.refused} of these are older than is kept there, and were left out: BEACONTOWER_SAMPLES_RETENTION says how long that is`);
  } finally {
    await target.close();
  }
}

async function openTarget(to: string, environment: Environment, { checks }: SampleSource): Promise<TimeSeriesStore> {
  const labels = new Map([...(checks ?? [])].map(([id, key]) => [key, objectOf(id)]));
  const retention = environment.samplesRetention;
  const target = createInfluxStore(
    { ...influxAt(to, environment.samplesToken), ...(retention === null ? {} : { retention }) },
    {
      logger: createLogger({ name: 'command', level: 'error' }),
      clock: new SystemClock(),
      labels: (check) => labels.get(check),
    },
  );
  await target.open().catch((error: unknown) => {
    throw new UserError(`InfluxDB cannot be used: ${withoutCredentials((error as Error).message)}`);
  });
  return target;
}

/** Keeps how far it is after every slice, and says so now and then. */
function reporter(
  keep: (until: number) => void,
  { from, to }: { readonly from: number; readonly to: number },
): (progress: MigrationProgress) => void {
  let saidAt = performance.now();
  return ({ until, interfaceRows, icmpRows }) => {
    keep(until);
    if (performance.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = performance.now();
    const share = Math.floor(((until - from) / (to - from)) * 100);
    say(`${share} %  up to ${new Date(until).toISOString()}, ${interfaceRows + icmpRows} rows`);
  };
}

/** One file per place; it names none, since a URL may hold a password. */
function progressFile(dataDirectory: string, to: string): string {
  const url = new URL(to.replace(/^influxdb/, 'http'));
  const place = createHash('sha256')
    .update(`${url.host}${url.pathname}?${url.searchParams.get('org') ?? ''}`)
    .digest('hex');
  return join(dataDirectory, `samples-migrated-${place.slice(0, 12)}.json`);
}

function readProgress(file: string): number | null {
  if (!existsSync(file)) return null;
  try {
    return Progress.parse(JSON.parse(readFileSync(file, 'utf8'))).until;
  } catch {
    rmSync(file);
    return null;
  }
}

function saveProgress(file: string, until: number): void {
  const temporary = `${file}.new`;
  writeFileSync(temporary, `${JSON.stringify({ until })}\n`);
  renameSync(temporary, file);
}
