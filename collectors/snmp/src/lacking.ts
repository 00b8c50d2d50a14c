/** Tables that are remembered: more than a device can show between two versions of a plan that follow from them. */
const MOST_TABLES = 64;

/**
 * Which of a device's planned interfaces are surely gone. A missing name may be a renamed interface that discovery is about to
 * recognise, so one is gone only once the plan follows from a table that lacked it, and it was never back since. That table need not be the
 * last: a device whose sessions come and go as interfaces shows another table in every poll, and the plan is always a step behind.
 */
export class Lacking {
  #poll = 0;
  /** Missing checks: the poll from which on they were missing each time. */
  #since = new Map<number, number>();
  /** Digests of tables, oldest first: the last poll that read them. */
  readonly #tables = new Map<string, number>();

  /** A whole table was read, and `missing` are the checks that it lacks. Returns those that are gone as far as the table `planned` knows. */
  saw(digest: string, missing: readonly number[], planned: string | null): readonly number[] {
    const poll = ++this.#poll;
    this.#tables.delete(digest);
    this.#tables.set(digest, poll);
    for (const oldest of this.#tables.keys()) {
      if (this.#tables.size <= MOST_TABLES) break;
      this.#tables.delete(oldest);
    }
    const before = this.#since;
    this.#since = new Map(missing.map((check) => [check, before.get(check) ?? poll]));
    const known = planned === null ? undefined : this.#tables.get(planned);
    return known === undefined ? [] : missing.filter((check) => (this.#since.get(check) ?? poll) <= known);
  }
}
