import type { Clock } from '@beacontower/runtime';

/** A clock that moves only when told. Both faces advance together; `step` moves the wall clock alone, as a correction does. */
export class FakeClock implements Clock {
  #wall: number;
  #monotonic = 0;

  /** @param startMs wall-clock epoch ms at the beginning. */
  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#wall = startMs;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  /** Lets time pass. Throws a RangeError when asked to go back: monotonic time never does. */
  advance(ms: number): void {
    if (ms < 0) throw new RangeError('time does not go back; use step() for the wall clock');
    this.#wall += ms;
    this.#monotonic += ms;
  }

  /** Moves the wall clock alone, forwards or back. */
  step(ms: number): void {
    this.#wall += ms;
  }
}
