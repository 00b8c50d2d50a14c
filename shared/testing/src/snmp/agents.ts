/** Agents in a process of their own, so that their CPU is not ours. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { AgentMutators } from './device.ts';
import type { AgentDeviceOptions } from './device-options.ts';
import type { AgentBinding, AgentStatistics } from './server.ts';

/** What the parent asks of the child: a method of one device, or of all (`device` null). */
export interface ChildQuestion {
  readonly id: number;
  readonly device: number | null;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** What the child answers. */
export interface ChildAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** The mutators of a device in another process: each is a promise. */
export type RemoteMutators = {
  readonly [Name in keyof AgentMutators]: (...args: Parameters<AgentMutators[Name]>) => Promise<ReturnType<AgentMutators[Name]>>;
};

/** One agent of a child process. */
export interface RemoteAgent {
  readonly address: string;
  readonly port: number;
  readonly device: RemoteMutators;
  statistics(): Promise<AgentStatistics>;
}

/** Agents that run in a child process. */
export interface SnmpAgents {
  readonly pid: number;
  readonly agents: readonly RemoteAgent[];
  /** Moves the clock of all agents by so much, on top of what it was moved before, ms. */
  shiftTime(ms: number): Promise<void>;
  /** The agents' clock, epoch ms. */
  now(): Promise<number>;
  stop(): Promise<void>;
}

/** A device and where its agent listens. */
export type AgentOrder = AgentDeviceOptions & AgentBinding;

const MUTATORS = [
  'interfaces',
  'uptimeMs',
  'restart',
  'renumber',
  'addInterface',
  'removeInterface',
  'rename',
  'setAlias',
  'setStatus',
  'setSpeed',
  'setTraffic',
  'setCounter',
  'discontinue',
  'counter',
  'increment',
  'setHostile',
] as const satisfies readonly (keyof AgentMutators)[];

class Child {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #next = 1;

  constructor(process: ChildProcess) {
    this.#process = process;
    process.on('message', (message) => this.#take(message as ChildAnswer));
    process.once('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the agents' process ended (${signal ?? code})`));
      this.#waiting.clear();
    });
  }

  ask(device: number | null, method: string, ...args: unknown[]): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (!this.#process.connected) {
        reject(new Error('the agents have been stopped'));
        return;
      }
      this.#waiting.set(id, { resolve, reject });
      this.#process.send({ id, device, method, args } satisfies ChildQuestion);
    });
  }

  async stop(): Promise<void> {
    const process = this.#process;
    if (process.exitCode !== null || process.signalCode !== null) return;
    const gone = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGKILL');
    await gone;
  }

  #take({ id, result, error }: ChildAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  }
}

/**
 * Starts agents for many devices in one child process. `command` runs it under something else (`['ip', 'netns', 'exec', 'lab']`).
 * Rejects when a port is taken or a recording cannot be read.
 */
export async function startSnmpAgents(options: {
  readonly devices: readonly AgentOrder[];
  readonly command?: readonly string[];
}): Promise<SnmpAgents> {
  const { devices, command = [] } = options;
  // Source runs by tsx, as everything does in development; what was built runs as it is.
  const source = import.meta.url.endsWith('.ts');
  const loader = source ? ['--import', import.meta.resolve('tsx'), '--conditions=@beacontower/source'] : [];
  const entry = fileURLToPath(source ? new URL('./agent-child.ts', import.meta.url) : new URL('./agent-child.js', import.meta.url));
  const [program = process.execPath, ...before] = [...command, process.execPath];
  const child = fork(entry, {
    execPath: program,
    execArgv: [...before, ...loader],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ends = new Child(child);
  try {
    const bound = (await ends.ask(null, 'start', devices)) as { address: string; port: number }[];
    const agents = bound.map(
      (where, index): RemoteAgent => ({
        ...where,
        device: Object.fromEntries(
          MUTATORS.map((name) => [name, (...args: unknown[]) => ends.ask(index, name, ...args)]),
        ) as RemoteMutators,
        statistics: () => ends.ask(index, 'statistics') as Promise<AgentStatistics>,
      }),
    );
    return {
      pid: child.pid ?? 0,
      agents,
      shiftTime: (ms) => ends.ask(null, 'shiftTime', ms) as Promise<void>,
      now: () => ends.ask(null, 'now') as Promise<number>,
      stop: () => ends.stop(),
    };
  } catch (error) {
    await ends.stop();
    throw error;
  }
}
