/** What is done for one channel: so much at once, and what waits for its turn. */
interface Lane {
  busy: number;
  /** By the delivery, so that one that is told twice waits once. */
  readonly waiting: Map<string, () => Promise<void>>;
}

/** Deliveries that may wait in one lane; more are told again by the sweeper. */
const MOST_WAITING = 2_000;

/**
 * A lane for each channel: so many messages at once, the others in turn. A receiver that hangs fills its own lane and holds up
 * nobody else; nothing asks again and again whether it is free. What waits is lost with the process: the rows are the truth.
 */
export class Lanes {
  readonly #most: number;
  readonly #lanes = new Map<string, Lane>();
  #idle: (() => void) | undefined;
  #closed = false;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many are under way. */
  get busy(): number {
    return [...this.#lanes.values()].reduce((sum, { busy }) => sum + busy, 0);
  }

  /** Does `work`, which must not reject, at once or in its turn. Returns before it is done. */
  enter(channel: string, delivery: string, work: () => Promise<void>): void {
    if (this.#closed) return;
    const lane = this.#lanes.get(channel) ?? { busy: 0, waiting: new Map() };
    this.#lanes.set(channel, lane);
    if (lane.busy < this.#most) {
      lane.busy += 1;
      void this.#go(channel, lane, work);
    } else if (lane.waiting.size < MOST_WAITING) {
      lane.waiting.set(delivery, work);
    }
  }

  /** Begins nothing more, and waits for what is under way, at most `limitMs`. */
  async close(limitMs: number): Promise<void> {
    this.#closed = true;
    for (const { waiting } of this.#lanes.values()) waiting.clear();
    if (this.busy === 0) return;
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, limitMs);
      this.#idle = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  async #go(channel: string, lane: Lane, first: () => Promise<void>): Promise<void> {
    for (let work: (() => Promise<void>) | undefined = first; work; work = nextOf(lane)) await work();
    lane.busy -= 1;
    if (lane.busy === 0) this.#lanes.delete(channel);
    if (this.busy === 0) this.#idle?.();
  }
}

function nextOf({ waiting }: Lane): (() => Promise<void>) | undefined {
  for (const [delivery, work] of waiting) {
    waiting.delete(delivery);
    return work;
  }
  return undefined;
}
