import type { LeaseKeeper } from '@beacontower/database';
import { createResponder } from '@beacontower/queue';
import { type Clock, type Component, type Health, type Logger, Loop } from '@beacontower/runtime';
import type { TimeSeriesStore } from '@beacontower/timeseries';
import type { Redis } from 'ioredis';
import { createAnswerers } from './answers.ts';
import type { RecorderConfig } from './config.ts';
import { inShort } from './in-short.ts';
import type { RecorderMetrics } from './metrics.ts';
import { Session, type SessionDependencies } from './session.ts';

/** The lease of the one owner of the sample store. */
export const RECORDER_LEASE = 'recorder';
/** Refusals in a row after which the store is closed and opened again. */
const REOPEN_AFTER = 3;

export interface RecorderParts extends SessionDependencies {
  /** A connection of its own: questions are waited for on it. */
  readonly answeringRedis: Redis;
  readonly leases: LeaseKeeper;
  readonly store: TimeSeriesStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: RecorderMetrics;
}

/**
 * Takes samples from their streams to the store, in order and once, while it holds the lease. When the store refuses, what was read
 * is kept and tried again with growing pauses; what was not read waits in the streams, within their budget.
 */
export class Recorder implements Component {
  readonly name = 'recorder';
  readonly #config: RecorderConfig;
  readonly #parts: RecorderParts;
  readonly #loop: Loop;
  #session: Session | undefined;
  /** What runs beside while the store is open: answers, and its upkeep. */
  #beside: Component[] = [];
  #isOpen = false;
  #refusals = 0;
  #reason: string | null = null;
  #maintainFault: string | null = null;
  #retryAt = Number.NEGATIVE_INFINITY;
  #passedAt: number | null = null;

  constructor(config: RecorderConfig, parts: RecorderParts) {
    this.#config = config;
    this.#parts = parts;
    this.#loop = new Loop({
      name: 'recorder',
      logger: parts.logger,
      pauseMs: config.blockMs,
      failurePauseMs: config.blockMs,
      pass: (signal) => this.#pass(signal),
      onFailure: (error) => this.#refused(error),
    });
  }

  async start(): Promise<void> {
    this.#loop.start();
  }

  /** Finishes what is under way and stores what was read, if the store takes it in time. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    if (this.#session?.holds && this.#isOpen) await this.#flush(this.#session);
    await this.#end();
  }

  health(): Health {
    if (this.#reason !== null) return { status: 'degraded', detail: `the sample store refuses: ${this.#reason}` };
    if (this.#passedAt === null) return { status: 'starting' };
    const silent = this.#parts.clock.monotonic() - this.#passedAt;
    if (silent > 30_000) return { status: 'degraded', detail: `the sample store has not answered for ${Math.round(silent / 1_000)} s` };
    if (this.#maintainFault !== null) return { status: 'degraded', detail: `the upkeep of the sample store fails: ${this.#maintainFault}` };
    if (!this.#isOpen) return { status: 'ok', detail: 'another process owns the sample store' };
    return { status: 'ok', detail: this.#parts.store.engine };
  }

  async #pass(signal: AbortSignal): Promise<'again' | 'pause'> {
    const { leases, clock } = this.#parts;
    if (!leases.held(RECORDER_LEASE)) {
      await this.#end();
      this.#passedAt = clock.monotonic();
      return 'pause';
    }
    if (clock.monotonic() < this.#retryAt) {
      await this.#session?.look();
      return 'pause';
    }
    if (this.#refusals > 0 && this.#refusals % REOPEN_AFTER === 0) await this.#reopen();
    const session = await this.#opened();
    if (!session.holds) await session.collect(signal);
    await session.write();
    await session.look();
    this.#refusals = 0;
    this.#reason = null;
    this.#passedAt = clock.monotonic();
    return 'again';
  }

  /** The session, with the store open. */
  async #opened(): Promise<Session> {
    const { store, logger, metrics } = this.#parts;
    if (!this.#session) {
      const session = new Session(this.#config, this.#parts);
      await session.survey();
      this.#session = session;
    }
    if (this.#isOpen) return this.#session;
    await store.open();
    try {
      // Opened anew with something in hand: then reading goes on where it was.
      if (!this.#session.holds) await this.#session.begin();
    } catch (error) {
      await store.close().catch(() => undefined);
      throw error;
    }
    this.#isOpen = true;
    metrics.holds.set(1);
    metrics.engine.set({ engine: this.#parts.store.engine }, 1);
    this.#beside = [this.#responder(this.#session), this.#upkeep()];
    for (const part of this.#beside) await part.start();
    logger.info({ engine: store.engine }, 'the sample store is open');
    return this.#session;
  }

  #refused(error: unknown): void {
    const { metrics, clock } = this.#parts;
    const { firstRetryMs, longestRetryMs } = this.#config;
    metrics.failures.inc();
    this.#reason = inShort(error);
    this.#retryAt = clock.monotonic() + Math.min(longestRetryMs, firstRetryMs * 2 ** this.#refusals);
    this.#refusals++;
  }

  /** A store that keeps refusing is opened afresh; what is in hand stays in hand. */
  async #reopen(): Promise<void> {
    await this.#close();
    if (!this.#session?.holds) this.#session = undefined;
  }

  async #close(): Promise<void> {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    this.#parts.metrics.holds.set(0);
    for (const part of this.#beside.splice(0)) await part.stop();
    if (wasOpen)
      await this.#parts.store.close().catch((error: unknown) => this.#parts.logger.warn({ err: error }, 'the sample store did not close'));
  }

  /** Lets go of the store and of all that was known while it was ours. */
  async #end(): Promise<void> {
    if (!this.#session) return;
    this.#session = undefined;
    // What was ours to tell is another's now.
    this.#parts.metrics.lag.reset();
    this.#parts.metrics.behind.reset();
    this.#reason = null;
    this.#maintainFault = null;
    await this.#close();
  }

  async #flush(session: Session): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#config.flushMs);
    });
    // What is not stored is read again after the next start.
    await Promise.race([session.write().catch((error: unknown) => this.#refused(error)), late]);
    clearTimeout(timer);
  }

  #responder(session: Session): Component {
    const { store, metrics, answeringRedis } = this.#parts;
    return createResponder({
      ...this.#parts,
      blockingRedis: answeringRedis,
      answerers: createAnswerers(store, session.increments.latest, metrics),
      concurrency: this.#config.answers,
    });
  }

  #upkeep(): Component {
    const { store, metrics, clock, logger } = this.#parts;
    const loop = new Loop({
      name: 'recorder upkeep',
      logger,
      pauseMs: this.#config.maintainMs,
      pass: async () => {
        const end = metrics.maintain.startTimer();
        await store.maintain(clock.now());
        end();
        this.#maintainFault = null;
        const { engine, bytes, rawRows } = await store.state();
        if (bytes !== null) metrics.bytes.set({ engine }, bytes);
        if (rawRows !== null) metrics.rawRows.set({ engine }, rawRows);
        return 'pause';
      },
      failurePauseMs: this.#config.maintainMs,
      onFailure: (error) => {
        metrics.failures.inc();
        this.#maintainFault = inShort(error);
      },
    });
    return { name: 'upkeep', start: async () => loop.start(), stop: () => loop.stop(), health: () => ({ status: 'ok' }) };
  }
}
