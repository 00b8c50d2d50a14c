/** A request that was let through; `done` gives its room back. */
export interface Pass {
  done(): void;
}

interface Lease extends Pass {
  readonly weight: number;
  readonly at: number;
  held: boolean;
}

interface Waiting {
  readonly weight: number;
  readonly let: (pass: Pass) => void;
}

export interface GateOptions {
  /** Weight that may be under way at once. */
  readonly capacity: number;
  /** After this long without an answer a request no longer counts, ms: it is part of no burst any more. */
  readonly holdMs: number;
  readonly monotonic: () => number;
}

/**
 * Keeps ten thousand devices from being asked in one burst, which would overflow the sockets' buffers, ours and theirs. Who is
 * silent gives its room to others after `holdMs`: a dead device delays nobody. Devices already under way go before those that have not
 * begun, so that polls end one after the other instead of all at the end.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #continuing: Waiting[] = [];
  readonly #beginning: Waiting[] = [];
  #nextBeginning = 0;
  /** In order of time; those given back are skipped. */
  #leases: Lease[] = [];
  #free: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#free = options.capacity;
  }

  /** Requests that wait to be let through. */
  get waiting(): number {
    return this.#continuing.length + this.#beginning.length - this.#nextBeginning;
  }

  /** @param weight how large the answer may be, in parts of a burst. @param begun whether the device has been asked already. */
  enter(weight: number, begun: boolean): Pass | Promise<Pass> {
    const bounded = Math.min(weight, this.#options.capacity);
    if (this.waiting === 0 && this.#free >= bounded) return this.#lease(bounded);
    return new Promise((resolve) => {
      (begun ? this.#continuing : this.#beginning).push({ weight: bounded, let: resolve });
      this.#watch();
    });
  }

  #lease(weight: number): Lease {
    this.#free -= weight;
    const lease: Lease = { weight, at: this.#options.monotonic(), held: true, done: () => this.#giveBack(lease) };
    this.#leases.push(lease);
    if (this.#leases.length > 4_096) this.#leases = this.#leases.filter(({ held }) => held);
    return lease;
  }

  #giveBack(lease: Lease): void {
    if (!lease.held) return;
    lease.held = false;
    this.#free += lease.weight;
    if (this.waiting > 0) this.#letIn();
  }

  #letIn(): void {
    for (let next = this.#first(); next && this.#free >= next.weight; next = this.#first()) {
      this.#take();
      next.let(this.#lease(next.weight));
    }
  }

  #first(): Waiting | undefined {
    return this.#continuing[0] ?? this.#beginning[this.#nextBeginning];
  }

  #take(): void {
    if (this.#continuing.length > 0) {
      this.#continuing.shift();
      return;
    }
    // Ten thousand may wait here: moving the start is cheaper than moving them all.
    if (++this.#nextBeginning < 1_024) return;
    this.#beginning.splice(0, this.#nextBeginning);
    this.#nextBeginning = 0;
  }

  /** While somebody waits, whoever has been silent for too long is passed over. */
  #watch(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const before = this.#options.monotonic() - this.#options.holdMs;
      this.#leases = this.#leases.filter(({ held }) => held);
      for (const lease of this.#leases) {
        if (lease.at > before) break;
        this.#giveBack(lease);
      }
      if (this.waiting > 0) this.#watch();
    }, this.#options.holdMs / 2);
  }
}
