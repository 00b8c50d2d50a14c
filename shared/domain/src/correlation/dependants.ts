import { type CorrelatedObject, isCause } from './world.ts';

/** The inventory's dependencies, to be asked downwards. */
export interface DependencyGraph {
  readonly objects: ReadonlyMap<string, CorrelatedObject>;
  /** Object → the objects that name it as a parent. */
  readonly children: ReadonlyMap<string, readonly string[]>;
}

export function createDependencyGraph(objects: Iterable<CorrelatedObject>): DependencyGraph {
  const byId = new Map<string, CorrelatedObject>();
  const children = new Map<string, string[]>();
  for (const object of objects) {
    byId.set(object.id, object);
    for (const parent of object.parents) {
      const list = children.get(parent);
      if (list) list.push(object.id);
      else children.set(parent, [object.id]);
    }
  }
  return { objects: byId, children };
}

/**
 * How many monitored objects that could alarm cannot be reached once `id` alone fails, by the inventory: those with another way are not among them.
 * Parents that are not in the inventory do not count, as in `judgePath`.
 */
export function countDependants(graph: DependencyGraph, id: string): number {
  const lost = new Set([id]);
  const open = [id];
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const child of graph.children.get(next) ?? []) {
      const object = graph.objects.get(child);
      if (!object || lost.has(child) || !isCutOff(graph, object, lost)) continue;
      lost.add(child);
      open.push(child);
      if (isCause(object)) count += 1;
    }
  }
  return count;
}

function isCutOff(graph: DependencyGraph, object: CorrelatedObject, lost: ReadonlySet<string>): boolean {
  const parents = object.parents.filter((parent) => graph.objects.has(parent));
  const left = parents.filter((parent) => !lost.has(parent)).length;
  return left < neededParents(object, parents.length);
}

/** How many of `total` parents an object needs to be reached. */
export function neededParents(object: CorrelatedObject, total: number): number {
  if (object.rule.require === 'all') return total;
  return Math.min(object.rule.require === 'any' ? 1 : object.rule.count, total);
}
