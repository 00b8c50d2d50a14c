/** What benches of the console stand on: PostgreSQL, Redis, and the API in a process of its own, whose CPU time is its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createDatabase, type Database, migrate } from '@beacontower/database';
import { startPostgres, startRedis } from '@beacontower/testing';
import { cpuSeconds } from './cpu.ts';

export interface ConsoleGround {
  readonly database: Database;
  readonly url: string;
  /** Of all divisions. */
  readonly token: string;
  /** CPU seconds of the API so far. */
  cpu(): number;
  stop(): Promise<void>;
}

/** Starts it; `fill` writes what is there before the API starts. What was started is stopped again when something fails. */
export async function startConsoleGround(fill: (database: Database) => Promise<void>): Promise<ConsoleGround> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const database = createDatabase({ url: postgres.url, applicationName: 'bench', maxConnections: 4 });
  const token = randomBytes(16).toString('hex');
  let api: ChildProcess | undefined;
  const stop = async () => {
    if (api !== undefined) await endChild(api);
    await database.close();
    await Promise.all([postgres.stop(), redis.stop()]);
  };
  try {
    await migrate(postgres.url);
    await fill(database);
    const child = forkBench('console-api.ts', [token], { BEACONTOWER_DATABASE_URL: postgres.url, BEACONTOWER_REDIS_URL: redis.url });
    api = child;
    const [url] = (await once(child, 'message')) as [string];
    return { database, url, token, cpu: () => cpuSeconds([child.pid ?? 0]), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A process of the benchmark; `CONSOLE_PROFILE=file.ts` has its CPU profile written to `CONSOLE_PROFILE_DIR`. */
export function forkBench(file: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
  const { CONSOLE_PROFILE: profiled, CONSOLE_PROFILE_DIR: directory = '.' } = process.env;
  const profile = profiled === file ? ['--cpu-prof', '--cpu-prof-dir', directory] : [];
  return fork(fileURLToPath(new URL(`./${file}`, import.meta.url)), args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...profile, '--import', 'tsx', '--conditions=@beacontower/source'],
  });
}

export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(limit);
}
