import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Component, type Health, type Launch, type Logger, UserError } from '@beacontower/runtime';
import { nextDelay } from './back-off.ts';
import { FromChild } from './messages.ts';
import type { SupervisorMetrics } from './metrics.ts';

export interface SupervisedOptions {
  readonly name: string;
  /** Called before every start. Throws a `UserError` for what a person has to put right. */
  readonly prepare: () => Promise<Launch>;
  /** Polled until true; undefined when the child is ours and says itself that it is ready. */
  readonly ready?: () => Promise<boolean>;
  /** Longest from start to ready, ms. */
  readonly readyLimitMs: number;
  /** Longest from being asked to end to the end, ms; then it is killed. */
  readonly stopLimitMs: number;
  readonly logger: Logger;
  readonly metrics: SupervisorMetrics;
  /** Told the process id of each start, and null when it has ended. */
  readonly onPid?: (name: string, pid: number | null) => void;
}

/** Starts that fail in a row before the first success after which `start` gives up. */
const FIRST_START_ATTEMPTS = 3;
/** A child of ours speaks every second; silent for this many looks of 5 s it is killed: its loop is stuck. */
const SILENT_LOOKS = 6;
const LOOK_MS = 5_000;
/** What in a server's own log is worth a person's attention, and what of that is everyday life. */
const TROUBLE = /\b(FATAL|PANIC|ERROR|WARNING)\b|# .*(Fatal|rror|Can't|ail(ed|ure))/;
const USUAL = /Memory overcommit|is (starting up|shutting down)|in recovery mode|administrator command/;

/**
 * One process that is kept running: started again with back-off when it ends, killed when it is stuck, stopped in order.
 * `start` resolves when it is ready for the first time, and rejects when it never gets there.
 */
export class Supervised implements Component {
  readonly name: string;
  readonly #options: SupervisedOptions;
  #child: ChildProcess | undefined;
  #stopSignal: NodeJS.Signals = 'SIGTERM';
  #keeping: Promise<void> | undefined;
  #stopping = new AbortController();
  #health: Health = { status: 'starting' };
  #lastLines: string[] = [];
  #fault: string | undefined;

  constructor(options: SupervisedOptions) {
    this.name = options.name;
    this.#options = options;
  }

  health(): Health {
    return this.#health;
  }

  async start(): Promise<void> {
    this.#stopping = new AbortController();
    let delayMs = 0;
    for (let attempt = 1; ; attempt++) {
      const child = await this.#launch();
      if (await this.#untilReady(child)) {
        this.#keeping = this.#keep(child);
        return;
      }
      await this.#end(child, 'SIGKILL');
      if (this.#fault !== undefined) throw new UserError(this.#fault);
      if (this.#stopping.signal.aborted) throw new UserError(`${this.name} was stopped before it was ready`);
      if (attempt === FIRST_START_ATTEMPTS)
        throw new UserError(`${this.name} does not start: ${this.#lastLines.slice(-3).join(' | ') || 'see its log above'}`);
      delayMs = nextDelay(delayMs, 0);
      await this.#pause(delayMs);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#child) await this.#endInOrder(this.#child);
    await this.#keeping;
    this.#keeping = undefined;
    this.#health = { status: 'failed', detail: 'stopped' };
  }

  /** Waits for the end of the child and starts the next one, until stopped. Never rejects. */
  async #keep(first: ChildProcess): Promise<void> {
    const { logger, metrics } = this.#options;
    let child = first;
    let delayMs = 0;
    let readyAt = performance.now();
    while (!this.#stopping.signal.aborted) {
      await ended(child);
      if (this.#stopping.signal.aborted) return;
      delayMs = nextDelay(delayMs, performance.now() - readyAt);
      logger.error(
        { process: this.name, code: child.exitCode, signal: child.signalCode, restartInMs: delayMs },
        'ended; it is started again',
      );
      this.#health = { status: 'failed', detail: 'ended; being started again' };
      metrics.restarts.inc({ process: this.name });
      await this.#pause(delayMs);
      if (this.#stopping.signal.aborted) return;
      readyAt = performance.now();
      try {
        child = await this.#launch();
        if (await this.#untilReady(child)) {
          readyAt = performance.now();
          logger.info({ process: this.name, pid: child.pid }, 'running again');
        } else await this.#end(child, 'SIGKILL');
      } catch (error) {
        logger.error({ err: error, process: this.name }, 'cannot be started; it is tried again');
      }
    }
  }

  async #launch(): Promise<ChildProcess> {
    const { ready, logger, onPid, metrics } = this.#options;
    const isOurs = ready === undefined;
    this.#fault = undefined;
    this.#lastLines = [];
    const launch = await this.#options.prepare();
    const child = spawn(launch.command, launch.args, {
      ...(launch.account ? { uid: launch.account.uid, gid: launch.account.gid } : {}),
      cwd: launch.cwd,
      env: launch.env,
      stdio: isOurs ? ['ignore', 'inherit', 'inherit', 'ipc'] : ['ignore', 'pipe', 'pipe'],
      // A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops all in order.
      detached: true,
    });
    this.#child = child;
    this.#stopSignal = launch.stopSignal;
    child.on('error', (error) => {
      this.#lastLines.push(error.message);
      logger.error({ err: error, process: this.name }, 'could not be started');
    });
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#line(line));
    onPid?.(this.name, child.pid ?? null);
    metrics.up.set({ process: this.name }, 1);
    child.once('exit', () => {
      onPid?.(this.name, null);
      metrics.up.set({ process: this.name }, 0);
    });
    return child;
  }

  /** True when ready; false when it ended or took too long. A child of ours is watched from here on. */
  async #untilReady(child: ChildProcess): Promise<boolean> {
    const { ready, readyLimitMs } = this.#options;
    let isReady = false;
    if (!ready) {
      this.#watch(child, () => {
        isReady = true;
      });
    }
    for (const end = performance.now() + readyLimitMs; performance.now() < end; await sleep(20)) {
      if (hasEnded(child) || this.#stopping.signal.aborted) return false;
      if (ready) isReady = await ready();
      if (isReady && !hasEnded(child)) {
        if (ready) this.#health = { status: 'ok' };
        return true;
      }
    }
    this.#lastLines.push(`not ready after ${readyLimitMs / 1000} s`);
    return false;
  }

  #watch(child: ChildProcess, onReady: () => void): void {
    let hasSpoken = false;
    let silentLooks = 0;
    child.on('message', (raw) => {
      hasSpoken = true;
      const message = FromChild.safeParse(raw);
      if (!message.success) return;
      switch (message.data.type) {
        case 'ready':
          this.#health = { status: 'ok' };
          onReady();
          break;
        case 'fault':
          this.#fault = message.data.message;
          break;
        case 'health':
          this.#health =
            message.data.detail === undefined
              ? { status: message.data.status }
              : { status: message.data.status, detail: message.data.detail };
          break;
      }
    });
    // Counted in looks, not in time: a machine that was asleep does not make its children look stuck.
    const look = setInterval(() => {
      silentLooks = hasSpoken ? 0 : silentLooks + 1;
      hasSpoken = false;
      if (silentLooks < SILENT_LOOKS) return;
      this.#options.logger.error({ process: this.name, pid: child.pid }, 'has been silent for half a minute; killed');
      child.kill('SIGKILL');
    }, LOOK_MS);
    child.once('exit', () => clearInterval(look));
  }

  #line(line: string): void {
    this.#lastLines = [...this.#lastLines.slice(-9), line];
    const isTrouble = TROUBLE.test(line) && !USUAL.test(line);
    this.#options.logger[isTrouble ? 'warn' : 'debug']({ process: this.name }, line);
  }

  async #endInOrder(child: ChildProcess): Promise<void> {
    if (hasEnded(child)) return;
    child.kill(this.#stopSignal);
    const timer = setTimeout(() => {
      this.#options.logger.error({ process: this.name, pid: child.pid }, 'did not stop in time; killed');
      child.kill('SIGKILL');
    }, this.#options.stopLimitMs);
    await ended(child);
    clearTimeout(timer);
  }

  async #end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    if (!hasEnded(child)) child.kill(signal);
    await ended(child);
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

function ended(child: ChildProcess): Promise<void> {
  return hasEnded(child) ? Promise.resolve() : new Promise((resolve) => child.once('exit', () => resolve()));
}
