/** Real servers for integration tests: one private server per test file, in a temporary directory, gone after `stop`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPrivatePostgres, makeClusterTemplate } from '@beacontower/database';
import { createPrivateRedis } from '@beacontower/queue';
import { createLogger, type PrivateServer, privateDirectory, readEnvironment, serverAccount } from '@beacontower/runtime';

/** A server that a test owns. */
export interface TestServer {
  readonly url: string;
  /** Process id of the server while it runs. */
  readonly pid: number;
  /** kill -9; resolves when it is gone. Its data stay. */
  kill(): Promise<void>;
  /** Starts it again on the same data after `kill`. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** Programs of the operating system that tests need. */
export type Program = 'redis-server' | 'fping' | 'snmpd' | 'snmpget' | 'ip' | 'influxd' | 'tracepath';

/**
 * True when every program is there. When one is not: on a build server (CI=true) an error; elsewhere a loud line, and false, for
 * `describe.runIf(programsPresent('redis-server'))`.
 */
export function programsPresent(...programs: Program[]): boolean {
  const environment = readEnvironment();
  const directories = [...environment.searchPath.split(':'), '/usr/sbin', '/sbin'];
  const missing = programs.filter((program) => !directories.some((directory) => existsSync(join(directory, program))));
  if (missing.length === 0) return true;
  const line = `*** ${missing.join(', ')} MISSING: tests that need it DO NOT RUN; scripts/test installs it ***`;
  if (environment.ci) throw new Error(line);
  process.stderr.write(`\n${line}\n`);
  return false;
}

/** A private Redis on a unix socket, in memory unless `durable` (append-only file, as in production). */
export async function startRedis(options: { readonly durable?: boolean } = {}): Promise<TestServer> {
  const directory = temporaryDirectory();
  const environment = readEnvironment();
  const server = createPrivateRedis({
    dataDirectory: directory,
    account: null,
    searchPath: environment.searchPath,
    logger: createLogger({ name: 'test-redis', level: 'error' }),
    durability: options.durable ? 'everysec' : 'no',
  });
  return started(server, directory);
}

/** A private PostgreSQL 18 on a unix socket with an empty database (no schema: call `migrate(url)`); no fsync, so not for power cuts. */
export async function startPostgres(): Promise<TestServer> {
  const directory = temporaryDirectory();
  const account = serverAccount();
  const template = clusterTemplate();
  privateDirectory(join(directory, 'postgres'), account);
  copyFileSync(join(template, 'password'), join(directory, 'postgres', 'password'));
  const server = createPrivatePostgres({
    dataDirectory: directory,
    account,
    logger: createLogger({ name: 'test-postgres', level: 'error' }),
    test: { template: join(template, 'cluster') },
  });
  return started(server, directory);
}

/** Runs `initdb` once a machine and user; every fixture copies what it made. */
function clusterTemplate(): string {
  const template = join(tmpdir(), `beacontower-test-template-18-${process.getuid?.() ?? 0}`);
  if (existsSync(template)) return template;
  const account = serverAccount();
  const making = mkdtempSync(`${template}-`);
  chmodSync(making, 0o711);
  const passwordFile = join(making, 'password');
  writeFileSync(passwordFile, 'password-of-tests\n', { mode: 0o644 });
  privateDirectory(join(making, 'made'), account);
  makeClusterTemplate(join(making, 'made', 'cluster'), making, passwordFile, account);
  renameSync(join(making, 'made', 'cluster'), join(making, 'cluster'));
  rmSync(join(making, 'made'), { recursive: true });
  try {
    renameSync(making, template);
  } catch (error) {
    // Another test process was first.
    if (!existsSync(template)) throw error;
    rmSync(making, { recursive: true, force: true });
  }
  return template;
}

/** A directory of its own for a server of tests; servers under another account may pass through it. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'bt-'));
  chmodSync(directory, 0o711);
  return directory;
}

/** Starts a server as a child of the test and gives the handle the test owns. */
export async function started(server: PrivateServer, directory: string): Promise<TestServer> {
  const remove = () => rmSync(directory, { recursive: true, force: true });
  let child = await startServer(server).catch((error: unknown) => {
    remove();
    throw error;
  });
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  };
  return {
    url: server.url,
    get pid() {
      return child.pid ?? 0;
    },
    kill: () => end('SIGKILL'),
    async start() {
      await end('SIGKILL');
      child = await startServer(server);
    },
    async stop() {
      // PostgreSQL's immediate shutdown, so that the postmaster sees its own children end.
      await end(server.name === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
      remove();
    },
  };
}

async function startServer(server: PrivateServer): Promise<ChildProcess> {
  const launch = await server.prepare();
  const identity = launch.account ? { uid: launch.account.uid, gid: launch.account.gid } : {};
  const child = spawn(launch.command, launch.args, {
    ...identity,
    cwd: launch.cwd,
    env: launch.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-4_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => {
    output += error.message;
  });
  for (const end = performance.now() + 30_000; performance.now() < end; await sleep(20)) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) break;
    if (await server.ready()) return child;
  }
  child.kill('SIGKILL');
  throw new Error(`${server.name} did not start:\n${output}`);
}
