import type { SampleBatch } from '@beacontower/contracts';
import type { ConditionOffset } from '@beacontower/database';
import { compareStreamIds, type Keys, readSamples, readSamplesBetween, readStreamStates, type SampleRecord } from '@beacontower/queue';
import { BEGINNING, StreamPosition } from '@beacontower/samples';
import type { Redis } from 'ioredis';

const PRIMING_COUNT = 200;
/** Rounds that lie between a reading and the one before it, at most. */
const MARGIN_ROUNDS = 2.5;
const LONGEST_MARGIN_MS = 3_600_000;

export interface SampleStreamsOptions {
  /** For short commands. */
  readonly redis: Redis;
  /** A connection of its own for the blocking read. */
  readonly blockingRedis: Redis;
  readonly keys: Keys;
  readonly partitions: number;
}

/** How far the streams of samples were read. Beside the recorder's reading, which knows nothing of this one. */
export class SampleStreams {
  readonly #options: SampleStreamsOptions;
  readonly #names: readonly string[];
  readonly #positions = new Map<string, StreamPosition>();

  constructor(options: SampleStreamsOptions) {
    this.#options = options;
    this.#names = Array.from({ length: options.partitions }, (_, partition) => options.keys.samples(partition));
  }

  /** How far each stream was read. */
  offsets(): Map<string, ConditionOffset> {
    return new Map([...this.#positions].map(([stream, { read, passed }]) => [stream, { id: read, passed }]));
  }

  /** Goes on where reading stood; a stream that was never read is read from its end. */
  async begin(saved: ReadonlyMap<string, ConditionOffset>): Promise<void> {
    const states = await readStreamStates(this.#options.redis, this.#names);
    for (const [index, name] of this.#names.entries()) {
      const { id, passed } = saved.get(name) ?? { id: states[index]?.lastId ?? BEGINNING, passed: null };
      this.#positions.set(name, new StreamPosition(id, passed));
    }
  }

  /** Hands over the readings before those to come, in order, from at least `marginMs` back. */
  async prime(marginMs: number, slowestMs: number, take: (batch: SampleBatch) => void): Promise<void> {
    const margin = Math.min(LONGEST_MARGIN_MS, Math.max(marginMs, slowestMs * MARGIN_ROUNDS));
    for (const [stream, { read: offset }] of this.#positions) {
      if (offset === BEGINNING) continue;
      let from = `${Math.max(0, millisecondsOf(offset) - margin)}-0`;
      for (;;) {
        const records = await readSamplesBetween(this.#options.redis, stream, from, offset, PRIMING_COUNT);
        for (const { batch } of records) if (batch !== null) take(batch);
        const last = records.at(-1);
        if (records.length < PRIMING_COUNT || last === undefined) break;
        from = `(${last.id}`;
      }
    }
  }

  /** Entries that came since, each stream's in order; an empty list when none did within `blockMs`. */
  async read(count: number, blockMs: number): Promise<SampleRecord[]> {
    const records = await readSamples(this.#options.blockingRedis, new Map([...this.#positions].map(([stream, at]) => [stream, at.read])), {
      count,
      blockMs,
    });
    for (const { stream, id } of records) this.#positions.get(stream)?.advance(id);
    return records;
  }

  /** Looks at the streams: since when the oldest entry waits (epoch ms; null: none does), and how many vanished unread. */
  async look(): Promise<{ readonly oldest: number | null; readonly lost: number }> {
    const states = await readStreamStates(this.#options.redis, this.#names);
    let lost = 0;
    let oldest: number | null = null;
    for (const [index, stream] of this.#names.entries()) {
      const state = states[index] ?? null;
      const position = this.#positions.get(stream);
      if (position === undefined || state === null) continue;
      lost += position.reconcile(state);
      if (compareStreamIds(state.lastId, position.read) <= 0) continue;
      const since = Math.max(millisecondsOf(position.read), millisecondsOf(state.firstId ?? BEGINNING));
      oldest = Math.min(oldest ?? since, since);
    }
    return { oldest, lost };
  }
}

function millisecondsOf(id: string): number {
  return Number(id.split('-')[0]);
}
