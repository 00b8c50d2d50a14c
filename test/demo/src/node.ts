/** The node under demonstration: `beacontower up` as a child, on a directory of its own that goes with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type DemoPerson, signInFirst } from './person.ts';

export interface DemoNode {
  readonly url: string;
  readonly token: string;
  /** Whom to sign in to the console as. */
  readonly person: DemoPerson | null;
  /** Resolves when it has ended by itself. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const isSource = import.meta.url.endsWith('.ts');
const MAIN = isSource
  ? ['--import', 'tsx', '--conditions=@beacontower/source', join(ROOT, 'services/beacontower/src/main.ts')]
  : [join(ROOT, 'services/beacontower/dist/main.js')];
const READY_MS = 120_000;
const USUAL_PORT = 8080;

/** Starts the node with the secrets in its environment, and waits until it is ready. Rejects with the end of its log when it does not get there, and leaves nothing behind. */
export async function startNode(configuration: string, secrets: Readonly<Record<string, string>>): Promise<DemoNode> {
  const directory = mkdtempSync(join(tmpdir(), 'beacontower-demo-'));
  chmodSync(directory, 0o711);
  const file = join(directory, 'network.yaml');
  writeFileSync(file, configuration);
  const token = randomBytes(16).toString('hex');
  const port = (await isFree(USUAL_PORT)) ? USUAL_PORT : await freePort();
  const log = openSync(join(directory, 'log'), 'a');
  const child = spawn(
    process.execPath,
    [...MAIN, 'up', '--config', file, '--data', join(directory, 'data'), '--listen', `127.0.0.1:${port}`],
    {
      cwd: ROOT,
      // What is set for another node is not for this one: it has stores and an address of its own.
      env: {
        ...withoutOurs(process.env),
        ...secrets,
        BEACONTOWER_TOKEN: token,
        BEACONTOWER_LOG_LEVEL: 'warn',
        NODE_ENV: 'production',
      },
      stdio: ['ignore', log, log],
      // A session of its own: Ctrl-C in the terminal reaches the demo alone, which ends all in order.
      detached: true,
    },
  );
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  if (await untilReady(child, url)) {
    const person = await signInFirst(url, join(directory, 'data')).catch(() => null);
    return { url, token, person, ended, stop };
  }
  const said = readFileSync(join(directory, 'log'), 'utf8').trimEnd().split('\n').slice(-10).join('\n');
  await stop();
  throw new Error(`the node did not become ready:\n${said}`);
}

function withoutOurs(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('BEACONTOWER_')));
}

async function untilReady(child: ChildProcess, url: string): Promise<boolean> {
  for (const end = performance.now() + READY_MS; performance.now() < end; await sleep(200)) {
    if (child.exitCode !== null || child.signalCode !== null) return false;
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    if (answer?.ok) return true;
  }
  return false;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no free port'))));
    });
  });
}
