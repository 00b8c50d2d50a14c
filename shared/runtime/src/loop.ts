import type { Logger } from './logger.ts';

/** What a loop body may say: look again at once, or after the usual pause. */
export type LoopResult = 'again' | 'pause';

export interface LoopOptions {
  readonly name: string;
  readonly logger: Logger;
  /** Pause between passes, ms; `wake` ends it early. */
  readonly pauseMs: number;
  /** Pause after a pass that failed, ms. */
  readonly failurePauseMs?: number;
  /** One pass. A rejection is logged and counted, never thrown on. */
  readonly pass: (signal: AbortSignal) => Promise<LoopResult>;
  readonly onFailure?: (error: unknown) => void;
}

/** A loop whose passes never overlap and never reject; `stop` waits for the pass under way. */
export class Loop {
  readonly #options: LoopOptions;
  #running: Promise<void> | undefined;
  #abort = new AbortController();
  #wake: (() => void) | undefined;
  #woken = false;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#running) return;
    this.#abort = new AbortController();
    this.#running = this.#run(this.#abort.signal);
  }

  /** Ends the current pause, or makes the next one not happen. */
  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#wake?.();
    await this.#running;
    this.#running = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { pass, logger, name, pauseMs, failurePauseMs = Math.max(pauseMs, 500), onFailure } = this.#options;
    while (!signal.aborted) {
      let pause = pauseMs;
      this.#woken = false;
      try {
        if ((await pass(signal)) === 'again') pause = 0;
      } catch (error) {
        if (signal.aborted) break;
        onFailure?.(error);
        logger.warn({ err: error, loop: name }, 'a pass failed; it is tried again');
        this.#woken = false;
        pause = failurePauseMs;
      }
      if (pause > 0 && !this.#woken && !signal.aborted) await this.#pause(pause);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake = done;
    });
  }
}
