import { graceMs } from './config.ts';

/** A shard as the wheel knows it. Ticks are at `phaseMs + n * intervalMs` since the epoch. */
export interface WheelShard {
  readonly shard: string;
  readonly intervalMs: number;
  readonly phaseMs: number;
}

export interface DueRound {
  readonly shard: string;
  readonly tick: number;
  readonly intervalMs: number;
  /** Ticks of this shard that were due while nobody added rounds: they are never run, only closed. */
  readonly passedOver: number;
}

/** Every tick in `[fromTick, toTick]` is over. */
export interface DueClose {
  readonly shard: string;
  readonly intervalMs: number;
  readonly fromTick: number;
  readonly toTick: number;
  /** Closed by a clock that stepped back: ticks after it were closed before, in a time that was wrong. */
  readonly clockStepBack?: true;
}

/** A tick is closed after it is over: one closed this far in the future was closed by a clock that has stepped back since. */
const STEP_BACK_MS = 2_000;

export interface Due {
  readonly rounds: DueRound[];
  readonly closes: DueClose[];
}

interface Entry {
  readonly shard: WheelShard;
  /** Last tick whose round was added. */
  added: number;
  /** Last tick closed. */
  closed: number;
}

/**
 * Decides which rounds and closes are due; no I/O, no clock of its own. It holds no timetable: what is due follows from the
 * time it is told and the last tick added and closed, so lateness never accumulates.
 *
 * When the wall clock steps: a step forward passes over ticks, and only the latest of each shard is run (no storm); the ones
 * passed over are closed as one range, since in the record's time nobody looked. After a step back the next tick of each shard
 * is within one interval of the new time (no gap). Ticks already closed stay closed while time catches up within seconds; after a
 * longer step closing begins again at the new time and says so, or silence would go unjudged for as long as the step.
 */
export class Wheel {
  readonly #entries = new Map<string, Entry>();

  /** Takes in a shard. `added`/`closed` as remembered; without them it is new and its first tick is the next one after `now`. */
  add(shard: WheelShard, now: number, remembered: { added: number | undefined; closed: number | undefined }): void {
    const last = lastTick(shard, now);
    this.#entries.set(shard.shard, {
      shard,
      // After a restart the latest tick is still run, unless it was added before.
      added: remembered.added ?? last,
      closed: remembered.closed ?? last,
    });
  }

  remove(shard: string): void {
    this.#entries.delete(shard);
  }

  has(shard: string): boolean {
    return this.#entries.has(shard);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The last tick that counts as closed. */
  closedOf(shard: string): number | undefined {
    return this.#entries.get(shard)?.closed;
  }

  due(now: number): Due {
    const due: Due = { rounds: [], closes: [] };
    for (const entry of this.#entries.values()) {
      const { shard, intervalMs } = entry.shard;
      const tick = lastTick(entry.shard, now);
      // A step back of the wall clock leaves `added` in the future: it follows, or rounds would stop until time caught up.
      // A jitter back across the tick just added must not add it again.
      if (entry.added > now + Math.min(500, intervalMs / 4)) entry.added = tick;
      if (tick > entry.added) {
        due.rounds.push({ shard, tick, intervalMs, passedOver: Math.round((tick - entry.added) / intervalMs) - 1 });
      }
      const closable = lastTick(entry.shard, now - intervalMs - graceMs(intervalMs));
      if (entry.closed > now + STEP_BACK_MS) {
        due.closes.push({ shard, intervalMs, fromTick: closable, toTick: closable, clockStepBack: true });
      } else if (closable > entry.closed) {
        const fromTick = lastTick(entry.shard, entry.closed) + intervalMs;
        due.closes.push({ shard, intervalMs, fromTick, toTick: closable });
      }
    }
    return due;
  }

  /** The round of this tick was added. */
  wasAdded(shard: string, tick: number): void {
    const entry = this.#entries.get(shard);
    if (entry) entry.added = tick;
  }

  wasClosed(shard: string, toTick: number): void {
    const entry = this.#entries.get(shard);
    if (entry) entry.closed = Math.max(entry.closed, toTick);
  }

  /** Closing begins again at a tick of the new time. */
  wasSetBack(shard: string, toTick: number): void {
    const entry = this.#entries.get(shard);
    if (entry) entry.closed = toTick;
  }

  /** The next moment at which something is due; Infinity when there is no shard. */
  next(now: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries.values()) {
      const { intervalMs } = entry.shard;
      const afterTick = lastTick(entry.shard, now) + intervalMs;
      const close = lastTick(entry.shard, entry.closed) + 2 * intervalMs + graceMs(intervalMs);
      next = Math.min(next, afterTick, close);
    }
    return next;
  }
}

/** The latest tick of a shard at or before `now`. */
export function lastTick(shard: WheelShard, now: number): number {
  return Math.floor((now - shard.phaseMs) / shard.intervalMs) * shard.intervalMs + shard.phaseMs;
}
