import type { ConditionOffset, ObservedState } from '@beacontower/database';
import type { SampleRecord } from '@beacontower/queue';
import type { Clock, Logger } from '@beacontower/runtime';
import type { Changes } from './changes.ts';
import type { ConditionsConfig } from './config.ts';
import type { ConditionMetrics } from './metrics.ts';
import { SampleJudge } from './sample-judge.ts';
import { SampleStreams, type SampleStreamsOptions } from './sample-streams.ts';
import type { SubjectTable } from './subject-table.ts';

/** Batches judged before others in this process get a turn. */
const AT_A_TIME = 64;

type FollowerConfig = Pick<ConditionsConfig, 'readCount' | 'blockMs' | 'lookMs' | 'marginMs'>;

export interface SampleFollowerDependencies extends SampleStreamsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ConditionMetrics;
}

/** Reads the streams of samples and judges what comes, while any condition is about samples. */
export class SampleFollower {
  readonly #config: FollowerConfig;
  readonly #deps: SampleFollowerDependencies;
  readonly #judge = new SampleJudge();
  readonly #streams: SampleStreams;
  #hasBegun = false;
  #reading: Promise<SampleRecord[]> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(config: FollowerConfig, deps: SampleFollowerDependencies) {
    this.#config = config;
    this.#deps = deps;
    this.#streams = new SampleStreams(deps);
  }

  /** How far the streams were judged; nothing before the first read. */
  offsets(): Map<string, ConditionOffset> {
    return this.#hasBegun ? this.#streams.offsets() : new Map();
  }

  /**
   * Judges what came since. True when there was as much as one read takes: there may be more. Rejects when Redis does not answer;
   * what was asked for is then taken up by the next call.
   */
  async follow(
    table: SubjectTable,
    saved: ReadonlyMap<string, ConditionOffset>,
    states: ReadonlyMap<string, ObservedState>,
    changes: Changes,
  ): Promise<boolean> {
    const { redis, clock, metrics } = this.#deps;
    if (this.#reading === undefined && redis.status !== 'ready') throw new Error('Redis does not answer: no samples are judged');
    if (!this.#hasBegun) await this.#begin(table, saved);
    this.#reading ??= this.#streams.read(this.#config.readCount, this.#config.blockMs);
    const records = await within(this.#reading, this.#config.blockMs + 5_000);
    this.#reading = undefined;
    const perStream = new Map<string, number>();
    for (const [index, { batch, stream }] of records.entries()) {
      perStream.set(stream, (perStream.get(stream) ?? 0) + 1);
      if (index % AT_A_TIME === AT_A_TIME - 1) await new Promise((resolve) => setImmediate(resolve));
      this.#take(batch, () => batch !== null && this.#judge.take(batch, { table, states, changes, now: clock.now() }));
    }
    for (const [result, count] of this.#judge.takeTally()) metrics.values.inc({ result }, count);
    await this.#look();
    return [...perStream.values()].some((count) => count >= this.#config.readCount);
  }

  async #begin(table: SubjectTable, saved: ReadonlyMap<string, ConditionOffset>): Promise<void> {
    await this.#streams.begin(saved);
    await this.#streams.prime(this.#config.marginMs, table.slowestMs, (batch) => this.#take(batch, () => this.#judge.prime(batch, table)));
    this.#hasBegun = true;
  }

  /** An entry that is no batch is counted, and judges nothing. */
  #take(batch: SampleRecord['batch'], take: () => unknown): void {
    try {
      take();
      if (batch === null) this.#deps.metrics.undecodable.inc();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#deps.metrics.undecodable.inc();
    }
  }

  async #look(): Promise<void> {
    const { clock, metrics, logger } = this.#deps;
    if (clock.monotonic() - this.#lookedAt < this.#config.lookMs) return;
    this.#lookedAt = clock.monotonic();
    const { oldest, lost } = await this.#streams.look();
    metrics.lag.set(oldest === null ? 0 : Math.max(0, clock.now() - oldest));
    if (lost === 0) return;
    metrics.lost.inc(lost);
    logger.warn({ batches: lost }, 'batches of samples were gone before conditions were judged on them');
  }
}

/** The promise's value, or a rejection when it takes longer; the promise itself goes on. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis has not answered for ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
