import type { TailEvent } from './events.ts';

/** A span of the log that is held: every event of `(from, to]`, in order. After a restart a thousand clients ask for the same. */
export class RecentEvents {
  readonly #most: number;
  #events: TailEvent[] = [];
  #from = 0;
  #to = 0;

  /** `most`: events that are held; older ones make room. */
  constructor(most: number) {
    this.#most = most;
  }

  get from(): number {
    return this.#from;
  }
  get to(): number {
    return this.#to;
  }

  /** Holds nothing, from a sequence on. */
  reset(at: number): void {
    this.#events = [];
    this.#from = at;
    this.#to = at;
  }

  /** What came after `to`, up to and including `to`. */
  append(events: readonly TailEvent[], to: number): void {
    this.#events.push(...events);
    this.#to = to;
    // Seldom, and then many: a shift of each would cost more than it frees.
    const over = this.#events.length - this.#most;
    if (over <= this.#most / 4) return;
    this.#from = this.#events[over - 1]?.sequence ?? this.#from;
    this.#events = this.#events.slice(over);
  }

  /** What came after `from`, up to where it began until now. */
  prepend(events: readonly TailEvent[], from: number): void {
    this.#events = [...events, ...this.#events];
    this.#from = from;
  }

  /** The first events after `after`, at most `limit`, none after `until`; `next`: where to go on. */
  slice(after: number, until: number, limit: number): { events: TailEvent[]; next: number } {
    const events: TailEvent[] = [];
    for (let place = this.#placeAfter(after); place < this.#events.length; place++) {
      const event = this.#events[place] as TailEvent;
      if (event.sequence > until) break;
      if (events.length === limit) return { events, next: events.at(-1)?.sequence ?? until };
      events.push(event);
    }
    return { events, next: until };
  }

  #placeAfter(sequence: number): number {
    let [low, high] = [0, this.#events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle] as TailEvent).sequence <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
