import { Refusal } from '../protocol/refusal.ts';

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
  readonly #taken = new Map<string, number>();
  readonly #running = new Set<string>();
  #waiting: Waiting[] = [];
  #all = 0;

  constructor(limits: LaneLimits) {
    this.#limits = limits;
  }

  /** Takes a place before the body is read, for bodies are what fills the memory. Throws `busy`. The place is to be left again. */
  enter(node: string): () => void {
    const own = this.#taken.get(node) ?? 0;
    if (this.#all >= this.#limits.taken || own >= this.#limits.takenOfOne)
      throw new Refusal('busy', 'too many batches wait here: send this one again a little later');
    this.#all += 1;
    this.#taken.set(node, own + 1);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#all -= 1;
      const left = (this.#taken.get(node) ?? 1) - 1;
      if (left === 0) this.#taken.delete(node);
      else this.#taken.set(node, left);
    };
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
