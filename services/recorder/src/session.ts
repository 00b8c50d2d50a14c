import { setTimeout as sleep } from 'node:timers/promises';
import { type Keys, parseShard, readPlanVersions, readSamples, readSamplesBetween, readStreamStates } from '@beacontower/queue';
import type { Clock } from '@beacontower/runtime';
import { BEGINNING, Increments, StreamPosition } from '@beacontower/samples';
import type { TimeSeriesStore } from '@beacontower/timeseries';
import type { Redis } from 'ioredis';
import { Batch } from './batch.ts';
import type { RecorderConfig } from './config.ts';
import type { RecorderMetrics } from './metrics.ts';

export interface SessionDependencies {
  /** For short commands. */
  readonly redis: Redis;
  /** A connection of its own for the blocking read. */
  readonly blockingRedis: Redis;
  readonly keys: Keys;
  readonly partitions: number;
  readonly store: TimeSeriesStore;
  readonly clock: Clock;
  readonly metrics: RecorderMetrics;
}

/** Entries read in one go when predecessors are taken up. */
const PRIMING_COUNT = 200;
/** Rounds of a shard that the margin holds. */
const MARGIN_ROUNDS = 2.5;

/**
 * What the one owner of the store knows while it is that: how far each stream was read and stored, the predecessor of every reading,
 * and the batch in hand, which is kept until the store has it. It is thrown away with the lease.
 */
export class Session {
  readonly increments = new Increments();
  readonly #config: RecorderConfig;
  readonly #deps: SessionDependencies;
  readonly #positions = new Map<number, StreamPosition>();
  readonly #streams: ReadonlyMap<string, number>;
  readonly #batch = new Batch();
  /** Moment of the first entry of the batch, monotonic. */
  #batchSince: number | null = null;
  #marginMs: number;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(config: RecorderConfig, deps: SessionDependencies) {
    this.#config = config;
    this.#deps = deps;
    this.#marginMs = config.shortestMarginMs;
    this.#streams = new Map(Array.from({ length: deps.partitions }, (_, partition) => [deps.keys.samples(partition), partition]));
  }

  /** True when something was read that the store does not have yet. */
  get holds(): boolean {
    return this.#batchSince !== null;
  }

  /** Takes note of where the streams are now, before the store is there: what vanishes meanwhile is then counted. */
  async survey(): Promise<void> {
    const { redis, keys } = this.#deps;
    const [stored, passed] = await Promise.all([redis.hgetall(keys.stored), redis.hgetall(keys.passed)]);
    for (const partition of this.#streams.values()) this.#place(partition, stored[partition] ?? BEGINNING, passed);
    await this.look(true);
    await this.#keepPassed();
  }

  /** Takes up reading where the store is. */
  async begin(): Promise<void> {
    const { redis, keys, store } = this.#deps;
    const offsets = await store.offsets();
    const passed = await redis.hgetall(keys.passed);
    for (const partition of this.#streams.values()) {
      const offset = offsets === null ? this.#position(partition).read : (offsets.get(partition) ?? BEGINNING);
      // Where Redis said the same, what vanished since has been counted.
      if (offset !== this.#position(partition).read) this.#place(partition, offset, passed);
    }
    await this.#measureMargin();
    await this.look(true);
    for (const [stream, partition] of this.#streams) await this.#prime(stream, this.#position(partition).read);
    this.increments.takeTally();
  }

  /** Reads until there is enough for a write, or the time is over, or nothing comes. */
  async collect(signal: AbortSignal): Promise<void> {
    const { blockingRedis, clock } = this.#deps;
    const { readCount, blockMs, gatherMs, collectMs, collectRows } = this.#config;
    while (!signal.aborted) {
      const left = this.#batchSince === null ? blockMs : this.#batchSince + collectMs - clock.monotonic();
      if (left <= 0 || this.#batch.rows >= collectRows) return;
      const offsets = new Map([...this.#streams].map(([stream, partition]) => [stream, this.#position(partition).read]));
      const records = await readSamples(blockingRedis, offsets, {
        count: readCount,
        blockMs: Math.max(1, Math.floor(Math.min(blockMs, left))),
      });
      for (const record of records) {
        const partition = this.#streams.get(record.stream);
        if (partition === undefined) continue;
        this.#batch.take(record, this.increments);
        this.#position(partition).advance(record.id);
      }
      if (records.length === 0 && this.#batchSince === null) return;
      if (records.length > 0) this.#batchSince ??= clock.monotonic();
      // Collectors append all the time: to be woken by each entry costs more than the entries do.
      if (records.length < readCount) await sleep(gatherMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Stores what is in hand. When the store refuses it stays in hand, for the next time. */
  async write(): Promise<void> {
    if (this.#batchSince === null) return;
    const { store, metrics, clock } = this.#deps;
    const offsets = new Map(
      [...this.#positions].flatMap(([partition, { read, stored }]): [number, string][] => (read === stored ? [] : [[partition, read]])),
    );
    const batch = this.#batch.toWrite(offsets);
    const end = metrics.write.startTimer();
    const { refused } = await store.write(batch);
    end();
    metrics.storedAt.set(clock.now());
    metrics.refused.inc(refused);
    metrics.rows.inc({ samples: 'interfaces' }, batch.interfaces.count);
    metrics.rows.inc({ samples: 'icmp' }, batch.icmp.count);
    this.#count();
    this.#batch.clear();
    this.#batchSince = null;
    for (const [partition, offset] of offsets) this.#position(partition).stored = offset;
    await this.#settle(offsets);
  }

  /** Looks at the streams: what is behind, and what vanished unread. */
  async look(now = false): Promise<void> {
    const { redis, clock, metrics } = this.#deps;
    if (!now && clock.monotonic() - this.#lookedAt < this.#config.lookMs) return;
    this.#lookedAt = clock.monotonic();
    const states = await readStreamStates(redis, [...this.#streams.keys()]);
    let lostAny = false;
    for (const [index, partition] of [...this.#streams.values()].entries()) {
      const position = this.#position(partition);
      const state = states[index] ?? null;
      const lost = position.reconcile(state);
      lostAny ||= lost > 0;
      metrics.dropped.inc(lost);
      const behind = position.behind(state);
      const waits = behind > 0 || position.read !== position.stored;
      metrics.behind.set({ partition: String(partition) }, behind);
      metrics.lag.set({ partition: String(partition) }, waits ? this.#ageOf(position.stored, state?.firstId ?? null) : 0);
    }
    // What was counted must not be counted again by whoever comes after us.
    if (lostAny) await this.#keepPassed();
  }

  // The oldest that waits came after what is stored, and is still there.
  #ageOf(stored: string, first: string | null): number {
    const since = Math.max(millisecondsOf(stored), first === null ? 0 : millisecondsOf(first));
    return since === 0 ? 0 : Math.max(0, this.#deps.clock.now() - since);
  }

  #position(partition: number): StreamPosition {
    const position = this.#positions.get(partition);
    if (!position) throw new Error(`partition ${partition} has no position`);
    return position;
  }

  #place(partition: number, offset: string, passed: Readonly<Record<string, string>>): void {
    const [id, count] = (passed[partition] ?? '').split(' ');
    this.#positions.set(partition, new StreamPosition(offset, id === offset ? Number(count) : null));
  }

  /** Reads the readings before the offset again: they are the predecessors of those to come. */
  async #prime(stream: string, offset: string): Promise<void> {
    if (offset === BEGINNING) return;
    let from = `${Math.max(0, millisecondsOf(offset) - this.#marginMs)}-0`;
    for (;;) {
      const records = await readSamplesBetween(this.#deps.redis, stream, from, offset, PRIMING_COUNT);
      for (const { batch } of records) if (batch?.type === 'interfaces') this.increments.take(batch, null);
      const last = records.at(-1);
      if (records.length < PRIMING_COUNT || last === undefined) return;
      from = `(${last.id}`;
    }
  }

  /** The slowest shard decides how far back a predecessor may lie. */
  async #measureMargin(): Promise<void> {
    const { redis, keys } = this.#deps;
    const { shortestMarginMs, longestMarginMs } = this.#config;
    const intervals = [...(await readPlanVersions(redis, keys)).keys()].map((shard) => parseShard(shard)?.intervalMs ?? 0);
    const wanted = Math.max(0, ...intervals) * MARGIN_ROUNDS;
    this.#marginMs = Math.min(longestMarginMs, Math.max(shortestMarginMs, wanted));
  }

  #count(): void {
    const { metrics } = this.#deps;
    const { entries } = this.#batch;
    metrics.batches.inc({ samples: 'interfaces' }, entries.interfaces);
    metrics.batches.inc({ samples: 'icmp' }, entries.icmp);
    metrics.undecodable.inc(entries.undecodable);
    const tally = this.increments.takeTally();
    metrics.first.inc(tally.first);
    metrics.stale.inc(tally.stale);
    for (const [cause, count] of Object.entries(tally.unknown)) metrics.unknown.inc({ cause }, count);
  }

  /** Says how far the store is, and lets go of what nobody needs as a predecessor any more. */
  async #settle(offsets: ReadonlyMap<number, string>): Promise<void> {
    const { redis, keys } = this.#deps;
    if (offsets.size === 0) return;
    const multi = redis.multi();
    multi.hset(keys.stored, ...[...offsets].flatMap(([partition, offset]) => [String(partition), offset]));
    for (const [partition, offset] of offsets)
      multi.xtrim(keys.samples(partition), 'MINID', '~', `${Math.max(0, millisecondsOf(offset) - this.#marginMs)}-0`);
    for (const [error] of (await multi.exec()) ?? []) if (error) throw error;
    await this.#keepPassed();
  }

  async #keepPassed(): Promise<void> {
    const { redis, keys } = this.#deps;
    const known = [...this.#positions].flatMap(([partition, { stored, read, passed }]) =>
      passed === null || stored !== read ? [] : [String(partition), `${stored} ${passed}`],
    );
    if (known.length > 0) await redis.hset(keys.passed, ...known);
  }
}

function millisecondsOf(id: string): number {
  return Number(id.split('-')[0]);
}
