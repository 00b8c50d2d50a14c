/**
 * Running a server of others (PostgreSQL, Redis) as a private child: which account it runs under, how it dies with its parent,
 * and how one that was left behind is found and stopped. Linux only: it reads /proc.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverEnvironment, UserError } from './environment.ts';
import type { Logger } from './logger.ts';

/** An account of the operating system; null when we are not root and servers run as ourselves. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** A command to be started; `stopSignal` asks it to end in order. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly account: Account | null;
  readonly stopSignal: NodeJS.Signals;
}

/** A private server: `prepare` before every start, `ready` polled until true. */
export interface PrivateServer {
  readonly name: string;
  /** Where clients connect; may hold a password. */
  readonly url: string;
  /** Makes directories, stops a server left behind on the same data, and says what to start. Throws a `UserError` when it cannot be. */
  prepare(): Promise<Launch>;
  /** True once it serves; false while it does not yet. */
  ready(): Promise<boolean>;
}

const ACCOUNT = 'beacontower';

/** Root's servers run as an account without rights, made when there is none; otherwise as ourselves (null). */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const found = findAccount(ACCOUNT);
  if (found) return found;
  spawnSync(
    'useradd',
    ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin', ACCOUNT],
    {
      env: { ...serverEnvironment(), PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    },
  );
  const made = findAccount(ACCOUNT) ?? findAccount('postgres') ?? findAccount('nobody');
  if (!made) throw new UserError(`PostgreSQL does not run as root and no other account could be made: run "useradd --system ${ACCOUNT}"`);
  return made;
}

function findAccount(name: string): Account | undefined {
  const line = readText('/etc/passwd')
    ?.split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { name, uid: Number(uid), gid: Number(gid) } : undefined;
}

/** Whether the account can reach and enter (a directory) or run (a file) what is at `path`. */
export function reachableBy(account: Account | null, path: string): boolean {
  const identity = account ? { uid: account.uid, gid: account.gid } : {};
  // The shell's own `test`: a PATH may hold another first, such as scripts/test of a clone.
  return spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { ...identity, cwd: '/', env: serverEnvironment() }).status === 0;
}

/** Makes the data directory where there is none: entered by servers' accounts, listed by nobody else. */
export function dataDirectory(path: string, account: Account | null): void {
  if (existsSync(path)) return;
  try {
    mkdirSync(path, { recursive: true, mode: account ? 0o711 : 0o700 });
  } catch (error) {
    throw new UserError(
      `the data directory ${path} could not be made (${(error as NodeJS.ErrnoException).code}): give another with --data`,
    );
  }
}

/** Makes a directory that only the account (and root) may enter; refuses one that somebody else made. */
export function privateDirectory(path: string, account: Account | null): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = lstatSync(path);
  const owner = account?.uid ?? process.getuid?.() ?? stat.uid;
  if (!stat.isDirectory() || (stat.uid !== owner && stat.uid !== process.getuid?.())) {
    throw new UserError(`${path} belongs to another user (id ${stat.uid}): remove it, or give another --data directory`);
  }
  if (account && stat.uid !== account.uid) chownSync(path, account.uid, account.gid);
  chmodSync(path, 0o700);
}

/**
 * A directory for sockets: `<data>/sockets-<name>`, or, since a socket's path must be shorter than 108 bytes, a directory in
 * /tmp named after the data directory when that is too long.
 */
export function socketDirectory(dataDirectory: string, name: string): string {
  const near = join(dataDirectory, `sockets-${name}`);
  if (Buffer.byteLength(near) <= 75) return near;
  return `/tmp/beacontower-${createHash('sha256').update(near).digest('hex').slice(0, 16)}-${name}`;
}

/**
 * The same command, ended by the kernel when its parent dies, however it dies. `setpriv` (util-linux) asks for that and then
 * becomes the command, keeping its pid. Where it is missing the server is found by its pid file at the next start.
 */
export function endedWithParent(launch: Launch): Launch {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  if (!setpriv) return launch;
  return { ...launch, command: setpriv, args: ['--pdeathsig', launch.stopSignal.slice(3), '--', launch.command, ...launch.args] };
}

/** The process named in a pid file's first line, if it still is that program, working in that directory; else undefined. */
export function processOfPidFile(pidFile: string, program: string, directory: string): number | undefined {
  const pid = Number.parseInt(readText(pidFile)?.split('\n')[0] ?? '', 10);
  if (!(pid > 1)) return undefined;
  try {
    const name = basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''));
    const isOurs = name.startsWith(program) && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(directory);
    return isOurs && isAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Ends a process by each signal in turn, waiting up to `eachMs` after each. Returns the signal that did it, or null if none did. */
export async function endProcess(pid: number, signals: readonly NodeJS.Signals[], eachMs: number): Promise<NodeJS.Signals | null> {
  for (const signal of signals) {
    try {
      process.kill(pid, signal);
    } catch {
      return signal;
    }
    for (const end = performance.now() + eachMs; performance.now() < end; ) {
      if (!isAlive(pid)) return signal;
      await sleep(20);
    }
  }
  return isAlive(pid) ? null : 'SIGKILL';
}

/** Stops a server that an earlier, killed parent left running on the same data. */
export async function endLeftBehind(
  server: { readonly pidFile: string; readonly program: string; readonly directory: string; readonly signals: readonly NodeJS.Signals[] },
  logger: Logger,
): Promise<void> {
  const pid = processOfPidFile(server.pidFile, server.program, server.directory);
  if (pid === undefined) return;
  const ended = await endProcess(pid, server.signals, 10_000);
  if (ended === null) throw new UserError(`a ${server.program} of an earlier run (process ${pid}) does not end: kill it, then start again`);
  logger.warn({ server: server.program, pid, signal: ended }, 'stopped a server left behind by an earlier run');
}

/** Whether a process exists and is no zombie. */
export function isAlive(pid: number): boolean {
  const stat = readText(`/proc/${pid}/stat`);
  return stat !== undefined && !/^\d+ \(.*\) [ZX]/s.test(stat);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
