import type { UserKeys } from './user-security.ts';

/** RFC 3414, 2.2.3: seconds that two notions of an engine's time may differ by. */
const WINDOW_SECONDS = 150;
const MOST = 0x7fffffff;

/** What is known of an agent's engine: who it is, the user's keys for it, and its clock. Monotonic times are ms. */
export class Engine {
  readonly id: Uint8Array;
  readonly keys: UserKeys;
  #boots: number;
  #time: number;
  #latest: number;
  #at: number;
  /** Whether the clock was told in a message that proved itself. */
  #proven = false;

  constructor(id: Uint8Array, keys: UserKeys, clock: { readonly boots: number; readonly time: number }, at: number) {
    this.id = Uint8Array.from(id);
    this.keys = keys;
    this.#boots = clock.boots;
    this.#time = clock.time;
    this.#latest = clock.time;
    this.#at = at;
  }

  is(id: Uint8Array): boolean {
    return Buffer.compare(this.id, id) === 0;
  }

  /** What its clock shows now, as far as we know. */
  clockAt(now: number): { readonly boots: number; readonly time: number } {
    return { boots: this.#boots, time: Math.min(MOST, this.#time + Math.floor((now - this.#at) / 1_000)) };
  }

  /** Believes a clock, whatever was known: told in proven answer to what was only just asked, so it is no replay. */
  adopt(clock: { readonly boots: number; readonly time: number }, now: number): void {
    this.#boots = clock.boots;
    this.#time = clock.time;
    this.#latest = clock.time;
    this.#at = now;
    this.#proven = true;
  }

  /** RFC 3414, 3.2 step 7b: takes the clock of a proven message when it is ahead; false when the message lies outside the window. */
  accepts(clock: { readonly boots: number; readonly time: number }, now: number): boolean {
    if (clock.boots === MOST) return false;
    const ahead = clock.boots > this.#boots || (clock.boots === this.#boots && clock.time > this.#latest);
    if (ahead || !this.#proven) {
      this.adopt(clock, now);
      return true;
    }
    return clock.boots === this.#boots && clock.time >= this.clockAt(now).time - WINDOW_SECONDS;
  }
}
