import { type Leave, Places } from './places.ts';

export interface LaneLimits {
  /** Works under way at once, of all nodes. */
  readonly running: number;
  /** Places that are taken at once, of all nodes and of one. */
  readonly taken: number;
  readonly takenOfOne: number;
}

interface Waiting {
  readonly node: string;
  readonly go: () => void;
}

/**
 * Lets batches in and lets them be applied: of one node one at a time, of all nodes a few, in the order in which they came. A node that
 * sends much waits for itself and keeps no other from its turn. What would have to wait in too long a queue is sent away at once.
 */
export class Lanes {
  readonly #limits: LaneLimits;
  readonly #places: Places;
  readonly #running = new Set<string>();
  #waiting: Waiting[] = [];

  constructor(limits: LaneLimits) {
    this.#limits = limits;
    this.#places = new Places({ all: limits.taken, ofOne: limits.takenOfOne });
  }

  /** Takes a place of the node's. Throws `busy`. The place is to be left again. */
  enter(node: string): Leave {
    return this.#places.enter(node);
  }

  /** Runs `work` when it is the node's turn. */
  async run<T>(node: string, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((go) => {
      this.#waiting.push({ node, go });
      this.#next();
    });
    try {
      return await work();
    } finally {
      this.#running.delete(node);
      this.#next();
    }
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  #next(): void {
    const left: Waiting[] = [];
    for (const each of this.#waiting) {
      if (this.#running.size >= this.#limits.running || this.#running.has(each.node)) left.push(each);
      else {
        this.#running.add(each.node);
        each.go();
      }
    }
    this.#waiting = left;
  }
}
