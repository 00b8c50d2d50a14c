import { type ChildProcess, spawn } from 'node:child_process';
import { type Clock, serverEnvironment } from '@beacontower/runtime';
import { parseReplyLine, parseSummary, type ReplyLine, type Summary, type TargetList } from './output.ts';

/** One pass: `probes` echo requests to each target, `periodMs` apart, each waited for `timeoutMs`. */
export interface PassRequest {
  readonly list: TargetList;
  readonly probes: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  /** Told of replies as they come, a chunk of output at a time, with the monotonic time at which they were read. */
  readonly onReplies?: (replies: readonly ReplyLine[], at: number) => void;
}

/** What a pass saw. Monotonic ms: no packet was sent before `startedAt`, none was waited for after `endedAt`. */
export interface PassResult extends Summary {
  readonly startedAt: number;
  readonly endedAt: number;
}

/** A pass that showed nothing: fping died, was ended, or said something unreadable. `reason` is a short name for counting. */
export class PassFailed extends Error {
  override readonly name = 'PassFailed';
  readonly reason: 'spawn' | 'killed' | 'overran' | 'exit' | 'unreadable' | 'stopped';
  constructor(reason: PassFailed['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface FpingOptions {
  readonly path: string;
  readonly pacingMs: number;
  readonly clock: Clock;
}

/** fping numbers its probes with 16 bits and refuses to send more than that within 10 s. */
export const MOST_PROBES = 60_000;
/** What sending one packet takes on a busy machine, ms; for the time bound only. */
const SENDING_MS = 0.1;
const MARGIN_MS = 1_000;

/** Runs fping, one child a pass, and knows the children so that they can be ended. */
export class Fping {
  readonly #options: FpingOptions;
  readonly #children = new Set<ChildProcess>();
  #stopped = false;

  constructor(options: FpingOptions) {
    this.#options = options;
  }

  /** Process ids of the passes under way. */
  get pids(): number[] {
    return [...this.#children].flatMap((child) => child.pid ?? []);
  }

  /** Ends every pass under way and takes no more. */
  stop(): void {
    this.#stopped = true;
    for (const child of this.#children) child.kill('SIGKILL');
  }

  /** Longest that a pass can take by its own parameters, ms. */
  longestMs(request: Pick<PassRequest, 'list' | 'probes' | 'periodMs' | 'timeoutMs'>): number {
    const sending = request.list.count * request.probes * Math.max(this.#options.pacingMs, SENDING_MS);
    return (request.probes - 1) * request.periodMs + request.timeoutMs + sending;
  }

  /** Takes a pass. Rejects with `PassFailed` when nothing can be concluded from it. */
  async pass(request: PassRequest): Promise<PassResult> {
    if (this.#stopped) throw new PassFailed('stopped', 'the collector is stopping');
    const { list, probes } = request;
    const { clock } = this.#options;
    const startedAt = clock.monotonic();
    const { code, signal, output, overran } = await this.#run(request);
    const endedAt = clock.monotonic();
    if (this.#stopped) throw new PassFailed('stopped', 'the collector is stopping');
    if (overran) throw new PassFailed('overran', `fping did not end within ${Math.round(this.longestMs(request) + MARGIN_MS)} ms`);
    if (signal !== null) throw new PassFailed('killed', `fping was ended by ${signal}`);
    // 0: all answered; 1: some did not; 2: some could not be sent to. 3 and 4: wrong arguments, a failed system call.
    if (code === null || code > 2) throw new PassFailed('exit', `fping ended with ${code}: ${lastLine(output)}`);
    try {
      return { startedAt, endedAt, ...parseSummary(output, list, probes) };
    } catch (error) {
      throw new PassFailed('unreadable', error instanceof Error ? error.message : String(error));
    }
  }

  #arguments(request: PassRequest): string[] {
    const { probes, periodMs, timeoutMs, onReplies } = request;
    const mode = onReplies ? [] : ['-q'];
    return [...mode, '-C', String(probes), '-p', String(periodMs), '-t', String(timeoutMs), '-i', String(this.#options.pacingMs)];
  }

  #run(request: PassRequest): Promise<{ code: number | null; signal: NodeJS.Signals | null; output: Buffer; overran: boolean }> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.#options.path, this.#arguments(request), {
        stdio: ['pipe', request.onReplies ? 'pipe' : 'ignore', 'pipe'],
        env: serverEnvironment(),
      });
      this.#children.add(child);
      let overran = false;
      const limit = setTimeout(() => {
        overran = true;
        child.kill('SIGKILL');
      }, this.longestMs(request) + MARGIN_MS);
      const chunks: Buffer[] = [];
      child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
      if (request.onReplies) this.#follow(child, request.list, request.onReplies);
      // fping may die before it has read everything: that shows in how it ended.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(request.list.text);
      const done = () => {
        clearTimeout(limit);
        this.#children.delete(child);
      };
      child.once('error', (error) => {
        done();
        reject(new PassFailed('spawn', `fping could not be run: ${error.message}`));
      });
      child.once('close', (code, signal) => {
        done();
        resolve({ code, signal, output: Buffer.concat(chunks), overran });
      });
    });
  }

  #follow(child: ChildProcess, list: TargetList, onReplies: NonNullable<PassRequest['onReplies']>): void {
    let rest = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      const at = this.#options.clock.monotonic();
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      const replies = lines.flatMap((line) => parseReplyLine(line, list) ?? []);
      if (replies.length > 0) onReplies(replies, at);
    });
  }
}

function lastLine(output: Buffer): string {
  return output.toString('latin1').trimEnd().split('\n').at(-1)?.slice(0, 200) ?? '';
}
