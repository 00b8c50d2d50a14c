import type { Clock } from '@beacontower/runtime';
import { Refusal } from '../protocol/refusal.ts';

export interface AttemptLimit {
  readonly failures: number;
  readonly spanMs: number;
}

/** A person who pastes a token wrongly needs a few; whoever guesses needs 2^255. */
const LIMIT: AttemptLimit = { failures: 20, spanMs: 600_000 };
/** Most addresses that are remembered; the oldest are forgotten first. */
const REMEMBERED = 10_000;

/** Counts tokens that opened nothing, by the address that they came from. In memory, of this process. */
export class TokenAttempts {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #limit: AttemptLimit;
  readonly #failures = new Map<string, number[]>();

  constructor(clock: Pick<Clock, 'now'>, limit: AttemptLimit = LIMIT) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Throws `too-many-attempts` while an address has failed too often of late. */
  check(address: string): void {
    const recent = this.#recent(address);
    // Once this one is long enough ago, there are few enough.
    const last = recent[recent.length - this.#limit.failures];
    if (last === undefined) return;
    const retryAfterMs = last + this.#limit.spanMs - this.#clock.now();
    const minutes = Math.max(1, Math.ceil(retryAfterMs / 60_000));
    throw new Refusal('too-many-attempts', `too many tokens from this address opened nothing: wait ${minutes} min`, { retryAfterMs });
  }

  failed(address: string): void {
    const recent = [...this.#recent(address), this.#clock.now()];
    this.#failures.delete(address);
    this.#failures.set(address, recent);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
  }

  #recent(address: string): number[] {
    const after = this.#clock.now() - this.#limit.spanMs;
    return (this.#failures.get(address) ?? []).filter((at) => at > after);
  }
}
