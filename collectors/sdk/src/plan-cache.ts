import type { ShardPlan } from '@beacontower/contracts';
import { type Keys, readPlan } from '@beacontower/queue';
import type { Redis } from 'ioredis';

interface Cached<P> {
  readonly version: number;
  readonly compiled: P;
}

/** Plans by shard in the form a collector wants them, read again when a round names a newer version than the one kept. */
export class PlanCache<P> {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #compile: (plan: ShardPlan) => P;
  readonly #cached = new Map<string, Cached<P>>();

  constructor(redis: Redis, keys: Keys, compile: (plan: ShardPlan) => P) {
    this.#redis = redis;
    this.#keys = keys;
    this.#compile = compile;
  }

  /** The plan at this version or, when that has been replaced meanwhile, the newest; null when the shard is no more. */
  async get(shard: string, version: number): Promise<P | null> {
    const known = this.#cached.get(shard);
    if (known?.version === version) return known.compiled;
    const plan = await readPlan(this.#redis, this.#keys, shard);
    if (!plan) {
      this.#cached.delete(shard);
      return null;
    }
    if (known?.version === plan.version) return known.compiled;
    const compiled = this.#compile(plan);
    this.#cached.set(shard, { version: plan.version, compiled });
    return compiled;
  }

  /** Forgets shards that are no more. */
  keepOnly(shards: ReadonlySet<string>): void {
    for (const shard of this.#cached.keys()) if (!shards.has(shard)) this.#cached.delete(shard);
  }
}
