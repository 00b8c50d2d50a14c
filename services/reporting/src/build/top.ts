/** Keeps the first `limit` of many by an order, in memory for a few times as many. */
export class Top<T> {
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;
  #kept: T[] = [];

  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  add(item: T): void {
    this.#kept.push(item);
    if (this.#kept.length >= this.#limit * 8) this.#kept = this.items();
  }

  /** The first of them, in order. */
  items(): T[] {
    return [...this.#kept].sort(this.#compare).slice(0, this.#limit);
  }
}
