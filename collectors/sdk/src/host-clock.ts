import { type Clock, type Component, type Health, type Logger, Loop } from '@beacontower/runtime';
import type { Redis } from 'ioredis';

/** Asks the reference for its time, epoch ms (fractions welcome). */
export type AskTime = () => Promise<number>;

/** Redis as the reference. */
export function timeOfRedis(redis: Redis): AskTime {
  return async () => {
    const [seconds, microseconds] = await redis.time();
    return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
  };
}

export interface HostClockOptions {
  /** This host's own clock. */
  readonly base: Clock;
  readonly ask: AskTime;
  readonly logger: Logger;
  /** How often the offset is measured, ms. */
  readonly everyMs?: number;
  readonly onStep?: (stepMs: number) => void;
}

/** Asked this often in one measurement; the answer with the shortest way counts. */
const SAMPLES = 4;
/** A difference between measurement and expectation beyond this (and beyond their own widths) is a step. */
const STEP_MS = 50;
/** Clocks of hosts drift apart by up to this between measurements: 100 ppm, ten times a usual crystal disciplined by NTP. */
const DRIFT = 1e-4;
/** Not believed when two measurements in a row are further apart than this and no correction helps. */
const UNTRUSTED_MS = 2_000;
const ATTEMPTS = 3;

interface Anchor {
  readonly monotonic: number;
  readonly reference: number;
  readonly halfWidth: number;
  /** This host's wall minus monotonic time then: when it changes, the wall clock stepped. */
  readonly difference: number;
}

/**
 * Time of the reference (Redis), as seen from this host. Between measurements it runs on the monotonic clock, so that a step of
 * this host's wall clock does not reach an observation; a step of the reference is taken over at the next measurement and widens
 * the uncertainty by its size until the one after it.
 */
export class HostClock implements Clock, Component {
  readonly name = 'host-clock';
  readonly #options: HostClockOptions;
  readonly #loop: Loop;
  #anchor: Anchor | undefined;
  #stepWidth = 0;
  #trusted = true;
  #measuring: Promise<void> | undefined;

  constructor(options: HostClockOptions) {
    this.#options = options;
    this.#loop = new Loop({
      name: 'host clock',
      logger: options.logger,
      pauseMs: options.everyMs ?? 30_000,
      failurePauseMs: 1_000,
      pass: async () => {
        await this.measure();
        return 'pause';
      },
    });
  }

  /** Corrected epoch ms; the host's own until the first measurement. */
  now(): number {
    const { base } = this.#options;
    if (!this.#anchor) return base.now();
    return Math.round(this.#anchor.reference + base.monotonic() - this.#anchor.monotonic);
  }

  monotonic(): number {
    return this.#options.base.monotonic();
  }

  /** Half-width by which `now` may be off, whole ms. */
  get uncertaintyMs(): number {
    if (!this.#anchor) return UNTRUSTED_MS;
    const age = this.#options.base.monotonic() - this.#anchor.monotonic;
    return Math.ceil(this.#anchor.halfWidth + age * DRIFT + this.#stepWidth) + 1;
  }

  /** False when the clock cannot be brought within 2 s of the reference: nothing stamped by it is to be believed. */
  get trusted(): boolean {
    return this.#trusted && this.#anchor !== undefined;
  }

  /** What this host's wall clock lacks to agree with the reference, ms. */
  get offsetMs(): number {
    return this.now() - this.#options.base.now();
  }

  async start(): Promise<void> {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  health(): Health {
    if (!this.#anchor) return { status: 'starting', detail: 'the clock has not been compared yet' };
    if (!this.#trusted)
      return { status: 'failed', detail: 'this host and Redis do not agree on the time; its observations are not believed' };
    const offset = Math.round(this.offsetMs);
    if (Math.abs(offset) > UNTRUSTED_MS) return { status: 'degraded', detail: `this host's clock is off by ${-offset} ms; corrected` };
    return { status: 'ok', detail: `clock within ${this.uncertaintyMs} ms` };
  }

  /** Measures at once when this host's wall clock stepped since the last measurement (the reference may have, too). */
  async settle(): Promise<void> {
    const { base } = this.#options;
    const stepped = this.#anchor && Math.abs(base.now() - base.monotonic() - this.#anchor.difference) > STEP_MS + this.#anchor.halfWidth;
    if (!this.#anchor || stepped) await this.measure();
  }

  /** Measures the offset; concurrent callers share one measurement. */
  measure(): Promise<void> {
    this.#measuring ??= this.#measure().finally(() => {
      this.#measuring = undefined;
    });
    return this.#measuring;
  }

  async #measure(): Promise<void> {
    let stepWidth = 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const best = await this.#sample();
      const before = this.#anchor;
      this.#anchor = best;
      if (!before) continue;
      const expected = before.reference + best.monotonic - before.monotonic;
      const error = best.reference - expected;
      const width = STEP_MS + best.halfWidth + before.halfWidth + (best.monotonic - before.monotonic) * DRIFT;
      if (Math.abs(error) <= width) {
        this.#stepWidth = stepWidth;
        this.#trusted = best.halfWidth < UNTRUSTED_MS;
        return;
      }
      stepWidth = Math.max(stepWidth, Math.abs(error));
      this.#options.onStep?.(error);
      this.#options.logger.warn({ stepMs: Math.round(error) }, 'the time stepped; edges of outages near it are widened');
    }
    this.#stepWidth = stepWidth;
    this.#trusted = stepWidth <= UNTRUSTED_MS;
  }

  async #sample(): Promise<Anchor> {
    const { base, ask } = this.#options;
    let best: Anchor | undefined;
    for (let i = 0; i < SAMPLES; i++) {
      const sentAt = base.monotonic();
      const difference = base.now() - sentAt;
      const reference = await ask();
      const receivedAt = base.monotonic();
      const halfWidth = (receivedAt - sentAt) / 2;
      if (!best || halfWidth < best.halfWidth) best = { monotonic: sentAt + halfWidth, reference, halfWidth, difference };
    }
    if (!best) throw new Error('the reference was not asked');
    return best;
  }
}
