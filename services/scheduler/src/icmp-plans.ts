import type { IcmpShardPlan } from '@beacontower/contracts';
import { type IcmpPolicy, partitionOf, shardId } from '@beacontower/domain';
import { anchorsOf, canonicalAddress } from './addresses.ts';
import type { ScheduledCheck, ScheduledInventory } from './inventory-source.ts';
import { phaseOf } from './phase.ts';
import type { BuiltPlans, Unversioned } from './plan-content.ts';

/** The plans of ICMP, targets parents first. Checks whose address is none are left out and counted. */
export function buildIcmpPlans(inventory: ScheduledInventory): BuiltPlans {
  const shards = new Map<string, ScheduledCheck[]>();
  let invalid = 0;
  for (const check of inventory.checks) {
    const address = canonicalAddress(check.address);
    if (address === null) {
      invalid++;
      continue;
    }
    const shard = shardId(partitionOf(check.objectId, inventory.partitions), check.zone, 'icmp', check.policy.intervalMs);
    const list = shards.get(shard);
    if (list) list.push({ ...check, address });
    else shards.set(shard, [{ ...check, address }]);
  }
  return { plans: new Map([...shards].map(([shard, checks]) => [shard, buildPlan(shard, checks, inventory)])), invalid };
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
    kind: 'icmp',
    intervalMs,
    phaseMs: phaseOf(partition, zone, intervalMs, inventory.partitions),
    anchors: anchorsOf(inventory, zone),
    policies,
    checks: checks.map((check) => check.key),
    addresses: checks.map((check) => check.address),
    policy,
  };
}

function policyKey(policy: IcmpPolicy): string {
  return `${policy.probes} ${policy.periodMs} ${policy.timeoutMs} ${policy.confirmPasses} ${policy.degradedLoss}`;
}
