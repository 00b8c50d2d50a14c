import { performance } from 'node:perf_hooks';

/** Where time comes from. `now` is corrected wall-clock epoch ms (integer); `monotonic` is ms for durations only. */
export interface Clock {
  now(): number;
  monotonic(): number;
}

/** The clock of this host, with the offset from a reference added. */
export class SystemClock implements Clock {
  #offsetMs = 0;

  now(): number {
    return Date.now() + this.#offsetMs;
  }

  monotonic(): number {
    return performance.now();
  }

  /** Sets what must be added to this host's wall clock to agree with the reference, ms. */
  correct(offsetMs: number): void {
    this.#offsetMs = Math.round(offsetMs);
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }
}
