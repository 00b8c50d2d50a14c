import type { SnmpShardPlan } from '@beacontower/contracts';
import { partitionOf, type SnmpPolicy, shardId } from '@beacontower/domain';
import { anchorsOf, canonicalAddress } from './addresses.ts';
import type { ScheduledAgent, ScheduledInterface, ScheduledInventory } from './inventory-source.ts';
import { phaseOf } from './phase.ts';
import type { BuiltPlans, Unversioned } from './plan-content.ts';

/** One device in one shard, before indexes are given. */
interface Asked {
  readonly agent: ScheduledAgent;
  /** The shard is that of the device itself, so that its whole table is read there. */
  readonly whole: boolean;
  readonly interfaces: ScheduledInterface[];
}

/** The devices of one shard, by their ids. */
interface Shard {
  readonly partition: number;
  readonly zone: string;
  readonly intervalMs: number;
  readonly asked: Map<string, Asked>;
}

/**
 * The plans of SNMP, devices parents first. A shard is that of the partition of each check's own object, since a batch goes whole
 * to one partition: a circuit whose end is an interface of a device in another partition makes that device be asked there too,
 * for this interface alone. Interfaces of devices that are not asked are looked at by nobody and in no plan. Devices
 * whose address is none or whose credential is not there are left out and counted.
 */
export function buildSnmpPlans(inventory: ScheduledInventory): BuiltPlans {
  const shards = new Map<string, Shard>();
  const agents = new Map<string, ScheduledAgent>();
  let invalid = 0;
  const askedIn = (partition: number, agent: ScheduledAgent, whole: boolean): Asked => {
    const { zone } = agent;
    const { intervalMs } = agent.policy;
    const name = shardId(partition, zone, 'snmp', intervalMs);
    const shard = shards.get(name) ?? { partition, zone, intervalMs, asked: new Map<string, Asked>() };
    shards.set(name, shard);
    const asked = shard.asked.get(agent.objectId) ?? { agent, whole, interfaces: [] };
    shard.asked.set(agent.objectId, asked);
    return asked;
  };
  for (const agent of inventory.agents) {
    const address = canonicalAddress(agent.address);
    if (address === null || !inventory.credentials.has(agent.credential)) {
      invalid++;
      continue;
    }
    const known = { ...agent, address };
    agents.set(agent.objectId, known);
    askedIn(partitionOf(agent.objectId, inventory.partitions), known, true);
  }
  for (const watched of inventory.interfaces) {
    const agent = agents.get(watched.device);
    if (agent !== undefined) askedIn(partitionOf(watched.objectId, inventory.partitions), agent, false).interfaces.push(watched);
  }
  return { plans: new Map([...shards].map(([name, shard]) => [name, buildPlan(name, shard, inventory)])), invalid };
}

function buildPlan(name: string, shard: Shard, inventory: ScheduledInventory): Unversioned<SnmpShardPlan> {
  const { partition, zone, intervalMs } = shard;
  const asked = [...shard.asked.values()].sort((a, b) => a.agent.depth - b.agent.depth || a.agent.key - b.agent.key);
  const credentials = new Numbered<SnmpShardPlan['credentials'][number]>();
  const policies = new Numbered<SnmpShardPlan['policies'][number]>();
  const devices = asked.map(({ agent, whole, interfaces }) => ({
    device: agent.objectId,
    address: agent.address,
    port: agent.port,
    credential: credentials.of(agent.credential, () => credentialOf(agent.credential, inventory)),
    policy: policies.of(policyKey(agent.policy), () => ({ timeoutMs: agent.policy.timeoutMs, retries: agent.policy.retries })),
    check: whole ? agent.key : null,
    digest: whole ? agent.digest : null,
    interfaces: interfaces.sort((a, b) => a.key - b.key).map((watched) => ({ check: watched.key, name: watched.ifName })),
  }));
  return {
    shard: name,
    partition,
    zone,
    kind: 'snmp',
    intervalMs,
    phaseMs: phaseOf(partition, zone, intervalMs, inventory.partitions),
    anchors: anchorsOf(inventory, zone),
    checks: devices.flatMap(({ check, interfaces }) => [...(check === null ? [] : [check]), ...interfaces.map((row) => row.check)]),
    credentials: credentials.list,
    policies: policies.list,
    devices,
  };
}

const policyKey = ({ timeoutMs, retries }: SnmpPolicy) => `${timeoutMs} ${retries}`;

function credentialOf(id: string, inventory: ScheduledInventory): SnmpShardPlan['credentials'][number] {
  const credential = inventory.credentials.get(id);
  if (credential === undefined) throw new Error(`credential "${id}" has gone from the inventory it was found in`);
  return { id, version: credential.version, sealed: credential.sealed };
}

/** Values by the order in which they were first asked for. */
class Numbered<T> {
  readonly list: T[] = [];
  readonly #indexes = new Map<string, number>();

  of(key: string, make: () => T): number {
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    this.#indexes.set(key, this.list.length);
    return this.list.push(make()) - 1;
  }
}
