import type { ShardPlan } from '@beacontower/contracts';
import type { Redis } from 'ioredis';
import { decodePlan, encodePlan } from './codec.ts';
import type { Keys } from './keys.ts';

/** Hash: check key → the shard whose rounds look at it. Written with the plans; extra looks find their way by it. */
export function checkShardsKey(keys: Keys): string {
  return `${keys.plans}:checks`;
}

/** Hash: shard → the last tick (epoch ms) whose round was added, so that a restarted scheduler neither repeats nor loses one. */
export function addedTicksKey(keys: Keys): string {
  return `${keys.plans}:added`;
}

/** What changed among the plans; written in one transaction. */
export interface PlanChanges {
  readonly written: readonly ShardPlan[];
  readonly removed: readonly string[];
  /** Check keys that no plan holds any more. */
  readonly orphans: readonly number[];
}

/** Shard → plan version of every plan there is. */
export async function readPlanVersions(redis: Redis, keys: Keys): Promise<Map<string, number>> {
  const stored = await redis.hgetall(keys.plans);
  return new Map(Object.entries(stored).map(([shard, version]) => [shard, Number(version)]));
}

/** The plan of a shard, or null when there is none. Throws when what is stored is not a plan. */
export async function readPlan(redis: Redis, keys: Keys, shard: string): Promise<ShardPlan | null> {
  const bytes = await redis.getBuffer(keys.plan(shard));
  return bytes ? decodePlan(bytes) : null;
}

/**
 * Writes changed plans and takes away vanished ones, all or nothing. A vanished shard's closed tick goes too: should the shard
 * come back, the time between was not "not looked at" but not monitored.
 */
export async function writePlans(redis: Redis, keys: Keys, changes: PlanChanges): Promise<void> {
  const { written, removed, orphans } = changes;
  if (written.length === 0 && removed.length === 0 && orphans.length === 0) return;
  const multi = redis.multi();
  for (const plan of written) {
    multi.set(keys.plan(plan.shard), encodePlan(plan));
    multi.hset(keys.plans, plan.shard, plan.version);
    for (const part of slices(plan.checks, 1_000)) multi.hset(checkShardsKey(keys), ...part.flatMap((check) => [check, plan.shard]));
  }
  for (const shard of removed) {
    multi.del(keys.plan(shard), keys.closed(shard));
    multi.hdel(keys.plans, shard);
    multi.hdel(addedTicksKey(keys), shard);
  }
  for (const part of slices(orphans, 1_000)) multi.hdel(checkShardsKey(keys), ...part.map(String));
  for (const [error] of (await multi.exec()) ?? []) if (error) throw error;
}

function* slices<T>(list: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size);
}
