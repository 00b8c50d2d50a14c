import type { Scope } from '@beacontower/database';

/** What is kept for all callers who may see the same; of too many scopes the one asked for longest ago makes room. */
export class KeptByScope<T> {
  readonly #most: number;
  readonly #begin: (scope: Scope) => T;
  readonly #kept = new Map<string, T>();

  constructor(most: number, begin: (scope: Scope) => T) {
    this.#most = most;
    this.#begin = begin;
  }

  of(scope: Scope): T {
    const key = [...scope].sort().join(' ');
    const kept = this.#kept.get(key) ?? this.#begin(scope);
    // Last in order: the first is the one to go.
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most) break;
      this.#kept.delete(oldest);
    }
    return kept;
  }
}
