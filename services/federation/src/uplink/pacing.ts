/** When something may be tried again: after failures later and later, never all nodes at one moment. Pure but for its chance. */
export interface PacingOptions {
  readonly firstMs: number;
  readonly mostMs: number;
  /** In `[0, 1)`. */
  readonly random?: () => number;
}

const MOST_ASKED_MS = 600_000;

/** Keeps the moment before which nothing is tried. Times are those of a monotonic clock, ms. */
export class Pacing {
  readonly #options: PacingOptions;
  #failures = 0;
  #notBefore = 0;

  constructor(options: PacingOptions) {
    this.#options = options;
  }

  /** How long to wait yet; 0: it may be tried. */
  waitMs(now: number): number {
    return Math.max(0, this.#notBefore - now);
  }

  succeeded(): void {
    this.#failures = 0;
    this.#notBefore = 0;
  }

  /** It failed. `leastMs`: what the other side asked for, up to ten minutes: nobody is put off for a day by a word. */
  failed(now: number, leastMs = 0): number {
    const { firstMs, mostMs, random = Math.random } = this.#options;
    const wait = Math.min(mostMs, firstMs * 2 ** Math.min(this.#failures, 20));
    this.#failures += 1;
    // Between a half and all of it, so that thirty-two nodes that were cut at one moment do not come back at one.
    const jittered = wait / 2 + (random() * wait) / 2;
    this.#notBefore = now + Math.max(Math.min(leastMs, MOST_ASKED_MS), jittered);
    return this.#notBefore - now;
  }

  /** The other side asked for a pause, though all went well. */
  pause(now: number, ms: number): void {
    this.#notBefore = Math.max(this.#notBefore, now + ms);
  }
}
