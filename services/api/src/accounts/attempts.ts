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

/** How long to wait when it is not failures that fill a limit but attempts that are still being judged. */
const BUSY_S = 2;

/**
 * Counts failed attempts to sign in, by address and by name, whether there is such a name or not. In memory, of this process.
 * An attempt takes its place before it is judged: however many come at once, no more are judged than may fail.
 */
export class Attempts {
  readonly #clock: Clock;
  readonly #failures = new Map<string, number[]>();
  /** How many are being judged. */
  readonly #underWay = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Judges an attempt in its place: throws 429 when the address or the name has failed too often of late, or would if all that is being
   * judged fails. Only one that was judged and is not right counts; one that could not be judged (`judge` rejects) gives its place back.
   */
  async judge<T>(attempt: Attempt, judge: () => Promise<T>, isRight: (judged: T) => boolean): Promise<T> {
    const keys = keysOf(attempt);
    this.#refuseBeyond(keys);
    for (const { key } of keys) this.#underWay.set(key, (this.#underWay.get(key) ?? 0) + 1);
    try {
      const judged = await judge();
      if (!isRight(judged)) this.#failed(keys);
      return judged;
    } finally {
      for (const { key } of keys) this.#giveBack(key);
    }
  }

  #refuseBeyond(keys: readonly Key[]): void {
    const now = this.#clock.now();
    for (const { key, limit } of keys) {
      const recent = this.#recent(key, limit, now);
      if (recent.length + (this.#underWay.get(key) ?? 0) < limit.failures) continue;
      const oldest = recent[recent.length - limit.failures];
      if (oldest === undefined) throw tooMany('too many attempts at once', BUSY_S);
      throw tooMany('too many attempts failed', Math.max(1, Math.ceil((oldest + limit.spanMs - now) / 1_000)));
    }
  }

  #failed(keys: readonly Key[]): void {
    const now = this.#clock.now();
    for (const { key, limit } of keys) {
      const recent = [...this.#recent(key, limit, now), now].slice(-limit.failures);
      this.#failures.delete(key);
      this.#failures.set(key, recent);
    }
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= REMEMBERED) break;
      this.#failures.delete(key);
    }
  }

  #giveBack(key: string): void {
    const left = (this.#underWay.get(key) ?? 0) - 1;
    if (left > 0) this.#underWay.set(key, left);
    else this.#underWay.delete(key);
  }

  #recent(key: string, limit: Limit, now: number): number[] {
    return (this.#failures.get(key) ?? []).filter((at) => at > now - limit.spanMs);
  }
}

/** What attempts are counted under. */
interface Key {
  readonly key: string;
  readonly limit: Limit;
}

function tooMany(why: string, seconds: number): ApiProblem {
  return new ApiProblem(429, 'too-many-attempts', `${why}; try again in ${seconds} s`, { headers: { 'retry-after': String(seconds) } });
}

function keysOf({ address, name }: Attempt): Key[] {
  const keys: Key[] = [{ key: `address ${sourceKey(address)}`, limit: LIMITS.address }];
  if (name !== null) keys.push({ key: `name ${name.toLowerCase()}`, limit: LIMITS.name });
  return keys;
}
