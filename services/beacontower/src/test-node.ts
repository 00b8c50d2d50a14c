/** A whole node as a child process of a test: the real command line, real stores, real children. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment, isAlive } from '@beacontower/runtime';
import { waitFor } from '@beacontower/testing';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FROM_SOURCE = ['--import', 'tsx', '--conditions=@beacontower/source', join(ROOT, 'services/beacontower/src/main.ts')];

export const TOKEN = 'token-of-an-integration-test';

/** What a command said and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A node that a test started. */
export interface TestNode {
  readonly child: ChildProcess;
  readonly url: string;
  out(): string;
  err(): string;
  ended: Promise<Ended>;
  /** Resolves with ms from the start to the line that says it is ready; rejects when it ends before. */
  ready(): Promise<number>;
}

export interface StartOptions {
  readonly data: string;
  readonly port?: number;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** True goes through scripts/up and what is built; else the source is run. */
  readonly script?: boolean;
}

/** Starts `beacontower up`. */
export async function startNode(options: StartOptions): Promise<TestNode> {
  const port = options.port ?? (await freePort());
  const args = ['--data', options.data, '--listen', `127.0.0.1:${port}`, ...(options.args ?? [])];
  const begun = performance.now();
  const [command, before] = options.script ? [join(ROOT, 'scripts/up'), []] : [process.execPath, [...FROM_SOURCE, 'up']];
  const child = spawn(command, [...before, ...args], {
    cwd: ROOT,
    env: childEnvironment({ BEACONTOWER_TOKEN: TOKEN, BEACONTOWER_LOG_LEVEL: 'info', ...options.env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString('utf8');
  });
  const ended = new Promise<Ended>((resolve) => child.once('close', (code, signal) => resolve({ code, signal, out, err })));
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    out: () => out,
    err: () => err,
    ended,
    async ready() {
      await waitFor(() => out.includes('is ready') || child.exitCode !== null || child.signalCode !== null, { timeoutMs: 150_000 });
      if (!out.includes('is ready')) throw new Error(`ended before it was ready: ${err.slice(-3_000)}`);
      return performance.now() - begun;
    },
  };
}

/** Runs one command of the command line to its end. */
export async function runCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [...FROM_SOURCE, ...args], {
    cwd: ROOT,
    env: childEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString('utf8');
  });
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, out, err })));
}

/** A process of a node: its id and the role, server or command that it is. */
export interface NodeProcess {
  readonly pid: number;
  readonly name: string;
}

/** Every process that lives on a data directory: works in it, names it on its command line, or got it in its environment. */
export function processesOf(data: string): NodeProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((entry) => {
      const line = read(`/proc/${entry}/cmdline`)?.replaceAll('\0', ' ').trim() ?? '';
      const belongs =
        link(`/proc/${entry}/cwd`).startsWith(data) ||
        line.includes(data) ||
        read(`/proc/${entry}/environ`)?.includes(`BEACONTOWER_DATA=${data}\0`);
      return belongs && isAlive(Number(entry)) ? [{ pid: Number(entry), name: nameOf(line) }] : [];
    });
}

/** The one process of that name, or undefined while there is none. */
export function processNamed(data: string, name: string): NodeProcess | undefined {
  return processesOf(data).find((process) => process.name === name);
}

function nameOf(line: string): string {
  if (line.includes('redis-server')) return 'redis';
  if (/bin\/postgres -D/.test(line)) return 'postgres';
  if (line.startsWith('postgres:')) return 'backend';
  const role = / run (\S+)/.exec(line)?.[1];
  switch (role) {
    case 'pipeline':
      return 'judge';
    case 'api':
      return 'serve';
    case 'scheduler':
      return 'collect';
    case 'recorder':
      return 'store';
    default:
      return 'supervisor';
  }
}

export function temporaryData(): string {
  return mkdtempSync(join(tmpdir(), 'bt-node-'));
}

/** Ends whatever is left on a data directory and removes it: a test that failed leaves nothing behind. */
export async function clearData(data: string): Promise<void> {
  for (const { pid } of processesOf(data)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
  await waitFor(() => processesOf(data).length === 0, { timeoutMs: 10_000 });
  rmSync(data, { recursive: true, force: true });
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

/** GET with the test's token; undefined while nothing answers. */
export async function get(node: TestNode, path: string): Promise<{ status: number; text: string } | undefined> {
  try {
    const response = await fetch(`${node.url}${path}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
      signal: AbortSignal.timeout(5_000),
    });
    return { status: response.status, text: await response.text() };
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
