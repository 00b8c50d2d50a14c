/** What must be right before anything is started; each fault is one line that says what to do. */
import { accessSync, constants, existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatListen, type ListenAddress, UserError } from '@beacontower/runtime';

const MEBIBYTE = 1024 * 1024;
const LEAST_FREE_MEBIBYTES = 256;

/** Refuses a data directory that cannot be written or whose disk is nearly full. */
export function checkDisk(dataDirectory: string): void {
  const { bavail, bsize } = statfsSync(dataDirectory);
  const free = Math.floor((bavail * bsize) / MEBIBYTE);
  if (free < LEAST_FREE_MEBIBYTES) {
    throw new UserError(
      `only ${free} MiB are free on the disk of ${dataDirectory}: free at least ${LEAST_FREE_MEBIBYTES} MiB, or give a directory on another disk with --data`,
    );
  }
  const probe = join(dataDirectory, `.write-test-${process.pid}`);
  try {
    writeFileSync(probe, 'beacon');
    rmSync(probe);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `${dataDirectory} cannot be written (${code}): make it writable for this user, or give another directory with --data`,
    );
  }
}

/** Refuses to start without fping, which sends the probes. */
export function checkFping(searchPath: string): void {
  const found = searchPath
    .split(':')
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, 'fping'))
    .find((path) => existsSync(path));
  if (!found) throw new UserError('fping is missing: run "apt-get install fping", or use scripts/up, which does');
  try {
    accessSync(found, constants.X_OK);
  } catch {
    throw new UserError(`${found} may not be run by this user: run "chmod 755 ${found}"`);
  }
}

/** Refuses an address on which something else listens; waits a little for a process of ours that is just ending. */
export async function checkListen(address: ListenAddress): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const code = await tryListen(address);
    if (code === undefined) return;
    if (code === 'EADDRINUSE' && attempt < 5) await sleep(200);
    else throw listenFault(address, code);
  }
}

function listenFault(address: ListenAddress, code: string): UserError {
  const where = formatListen(address);
  switch (code) {
    case 'EADDRINUSE':
      return new UserError(
        `port ${address.port} is in use (${where}): stop what listens there, or give another address with --listen HOST:PORT`,
      );
    case 'EACCES':
      return new UserError(`this user may not listen on ${where}: give a port from 1024 on with --listen HOST:PORT`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UserError(`${where} is no address of this machine: give another with --listen HOST:PORT`);
    default:
      return new UserError(`cannot listen on ${where} (${code}): give another address with --listen HOST:PORT`);
  }
}

function tryListen(address: ListenAddress): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host: address.host, port: address.port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
