import { isIP, isIPv6 } from 'node:net';
import { createTargetList, type TargetList } from '@beacontower/collector-sdk';
import type { IcmpShardPlan } from '@beacontower/contracts';

/** A plan in the form a round wants it. Rows are indexes into the plan's columns. */
export interface CompiledPlan {
  readonly plan: IcmpShardPlan;
  /** Row → index into `addresses`. */
  readonly addressOf: Uint32Array;
  /** Every address of the plan once, anchors included. */
  readonly addresses: readonly string[];
  readonly isV6: Uint8Array;
  /** Indexes into `addresses`. */
  readonly anchors: readonly number[];
  readonly rowOfCheck: ReadonlyMap<number, number>;
  /** All rows of each policy: what an undisturbed round looks at, made once. */
  readonly whole: Map<number, PassTargets[]>;
}

/** What one fping is to look at: rows of the plan, their addresses and the anchors, each address once. */
export interface PassTargets {
  readonly policy: IcmpShardPlan['policies'][number];
  readonly rows: Uint32Array;
  /** Position in `rows` → slot in `list`. */
  readonly slots: Uint32Array;
  readonly list: TargetList;
  /** Slot → 1 when the address is IPv6. */
  readonly isV6: Uint8Array;
  readonly anchorSlots: readonly number[];
}

/** Addresses that are none (the plan's maker leaves them out) fail here, before fping would take them for names. */
export function compilePlan(plan: IcmpShardPlan): CompiledPlan {
  const addresses: string[] = [];
  const indexes = new Map<string, number>();
  const indexOf = (address: string) => {
    const known = indexes.get(address);
    if (known !== undefined) return known;
    if (isIP(address) === 0) throw new Error(`plan of shard ${plan.shard}: "${address}" is no address`);
    indexes.set(address, addresses.length);
    return addresses.push(address) - 1;
  };
  const addressOf = Uint32Array.from(plan.addresses, indexOf);
  const anchors = plan.anchors.map(indexOf);
  return {
    plan,
    addressOf,
    addresses,
    isV6: Uint8Array.from(addresses, (address) => (isIPv6(address) ? 1 : 0)),
    anchors,
    rowOfCheck: new Map(plan.checks.map((check, row) => [check, row])),
    whole: new Map(),
  };
}

/** Splits rows (ascending: parents first) into passes: one policy each, and no more probes than one fping can send. */
export function passesOf(compiled: CompiledPlan, rows: Uint32Array, mostProbes: number): PassTargets[] {
  const { plan, whole } = compiled;
  if (rows.length < plan.checks.length)
    return groupByPolicy(compiled, rows).flatMap(([policy, some]) => split(compiled, policy, some, mostProbes));
  if (whole.size === 0)
    for (const [policy, some] of groupByPolicy(compiled, rows)) whole.set(policy, split(compiled, policy, some, mostProbes));
  return [...whole.values()].flat();
}

function groupByPolicy({ plan }: CompiledPlan, rows: Uint32Array): [number, Uint32Array][] {
  if (plan.policies.length === 1) return rows.length === 0 ? [] : [[0, rows]];
  return plan.policies
    .map((_, index): [number, Uint32Array] => [index, rows.filter((row) => plan.policy[row] === index)])
    .filter(([, some]) => some.length > 0);
}

function split(compiled: CompiledPlan, policyIndex: number, rows: Uint32Array, mostProbes: number): PassTargets[] {
  const policy = compiled.plan.policies[policyIndex];
  if (!policy) throw new Error(`plan of shard ${compiled.plan.shard}: there is no policy ${policyIndex}`);
  const most = Math.max(1, Math.floor(mostProbes / policy.probes) - compiled.anchors.length);
  const passes: PassTargets[] = [];
  for (let from = 0; from < rows.length; from += most) passes.push(targetsOf(compiled, policy, rows.subarray(from, from + most)));
  return passes;
}

function targetsOf(compiled: CompiledPlan, policy: PassTargets['policy'], rows: Uint32Array): PassTargets {
  const slotOfAddress = new Int32Array(compiled.addresses.length).fill(-1);
  const addresses: string[] = [];
  const isV6: number[] = [];
  const slotOf = (address: number) => {
    const known = slotOfAddress[address] ?? -1;
    if (known >= 0) return known;
    slotOfAddress[address] = addresses.length;
    isV6.push(compiled.isV6[address] ?? 0);
    return addresses.push(compiled.addresses[address] ?? '') - 1;
  };
  // Anchors go first: they show at the earliest whether the vantage sees.
  const anchorSlots = compiled.anchors.map(slotOf);
  const slots = rows.map((row) => slotOf(compiled.addressOf[row] ?? 0));
  return { policy, rows, slots, list: createTargetList(addresses), isV6: Uint8Array.from(isV6), anchorSlots };
}
