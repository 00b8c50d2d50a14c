import { type Database, lastSequence, readLog, SEQUENCE_CHANNEL } from '@beacontower/database';
import { type Logger, Loop } from '@beacontower/runtime';
import { DivisionCache } from './divisions.ts';
import { type TailEvent, toTailEvent } from './events.ts';

const BATCH = 500;
/** How often the log is looked at without having been told, ms. */
const LOOK_MS = 1_000;

/** Something that follows the tail. */
export interface Follower {
  follow(event: TailEvent): void;
}

/** The one reader of the ordered log in this process; every client follows it. Nothing is read while nobody follows. */
export class LiveTail {
  readonly #db: Database;
  readonly #divisions: DivisionCache;
  readonly #followers = new Set<Follower>();
  readonly #loop: Loop;
  #position = 0;
  #unlisten: (() => Promise<void>) | undefined;

  constructor(deps: { readonly database: Database; readonly logger: Logger }) {
    this.#db = deps.database;
    this.#divisions = new DivisionCache(deps.database);
    this.#loop = new Loop({ name: 'live-tail', logger: deps.logger, pauseMs: LOOK_MS, pass: () => this.#pass() });
  }

  async start(): Promise<void> {
    this.#position = await lastSequence(this.#db);
    this.#unlisten = await this.#db.listen(SEQUENCE_CHANNEL, () => this.#loop.wake());
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#unlisten?.();
    await this.#loop.stop();
    this.#followers.clear();
  }

  /** Up to which sequence followers have been told. */
  get position(): number {
    return this.#position;
  }

  /** Adds a follower, which is told every event after the returned position. */
  add(follower: Follower): number {
    this.#followers.add(follower);
    return this.#position;
  }

  remove(follower: Follower): void {
    this.#followers.delete(follower);
  }

  /** Events after `after` up to and including `until`, at most one batch; `next` is where to go on. */
  async read(after: number, until: number): Promise<{ events: TailEvent[]; next: number }> {
    const entries = await readLog(this.#db, after, BATCH);
    const events: TailEvent[] = [];
    for (const entry of entries) {
      if (entry.sequence > until) break;
      if (entry.kind === 'inventory') this.#divisions.forget();
      const event = await toTailEvent(entry, this.#divisions);
      if (event) events.push(event);
    }
    const last = entries.at(-1)?.sequence;
    return { events, next: last === undefined ? until : Math.min(until, last) };
  }

  async #pass(): Promise<'again' | 'pause'> {
    if (this.#followers.size === 0) {
      const last = await lastSequence(this.#db);
      // Whoever joined meanwhile was promised everything after the old position.
      if (this.#followers.size === 0) this.#position = last;
      return 'pause';
    }
    const after = this.#position;
    const { events, next } = await this.read(after, Number.MAX_SAFE_INTEGER);
    if (next === Number.MAX_SAFE_INTEGER) return 'pause';
    for (const event of events) for (const follower of this.#followers) follower.follow(event);
    this.#position = next;
    return next > after ? 'again' : 'pause';
  }
}
