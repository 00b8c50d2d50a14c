import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Api, createApi } from './api.ts';
import { type CommandResult, run } from './ip.ts';
import { descendants, isAlive, type ProcessFacts } from './processes.ts';

/** The processes of one node, as a test speaks of them. */
export const PROCESS_NAMES = ['supervisor', 'collect', 'judge', 'serve', 'store', 'report', 'federate', 'redis', 'postgres'] as const;
export type ProcessName = (typeof PROCESS_NAMES)[number];

export interface ProductOptions {
  /** The configuration, as YAML. */
  readonly configuration: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** Secrets that the configuration names, and anything else for the product's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How to start a program where the product shall run; the host's own namespace unless told. */
  readonly spawn?: (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess;
  /** `source` runs the TypeScript as it stands; `built` runs `dist`, as in production, and is what figures are taken of. */
  readonly code?: 'source' | 'built';
}

/** One process of the node, with the processes it started (PostgreSQL's backends, fping) summed into it. */
export interface ProcessUse {
  readonly name: ProcessName;
  readonly pid: number;
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** A whole node, started by `beacontower up` on a data directory of its own. */
export interface Product {
  readonly api: Api;
  readonly dataDirectory: string;
  /** Starts it (again, on the same data) and waits until it is ready. */
  start(): Promise<void>;
  /** Asks it to stop as Ctrl-C does; rejects when it leaves a process behind. */
  stop(): Promise<void>;
  /** Process id of one part, while it runs. */
  pid(name: ProcessName): number | undefined;
  /** kill -9 of one part; resolves when that process is gone. */
  kill(name: ProcessName): Promise<number>;
  use(): ProcessUse[];
  /** What starts a command of the command line on this node's data: a program and its arguments. */
  commandLine(...args: readonly string[]): [command: string, ...args: string[]];
  /** Runs a command of the command line (`apply FILE`) on this node's data. */
  command(...args: readonly string[]): Promise<CommandResult>;
  /** The end of what it wrote. */
  log(lines?: number): string;
  /** Ends it however it is and removes its data. */
  destroy(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const MAIN = {
  source: ['--conditions=@beacontower/source', '--import', 'tsx', join(ROOT, 'services/beacontower/src/main.ts')],
  built: [join(ROOT, 'services/beacontower/dist/main.js')],
};

/** Five processes that are compiled as they load, on a machine that may be busy with much else. */
const READY_MS = 180_000;

let built = false;

/** Brings `dist` up to date once in this process. What `tsc` complains about is for scripts/check; what it emits is run. */
function build(): void {
  if (built) return;
  spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-b'], { cwd: ROOT });
  if (!existsSync(join(ROOT, 'services/beacontower/dist/main.js'))) throw new Error('the product could not be built: run scripts/check');
  built = true;
}

async function until(predicate: () => boolean | Promise<boolean>, timeoutMs: number, what: string): Promise<void> {
  for (const deadline = performance.now() + timeoutMs; performance.now() < deadline; ) {
    if (await predicate()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
}

function instanceOf(pid: number): string {
  try {
    return /(?:^|\0)BEACONTOWER_INSTANCE=[^\0]*\/([^\0/]+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

function nameOf({ pid, command }: ProcessFacts): ProcessName | undefined {
  if (/(^|\/)redis-server\b/.test(command)) return 'redis';
  if (/(^|\/)postgres(\s|$)/.test(command)) return 'postgres';
  return PROCESS_NAMES.find((name) => name === instanceOf(pid));
}

class RealProduct implements Product {
  readonly api: Api;
  readonly dataDirectory: string;
  readonly #options: ProductOptions;
  readonly #token = randomBytes(24).toString('hex');
  readonly #directory: string;
  #child: ChildProcess | undefined;

  constructor(options: ProductOptions) {
    this.#options = options;
    this.#directory = mkdtempSync(join(tmpdir(), 'beacontower-product-'));
    chmodSync(this.#directory, 0o711);
    this.dataDirectory = join(this.#directory, 'data');
    writeFileSync(join(this.#directory, 'lab.yaml'), options.configuration);
    this.api = createApi(`http://${options.listen.host}:${options.listen.port}`, this.#token);
  }

  async start(): Promise<void> {
    const { listen, environment, code = 'source', spawn: start = spawn } = this.#options;
    if (code === 'built') build();
    const log = openSync(this.#logFile(), 'a');
    const args = ['up', '--config', join(this.#directory, 'lab.yaml'), '--data', this.dataDirectory];
    const child = start(process.execPath, [...MAIN[code], ...args, '--listen', `${listen.host}:${listen.port}`], {
      cwd: ROOT,
      env: { ...process.env, ...environment, BEACONTOWER_TOKEN: this.#token, BEACONTOWER_LOG_LEVEL: 'info', NODE_ENV: 'production' },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#child = child;
    await until(
      async () => {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the product ended at its start:\n${this.log()}`);
        return this.api.ready();
      },
      READY_MS,
      'the product to be ready',
    ).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.log()}`);
    });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || !isAlive(child.pid)) return;
    const all = descendants(child.pid).map(({ pid }) => pid);
    child.kill('SIGINT');
    await until(() => !isAlive(child.pid ?? 0), 60_000, 'the product to stop');
    const left = all.filter(isAlive);
    if (left.length > 0) throw new Error(`the product left processes behind: ${left.join(', ')}`);
  }

  pid(name: ProcessName): number | undefined {
    const root = this.#child?.pid;
    if (root === undefined || !isAlive(root)) return undefined;
    if (name === 'supervisor') return root;
    return this.#parts(root).get(name)?.pid;
  }

  async kill(name: ProcessName): Promise<number> {
    const pid = this.pid(name);
    if (pid === undefined) throw new Error(`${name} is not running`);
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid), 5_000, `${name} to be gone`);
    return pid;
  }

  use(): ProcessUse[] {
    const root = this.pid('supervisor');
    if (root === undefined) return [];
    const parts = this.#parts(root);
    const uses = [...parts].map(([name, { pid }]) => sum(name, pid, descendants(pid)));
    const own = descendants(root).filter(({ pid }) => pid === root);
    return [sum('supervisor', root, own), ...uses];
  }

  commandLine(...args: readonly string[]): [command: string, ...args: string[]] {
    return [process.execPath, ...MAIN[this.#options.code ?? 'source'], ...args, '--data', this.dataDirectory];
  }

  command(...args: readonly string[]): Promise<CommandResult> {
    const [command, ...rest] = this.commandLine(...args);
    return run(command, rest, '', 120_000);
  }

  log(lines = 40): string {
    if (!existsSync(this.#logFile())) return '';
    return readFileSync(this.#logFile(), 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }

  async destroy(): Promise<void> {
    const root = this.#child?.pid;
    if (root !== undefined && isAlive(root)) {
      await this.stop().catch(() => {
        for (const { pid } of descendants(root)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      });
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #logFile(): string {
    return join(this.#directory, 'product.log');
  }

  #parts(root: number): Map<ProcessName, ProcessFacts> {
    const direct = descendants(root).filter(({ parent }) => parent === root);
    return new Map(direct.flatMap((each) => (nameOf(each) === undefined ? [] : [[nameOf(each) as ProcessName, each]])));
  }
}

function sum(name: ProcessName, pid: number, all: readonly ProcessFacts[]): ProcessUse {
  return {
    name,
    pid,
    cpuMs: all.reduce((total, each) => total + each.cpuMs, 0),
    residentBytes: all.reduce((total, each) => total + each.residentBytes, 0),
  };
}

/** Prepares a node; `start` begins it. */
export function createProduct(options: ProductOptions): Product {
  return new RealProduct(options);
}
