import { COUNTERS } from './columns.ts';
import { WRAP } from './plausible.ts';
import type { Reading } from './reading.ts';

const FIRST_CAPACITY = 1_024;

/** The last reading of every check, and the increments it gave, in flat columns: a slot a check. */
export class Predecessors {
  readonly #slots = new Map<number, number>();
  #count = 0;
  #capacity = FIRST_CAPACITY;
  /** Interfaces come in the order of the poll before: the next slot is guessed before it is looked up. */
  #guess = 0;
  check = new Uint32Array(FIRST_CAPACITY);
  /** Epoch ms of the reading. */
  at = new Float64Array(FIRST_CAPACITY);
  /** Ms the increments cover; 0 when the reading had none before. */
  span = new Uint32Array(FIRST_CAPACITY);
  uptime = new Uint32Array(FIRST_CAPACITY);
  broken = new Uint32Array(FIRST_CAPACITY);
  speed = new Uint32Array(FIRST_CAPACITY);
  status = new Uint8Array(FIRST_CAPACITY);
  present = new Uint16Array(FIRST_CAPACITY);
  wide = new Uint16Array(FIRST_CAPACITY);
  /** Number of the batch that last held the check. */
  batch = new Float64Array(FIRST_CAPACITY);
  /** Per counter two numbers a slot, the low half first. */
  readonly halves = Array.from({ length: COUNTERS }, () => new Uint32Array(FIRST_CAPACITY * 2));
  /** Per counter. */
  readonly increments = Array.from({ length: COUNTERS }, () => new Float64Array(FIRST_CAPACITY));

  /** The slot of a check, or -1. */
  slotOf(check: number): number {
    const guess = this.#guess;
    if (guess < this.#count && this.check[guess] === check) {
      this.#guess = guess + 1;
      return guess;
    }
    const slot = this.#slots.get(check) ?? -1;
    this.#guess = slot + 1;
    return slot;
  }

  add(check: number): number {
    if (this.#count === this.#capacity) this.#grow();
    const slot = this.#count++;
    this.#slots.set(check, slot);
    this.check[slot] = check;
    this.#guess = slot + 1;
    return slot;
  }

  /** The counter's value in the reading minus the one before; exact below 2^53, of the right sign and size above. */
  difference(slot: number, counter: number, reading: Reading, row: number): number {
    const now = reading.halves[counter] as Uint32Array;
    const before = this.halves[counter] as Uint32Array;
    const high = (now[row * 2 + 1] as number) - (before[slot * 2 + 1] as number);
    return high * WRAP + ((now[row * 2] as number) - (before[slot * 2] as number));
  }

  /** Remembers all of a row but its counters. */
  keep(slot: number, reading: Reading, row: number, at: number, span: number): void {
    this.at[slot] = at;
    this.span[slot] = span;
    this.uptime[slot] = reading.uptime[row] as number;
    this.broken[slot] = reading.broken[row] as number;
    this.speed[slot] = reading.speed[row] as number;
    this.status[slot] = reading.status[row] as number;
    this.present[slot] = reading.present[row] as number;
    this.wide[slot] = reading.wide[row] as number;
  }

  #grow(): void {
    this.#capacity *= 2;
    const larger = <T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(column: T, width = 1): T => {
      const next = new (column.constructor as new (length: number) => T)(this.#capacity * width);
      next.set(column as never);
      return next;
    };
    this.check = larger(this.check);
    this.at = larger(this.at);
    this.span = larger(this.span);
    this.uptime = larger(this.uptime);
    this.broken = larger(this.broken);
    this.speed = larger(this.speed);
    this.status = larger(this.status);
    this.present = larger(this.present);
    this.wide = larger(this.wide);
    this.batch = larger(this.batch);
    for (let i = 0; i < COUNTERS; i++) {
      this.halves[i] = larger(this.halves[i] as Uint32Array<ArrayBuffer>, 2);
      this.increments[i] = larger(this.increments[i] as Float64Array<ArrayBuffer>);
    }
  }
}
