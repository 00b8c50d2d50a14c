import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, isAlive, type Logger, UserError } from '@beacontower/runtime';

/** A process known by its id and by when it started, since ids are used again. */
interface Known {
  readonly pid: number;
  readonly startedAt: string;
}

/** The hold on a data directory: one supervisor at a time, and what it started, for the next one to clear away if it is killed. */
export interface DataLock {
  /** Notes a child's process id, or forgets it (null). */
  note(name: string, pid: number | null): void;
  /** Ends children of ours that an earlier supervisor, killed, left behind. */
  endLeftBehind(logger: Logger): Promise<void>;
  release(): void;
}

/** Takes the data directory, or throws a `UserError` that names the process which has it. */
export function takeDataLock(dataDirectory: string): DataLock {
  const lockFile = join(dataDirectory, 'supervisor.pid');
  const childrenFile = join(dataDirectory, 'children.json');
  const own = `${lockFile}.${process.pid}`;
  writeFileSync(own, JSON.stringify(known(process.pid)), { mode: 0o644 });
  try {
    take(own, lockFile, dataDirectory);
  } finally {
    rmSync(own, { force: true });
  }
  const before = readJson<Record<string, Known>>(childrenFile) ?? {};
  const children: Record<string, Known> = {};
  return {
    note(name, pid) {
      const entry = pid === null ? undefined : known(pid);
      if (entry) children[name] = entry;
      else delete children[name];
      writeFileSync(`${childrenFile}.new`, JSON.stringify({ ...children }));
      renameSync(`${childrenFile}.new`, childrenFile);
    },
    async endLeftBehind(logger) {
      for (const [name, child] of Object.entries(before)) {
        if (!isSame(child)) continue;
        const signal = await endProcess(child.pid, ['SIGTERM', 'SIGKILL'], 5_000);
        logger.warn({ process: name, pid: child.pid, signal }, 'ended a process left behind by an earlier run');
      }
    },
    release() {
      rmSync(childrenFile, { force: true });
      rmSync(lockFile, { force: true });
    },
  };
}

/** A link is made whole or not at all; of two that find the lock stale only one can move it away. */
function take(own: string, lockFile: string, dataDirectory: string): void {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      linkSync(own, lockFile);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readJson<Known>(lockFile);
    if (holder && isSame(holder)) break;
    const stale = `${own}.stale`;
    try {
      renameSync(lockFile, stale);
    } catch {
      continue;
    }
    rmSync(stale, { force: true });
  }
  const holder = readJson<Known>(lockFile);
  throw new UserError(
    `Beacontower is already running on ${dataDirectory} (process ${holder?.pid ?? 'unknown'}): stop that one first, or give another directory with --data`,
  );
}

function known(pid: number): Known | undefined {
  const startedAt = startOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

function isSame(entry: Known): boolean {
  return isAlive(entry.pid) && startOf(entry.pid) === entry.startedAt;
}

/** Field 22 of /proc/<pid>/stat: when the process started, in clock ticks since boot, with the boot's id before it. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return undefined;
  }
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
