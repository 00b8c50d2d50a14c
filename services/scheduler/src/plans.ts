import { isDeepStrictEqual } from 'node:util';
import type { ShardPlan } from '@beacontower/contracts';
import { buildIcmpPlans } from './icmp-plans.ts';
import type { ScheduledInventory } from './inventory-source.ts';
import type { BuiltPlans, PlanContent } from './plan-content.ts';
import { buildSnmpPlans } from './snmp-plans.ts';

/**
 * One plan per shard. A pure function of the inventory: equal inventories give equal plans whatever the order of their rows. What
 * the configuration would have refused is left out; its number is returned.
 */
export function buildPlans(inventory: ScheduledInventory): BuiltPlans {
  const built = [buildIcmpPlans(inventory), buildSnmpPlans(inventory)];
  return {
    plans: new Map(built.flatMap(({ plans }) => [...plans])),
    invalid: built.reduce((sum, { invalid }) => sum + invalid, 0),
  };
}

/** What must be written so that the stored plans say the same as the built ones. Versions rise only where the content differs. */
export function comparePlans(
  stored: ReadonlyMap<string, ShardPlan>,
  built: ReadonlyMap<string, PlanContent>,
  now: number,
): { written: ShardPlan[]; removed: string[]; orphans: number[]; current: Map<string, ShardPlan> } {
  const written: ShardPlan[] = [];
  const current = new Map<string, ShardPlan>();
  for (const [shard, content] of built) {
    const before = stored.get(shard);
    if (before && sameContent(before, content)) {
      current.set(shard, before);
      continue;
    }
    // Epoch seconds at least: a shard that vanished and came back must not carry a version that collectors have cached.
    const version = Math.max((before?.version ?? 0) + 1, Math.floor(now / 1_000));
    const plan = { version, ...content };
    written.push(plan);
    current.set(shard, plan);
  }
  const removed = [...stored.keys()].filter((shard) => !built.has(shard));
  const planned = new Set([...built.values()].flatMap((plan) => plan.checks));
  const orphans = [...stored.values()].flatMap((plan) => plan.checks).filter((check) => !planned.has(check));
  return { written, removed, orphans, current };
}

function sameContent(plan: ShardPlan, content: PlanContent): boolean {
  const { version: _version, ...before } = plan;
  return isDeepStrictEqual(before, content);
}
