/** A bucket of tokens filled at a fixed rate; it starts full. Time is passed in, monotonic ms. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #capacity: number;
  #tokens: number;
  #at: number | undefined;

  /** @param perSecond tokens added a second. @param capacity most that can be saved up. */
  constructor(perSecond: number, capacity: number) {
    this.#perSecond = perSecond;
    this.#capacity = capacity;
    this.#tokens = capacity;
  }

  /** Takes up to `wanted` tokens and returns how many were there (whole ones). */
  take(wanted: number, now: number): number {
    if (this.#at !== undefined && now > this.#at)
      this.#tokens = Math.min(this.#capacity, this.#tokens + ((now - this.#at) / 1_000) * this.#perSecond);
    this.#at = Math.max(now, this.#at ?? now);
    const taken = Math.max(0, Math.min(Math.floor(this.#tokens), wanted));
    this.#tokens -= taken;
    return taken;
  }
}
