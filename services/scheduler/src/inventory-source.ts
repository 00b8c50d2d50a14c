import type { IcmpPolicy, SnmpPolicy } from '@beacontower/domain';

/** One ICMP check as the scheduler needs it. */
export interface ScheduledCheck {
  /** The check's short number. */
  readonly key: number;
  readonly objectId: string;
  readonly zone: string;
  readonly address: string;
  readonly policy: IcmpPolicy;
  /** Longest way from the object up to one without parents: parents are looked at before their children. */
  readonly depth: number;
}

/** A device whose SNMP agent is asked. */
export interface ScheduledAgent {
  /** The short number of the agent's check. */
  readonly key: number;
  readonly objectId: string;
  readonly zone: string;
  readonly address: string;
  readonly port: number;
  readonly credential: string;
  readonly policy: SnmpPolicy;
  readonly depth: number;
  /** `tableDigest` of what the inventory knows of its interface table; null when nothing yet. */
  readonly digest: string | null;
}

/** An interface that is looked at when its device is asked; `objectId` is whose check it is: the interface itself, or a circuit. */
export interface ScheduledInterface {
  readonly key: number;
  readonly objectId: string;
  readonly device: string;
  /** The name the device has for it now. */
  readonly ifName: string;
}

/** How agents are asked, sealed as it is stored. */
export interface ScheduledCredential {
  readonly version: '1' | '2c' | '3';
  readonly sealed: string;
}

/** The inventory as it is to be watched now. */
export interface ScheduledInventory {
  readonly version: number;
  readonly partitions: number;
  /** By ICMP. */
  readonly checks: readonly ScheduledCheck[];
  /** By SNMP. */
  readonly agents: readonly ScheduledAgent[];
  readonly interfaces: readonly ScheduledInterface[];
  /** By id. */
  readonly credentials: ReadonlyMap<string, ScheduledCredential>;
  /** Zone → addresses that prove that it can see. */
  readonly anchors: ReadonlyMap<string, readonly string[]>;
}

/** Where the inventory comes from. `version` must be cheap: it is asked every second. */
export interface InventorySource {
  version(): Promise<number>;
  load(): Promise<ScheduledInventory>;
}

/** Depth of every object in the dependency graph: 0 without known parents. A cycle (the configuration refuses it) counts as no parent. */
export function depthsOf(parents: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const depths = new Map<string, number>();
  const underWay = new Set<string>();
  const stack: { id: string; next: number }[] = [];
  for (const root of parents.keys()) {
    if (depths.has(root)) continue;
    stack.push({ id: root, next: 0 });
    underWay.add(root);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const list = parents.get(top.id) ?? [];
      const parent = list[top.next++];
      if (parent === undefined) {
        depths.set(top.id, depthFrom(list, depths));
        underWay.delete(top.id);
        stack.pop();
      } else if (parents.has(parent) && !depths.has(parent) && !underWay.has(parent)) {
        underWay.add(parent);
        stack.push({ id: parent, next: 0 });
      }
    }
  }
  return depths;
}

function depthFrom(parents: readonly string[], depths: ReadonlyMap<string, number>): number {
  let depth = 0;
  for (const parent of parents) {
    const above = depths.get(parent);
    if (above !== undefined && above + 1 > depth) depth = above + 1;
  }
  return depth;
}
