import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, lastSequence, readLog, SEQUENCE_CHANNEL } from '@beacontower/database';
import { type Logger, Loop } from '@beacontower/runtime';
import { TailBatch } from './batch.ts';
import { DivisionCache } from './divisions.ts';
import { type TailEvent, toTailEvent } from './events.ts';
import { RecentEvents } from './recent.ts';

const BATCH = 500;
/** How often the log is looked at without having been told, ms. */
const LOOK_MS = 1_000;
/** Batches follow one another after so long at the least, ms: a thousand clients are written to once for what came in it. */
const PACE_MS = 40;
const MOST_RECENT = 5_000;

/** Something that follows the tail. */
export interface Follower {
  follow(batch: TailBatch): void;
}

/** The one reader of the ordered log in this process; every client follows it. Nothing is read while nobody follows. */
export class LiveTail {
  readonly #db: Database;
  readonly #divisions: DivisionCache;
  readonly #followers = new Set<Follower>();
  readonly #loop: Loop;
  readonly #recent = new RecentEvents(MOST_RECENT);
  #extending: Promise<void> | undefined;
  #toldAt = 0;
  #unlisten: (() => Promise<void>) | undefined;

  constructor(deps: { readonly database: Database; readonly logger: Logger }) {
    this.#db = deps.database;
    this.#divisions = new DivisionCache(deps.database);
    this.#loop = new Loop({ name: 'live-tail', logger: deps.logger, pauseMs: LOOK_MS, pass: () => this.#pass() });
  }

  async start(): Promise<void> {
    this.#recent.reset(await lastSequence(this.#db));
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
    return this.#recent.to;
  }

  /** Adds a follower, which is told every event after the returned position. */
  add(follower: Follower): number {
    this.#followers.add(follower);
    return this.position;
  }

  remove(follower: Follower): void {
    this.#followers.delete(follower);
  }

  /** Events after `after` up to and including `until`, at most one batch; `next` is where to go on. */
  async read(after: number, until: number): Promise<{ events: TailEvent[]; next: number }> {
    if (after < this.#recent.from && this.#recent.to - after <= MOST_RECENT) await this.#extend(after);
    const { from, to } = this.#recent;
    return after >= from && after < to ? this.#recent.slice(after, Math.min(until, to), BATCH) : this.#read(after, until);
  }

  // One reads for all who ask for as much or less.
  async #extend(after: number): Promise<void> {
    while (after < this.#recent.from) {
      this.#extending ??= this.#prepend(after).finally(() => {
        this.#extending = undefined;
      });
      await this.#extending;
    }
  }

  async #prepend(after: number): Promise<void> {
    const until = this.#recent.from;
    const found: TailEvent[] = [];
    for (let at = after; at < until; ) {
      const { events, next } = await this.#read(at, until);
      found.push(...events);
      at = next;
    }
    // Unless it was put elsewhere meanwhile.
    if (this.#recent.from === until) this.#recent.prepend(found, after);
  }

  async #read(after: number, until: number): Promise<{ events: TailEvent[]; next: number }> {
    const entries = await readLog(this.#db, after, BATCH);
    const events: TailEvent[] = [];
    for (const entry of entries) {
      if (entry.sequence > until) break;
      if (entry.kind === 'inventory') this.#divisions.changed();
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
      if (this.#followers.size === 0) this.#recent.reset(last);
      return 'pause';
    }
    const wait = this.#toldAt + PACE_MS - performance.now();
    if (wait > 0) await sleep(wait);
    const after = this.position;
    const { events, next } = await this.#read(after, Number.MAX_SAFE_INTEGER);
    if (next === Number.MAX_SAFE_INTEGER) return 'pause';
    this.#recent.append(events, next);
    if (events.length > 0) this.#tell(new TailBatch(events));
    return next > after ? 'again' : 'pause';
  }

  #tell(batch: TailBatch): void {
    for (const follower of this.#followers) follower.follow(batch);
    this.#toldAt = performance.now();
  }
}
