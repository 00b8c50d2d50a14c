import { type ChildProcess, spawn } from 'node:child_process';
import { serverEnvironment } from '@beacontower/runtime';

/** How a program ended; `code` null when it was ended by a signal, or could not be run (then `missing`). */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
  readonly missing: boolean;
}

/** No program says more than this of one way. */
const MOST_BYTES = 64 * 1024;

/** Runs programs, and knows them so that they can be ended. */
export class Commands {
  readonly #children = new Set<ChildProcess>();
  #isStopped = false;

  /** Ends what is under way and runs nothing more. */
  stop(): void {
    this.#isStopped = true;
    for (const child of this.#children) child.kill('SIGKILL');
  }

  /** Runs a program to its end, or ends it after `timeoutMs`: what it said until then counts. Never rejects. */
  run(path: string, args: readonly string[], timeoutMs: number): Promise<Ended> {
    if (this.#isStopped) return Promise.resolve({ code: null, output: '', errors: '', missing: false });
    return new Promise((resolve) => {
      const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], env: serverEnvironment() });
      this.#children.add(child);
      const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
      let output = '';
      let errors = '';
      child.stdout.on('data', (chunk: Buffer) => {
        if (output.length < MOST_BYTES) output += chunk.toString('latin1');
      });
      child.stderr.on('data', (chunk: Buffer) => {
        if (errors.length < MOST_BYTES) errors += chunk.toString('latin1');
      });
      const end = (code: number | null, missing: boolean) => {
        clearTimeout(timer);
        this.#children.delete(child);
        resolve({ code, output, errors, missing });
      };
      child.once('error', () => end(null, true));
      child.once('close', (code) => end(code, code === 126 || code === 127));
    });
  }
}
