import type { RoundJob } from '@beacontower/contracts';
import { createRoundWorker, type Keys, parseShard, type RoundWorker, readPlanVersions } from '@beacontower/queue';
import { type Component, type Health, type Logger, Loop } from '@beacontower/runtime';
import type { Redis } from 'ioredis';

export interface ZoneWorkersOptions {
  readonly redis: Redis;
  readonly redisUrl: string;
  readonly keys: Keys;
  readonly logger: Logger;
  readonly kind: string;
  /** Zones to work for; null: every zone that has a plan of this kind. */
  readonly zones: readonly string[] | null;
  /** Rounds taken at once in each zone. */
  readonly concurrency: number;
  /** Longest that closing waits for rounds under way, ms. */
  readonly closeWithinMs: number;
  readonly take: (round: RoundJob) => Promise<void>;
  /** Told which shards have plans, whenever that was looked up. */
  readonly onPlans?: (shards: ReadonlySet<string>) => void;
}

const LOOK_EVERY_MS = 2_000;

/** One worker for each zone served; zones that come or go with the plans are followed. */
export class ZoneWorkers implements Component {
  readonly name = 'zone-workers';
  readonly #options: ZoneWorkersOptions;
  readonly #workers = new Map<string, RoundWorker>();
  readonly #loop: Loop;

  constructor(options: ZoneWorkersOptions) {
    this.#options = options;
    this.#loop = new Loop({
      name: `${options.kind} zones`,
      logger: options.logger,
      pauseMs: LOOK_EVERY_MS,
      pass: async () => {
        await this.#follow();
        return 'pause';
      },
    });
  }

  get zones(): string[] {
    return [...this.#workers.keys()];
  }

  async start(): Promise<void> {
    for (const zone of this.#options.zones ?? []) this.#open(zone);
    this.#loop.start();
  }

  async stop(): Promise<void> {
    const closing = [...this.#workers.values()].map((worker) => this.#close(worker));
    this.#workers.clear();
    await Promise.all([...closing, bounded(this.#loop.stop(), this.#options.closeWithinMs)]);
  }

  health(): Health {
    const zones = this.zones;
    return { status: 'ok', detail: zones.length === 0 ? 'nothing of this kind is watched' : `zones ${zones.join(', ')}` };
  }

  async #follow(): Promise<void> {
    const { redis, keys, kind, zones, onPlans } = this.#options;
    const shards = new Set((await readPlanVersions(redis, keys)).keys());
    onPlans?.(shards);
    if (zones) return;
    const wanted = new Set<string>();
    for (const shard of shards) {
      const name = parseShard(shard);
      if (name?.kind === kind) wanted.add(name.zone);
    }
    for (const zone of wanted) this.#open(zone);
    for (const [zone, worker] of this.#workers) {
      if (wanted.has(zone)) continue;
      this.#workers.delete(zone);
      await this.#close(worker);
    }
  }

  #open(zone: string): void {
    if (this.#workers.has(zone)) return;
    const { redisUrl, keys, kind, concurrency, logger, take } = this.#options;
    const onError = (error: Error) => logger.warn({ err: error, zone }, 'worker of rounds');
    this.#workers.set(zone, createRoundWorker({ redisUrl, keys, kind, zone, concurrency, onError, take }));
  }

  #close(worker: RoundWorker): Promise<void> {
    return worker.close(this.#options.closeWithinMs);
  }
}

async function bounded<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
