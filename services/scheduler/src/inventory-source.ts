import type { IcmpPolicy } from '@beacontower/domain';

/** One check as the scheduler needs it. */
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

/** The inventory as it is to be watched now. */
export interface ScheduledInventory {
  readonly version: number;
  readonly partitions: number;
  readonly checks: readonly ScheduledCheck[];
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
