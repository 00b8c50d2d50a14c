import type { ShardPlan } from '@beacontower/contracts';
import { type Keys, readPlan } from '@beacontower/queue';
import type { Redis } from 'ioredis';

export type PlanOf<K extends ShardPlan['kind']> = Extract<ShardPlan, { kind: K }>;

interface Cached<P> {
  readonly version: number;
  readonly compiled: P;
}

/** Plans by shard in the form a collector wants them, read again when a round names a newer version than the one kept. */
export class PlanCache<K extends ShardPlan['kind'], P> {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #kind: K;
  readonly #compile: (plan: PlanOf<K>) => P;
  readonly #cached = new Map<string, Cached<P>>();

  constructor(redis: Redis, keys: Keys, kind: K, compile: (plan: PlanOf<K>) => P) {
    this.#redis = redis;
    this.#keys = keys;
    this.#kind = kind;
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
    if (plan.kind !== this.#kind) throw new Error(`plan of shard ${shard}: a plan for ${plan.kind}, not for ${this.#kind}`);
    const compiled = this.#compile(plan as PlanOf<K>);
    this.#cached.set(shard, { version: plan.version, compiled });
    return compiled;
  }

  /** Forgets shards that are no more. */
  keepOnly(shards: ReadonlySet<string>): void {
    for (const shard of this.#cached.keys()) if (!shards.has(shard)) this.#cached.delete(shard);
  }
}
