import { TracerouteQuestion, tracerouteKind } from '@beacontower/contracts';
import { type Answerer, createResponder, type Keys, RequestError } from '@beacontower/queue';
import { type Clock, type Component, type Health, type Logger, Loop } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import { Commands } from './commands.ts';
import { traceTo } from './tracer.ts';

export interface ZoneTracersOptions {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly fping: string;
  readonly tracepath: string;
  /** Ways looked for at the same time. */
  readonly concurrency: number;
  /** The zones served now. */
  readonly zones: () => readonly string[];
  /** Told how each question ended. */
  readonly onAnswer: (result: 'answered' | 'refused') => void;
}

const LOOK_EVERY_MS = 1_000;

/** Answers what the way to an address is, for each zone that this collector serves; zones that come or go are followed. */
export class ZoneTracers implements Component {
  readonly name = 'zone-tracers';
  readonly #options: ZoneTracersOptions;
  readonly #commands = new Commands();
  readonly #loop: Loop;
  #served = '';
  #end: (() => Promise<void>) | undefined;

  constructor(options: ZoneTracersOptions) {
    this.#options = options;
    this.#loop = new Loop({
      name: 'zone tracers',
      logger: options.logger,
      pauseMs: LOOK_EVERY_MS,
      pass: async () => {
        await this.#follow();
        return 'pause';
      },
    });
  }

  async start(): Promise<void> {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#commands.stop();
    await this.#loop.stop();
    await this.#close();
  }

  health(): Health {
    return { status: 'ok' };
  }

  async #follow(): Promise<void> {
    const zones = [...this.#options.zones()].sort();
    const wanted = zones.join('\n');
    if (wanted === this.#served) return;
    await this.#close();
    if (zones.length > 0) await this.#open(zones);
    this.#served = wanted;
  }

  async #open(zones: readonly string[]): Promise<void> {
    const { redis, keys, logger, concurrency } = this.#options;
    const blockingRedis = redis.duplicate();
    blockingRedis.on('error', () => undefined);
    const answerers = Object.fromEntries(zones.map((zone) => [tracerouteKind(zone), this.#answer]));
    const responder = createResponder({ redis, blockingRedis, keys, answerers, concurrency, logger });
    this.#end = async () => {
      await responder.stop();
      blockingRedis.disconnect();
    };
    await responder.start();
  }

  async #close(): Promise<void> {
    const end = this.#end;
    this.#end = undefined;
    this.#served = '';
    await end?.();
  }

  readonly #answer: Answerer = async (body) => {
    const { clock, fping, tracepath, onAnswer } = this.#options;
    const question = TracerouteQuestion.safeParse(body);
    if (!question.success) {
      onAnswer('refused');
      throw new RequestError('invalid', 'the question names no address');
    }
    const answer = await traceTo(question.data.address, { fping, tracepath, commands: this.#commands, now: () => clock.now() });
    onAnswer('answered');
    return answer;
  };
}
