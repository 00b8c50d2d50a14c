/** A seeded source of chance (mulberry32): the same seed draws the same network for ever. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  }

  /** In [0, 1). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number in [least, most]. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  /** A number in [least, most), small ones as likely as large ones by order of magnitude; whole. */
  spread(least: number, most: number): number {
    return Math.round(least * (most / least) ** this.fraction());
  }

  chance(share: number): boolean {
    return this.fraction() < share;
  }

  one<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)] as T;
  }

  times<T>(count: number, draw: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => draw(index));
  }
}
