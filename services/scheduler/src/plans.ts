import { isIPv4, isIPv6 } from 'node:net';
import type { IcmpShardPlan, ShardPlan } from '@beacontower/contracts';
import { type IcmpPolicy, partitionOf, shardId } from '@beacontower/domain';
import type { ScheduledCheck, ScheduledInventory } from './inventory-source.ts';

const KIND = 'icmp';

/** A plan without its version, which only the comparison with the stored one can give. */
export type PlanContent = Unversioned<ShardPlan>;
type Unversioned<P> = P extends ShardPlan ? Omit<P, 'version'> : never;

/**
 * One plan per shard, targets parents first. A pure function of the inventory: equal inventories give equal plans whatever the
 * order of their rows. Checks whose address is none are left out (the configuration refuses them); their number is returned.
 */
export function buildPlans(inventory: ScheduledInventory): { plans: Map<string, PlanContent>; invalid: number } {
  const shards = new Map<string, ScheduledCheck[]>();
  let invalid = 0;
  for (const check of inventory.checks) {
    const address = canonicalAddress(check.address);
    if (address === null) {
      invalid++;
      continue;
    }
    const shard = shardId(partitionOf(check.objectId, inventory.partitions), check.zone, KIND, check.policy.intervalMs);
    const list = shards.get(shard);
    if (list) list.push({ ...check, address });
    else shards.set(shard, [{ ...check, address }]);
  }
  const plans = new Map<string, PlanContent>();
  for (const [shard, checks] of shards) plans.set(shard, buildPlan(shard, checks, inventory));
  return { plans, invalid };
}

function buildPlan(shard: string, checks: ScheduledCheck[], inventory: ScheduledInventory): Unversioned<IcmpShardPlan> {
  checks.sort((a, b) => a.depth - b.depth || a.key - b.key);
  const zone = checks[0]?.zone ?? '';
  const intervalMs = checks[0]?.policy.intervalMs ?? 1;
  const partition = partitionOf(checks[0]?.objectId ?? '', inventory.partitions);
  const policies: IcmpShardPlan['policies'] = [];
  const indexes = new Map<string, number>();
  const policy = checks.map((check) => {
    const key = policyKey(check.policy);
    const known = indexes.get(key);
    if (known !== undefined) return known;
    const { probes, periodMs, timeoutMs, confirmPasses, degradedLoss } = check.policy;
    indexes.set(key, policies.length);
    return policies.push({ probes, periodMs, timeoutMs, confirmPasses, degradedLoss }) - 1;
  });
  return {
    shard,
    partition,
    zone,
    kind: KIND,
    intervalMs,
    phaseMs: phaseOf(partition, zone, intervalMs, inventory.partitions),
    anchors: [...new Set((inventory.anchors.get(zone) ?? []).map(canonicalAddress).filter((address) => address !== null))].sort(),
    policies,
    checks: checks.map((check) => check.key),
    addresses: checks.map((check) => check.address),
    policy,
  };
}

function policyKey(policy: IcmpPolicy): string {
  return `${policy.probes} ${policy.periodMs} ${policy.timeoutMs} ${policy.confirmPasses} ${policy.degradedLoss}`;
}

/**
 * Where in its interval a shard's ticks lie: partitions evenly over the interval, zones shifted against each other within one
 * such step. It depends on the shard's own name and the fixed number of partitions alone, so that adding a shard moves no tick
 * of another.
 */
export function phaseOf(partition: number, zone: string, intervalMs: number, partitions: number): number {
  const shift = partitionOf(zone, 1_024) / 1_024;
  return Math.floor((intervalMs * (partition + shift)) / partitions) % intervalMs;
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
  return canonicalText(before) === canonicalText(content);
}

function canonicalText(plan: PlanContent): string {
  return JSON.stringify(plan, Object.keys(plan).sort().concat(['probes', 'periodMs', 'timeoutMs', 'confirmPasses', 'degradedLoss']));
}

/**
 * An address as every library writes it (RFC 5952 for IPv6), so that equal addresses have equal texts. Null when it is no
 * address: nothing but addresses ever reaches fping, which would ask the DNS for a name.
 */
export function canonicalAddress(address: string): string | null {
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return null;
  const [bare = '', zone] = address.split('%', 2);
  const host = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  return zone === undefined ? host : `${host}%${zone}`;
}
