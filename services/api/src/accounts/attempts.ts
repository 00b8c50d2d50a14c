import type { Clock } from '@beacontower/runtime';
import { ApiProblem } from '../http/problem.ts';
import { sourceKey } from './networks.ts';

/** Failures in a span after which more attempts have to wait. */
interface Limit {
  readonly failures: number;
  readonly spanMs: number;
}

const LIMITS = {
  // An office behind one address has many who mistype; a guesser has thousands.
  address: { failures: 30, spanMs: 300_000 },
  // Counted for names nobody has too: that a name is limited says nothing of it.
  name: { failures: 40, spanMs: 900_000 },
} as const satisfies Readonly<Record<string, Limit>>;

/** Most that are remembered; the oldest are forgotten first. */
const REMEMBERED = 20_000;

/** Who tries. */
export interface Attempt {
  readonly address: string;
  readonly name: string | null;
}

/** Counts failed attempts to sign in, by address and by name, whether there is such a name or not. In memory, of this process. */
export class Attempts {
  readonly #clock: Clock;
  readonly #failures = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws 429 when the address or the name has failed too often of late. */
  check(attempt: Attempt): void {
    const now = this.#clock.now();
    for (const { key, limit } of keysOf(attempt)) {
      const recent = this.#recent(key, limit, now);
      const oldest = recent[recent.length - limit.failures];
      if (oldest === undefined) continue;
      const seconds = Math.max(1, Math.ceil((oldest + limit.spanMs - now) / 1_000));
      throw new ApiProblem(429, 'too-many-attempts', `too many attempts failed; try again in ${seconds} s`, {
        headers: { 'retry-after': String(seconds) },
      });
    }
  }

  /** Counts a failure. */
  failed(attempt: Attempt): void {
    const now = this.#clock.now();
    for (const { key, limit } of keysOf(attempt)) {
      const recent = [...this.#recent(key, limit, now), now].slice(-limit.failures);
      this.#failures.delete(key);
      this.#failures.set(key, recent);
    }
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= REMEMBERED) break;
      this.#failures.delete(key);
    }
  }

  #recent(key: string, limit: Limit, now: number): number[] {
    return (this.#failures.get(key) ?? []).filter((at) => at > now - limit.spanMs);
  }
}

function keysOf({ address, name }: Attempt): { key: string; limit: Limit }[] {
  const keys = [{ key: `address ${sourceKey(address)}`, limit: LIMITS.address as Limit }];
  if (name !== null) keys.push({ key: `name ${name.toLowerCase()}`, limit: LIMITS.name });
  return keys;
}
