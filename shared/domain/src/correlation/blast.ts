import { type DependencyGraph, neededParents } from './dependants.ts';

/** Whom the death of objects concerns, by the inventory: ids, in the order in which they were found. */
export interface Blast {
  /** Cannot be reached or used: the dead ones themselves first, then those without the parents they need. */
  readonly lost: readonly string[];
  /** Still served, with fewer ways than they have when all is well. */
  readonly redundancy: readonly string[];
}

/**
 * Follows the dependencies down from the dead objects. What is left with fewer parents than its rule needs is lost with them. Redundancy
 * alone is lost where a parent is lost that was not needed, and where too few parents that still have theirs are left: a unit behind a
 * site on one of its two lines hangs on one line. Parents that are not in the inventory do not count. What is `gone`
 * already (others' loss) is no way, and not lost again. Linear in the dependencies concerned.
 */
export function blastRadiusOf(graph: DependencyGraph, dead: ReadonlySet<string>, gone: (id: string) => boolean = () => false): Blast {
  const lost = spread(
    graph,
    [...dead].filter((id) => graph.objects.has(id)),
    gone,
  );
  const hurt = new Set<string>();
  for (const id of lost) for (const child of graph.children.get(id) ?? []) if (!lost.has(child) && !gone(child)) hurt.add(child);
  return { lost: [...lost], redundancy: [...spread(graph, [...hurt], (id) => lost.has(id) || gone(id))] };
}

/** Whatever has fewer parents outside `seeds`, what hangs on them, and what is `gone` than it needs; with the seeds. */
function spread(graph: DependencyGraph, seeds: readonly string[], gone: (id: string) => boolean): Set<string> {
  const reached = new Set(seeds);
  // How many parents are left: counted down, since an object may have thousands.
  const left = new Map<string, { needed: number; parents: number }>();
  // A set's iterator also visits what is added meanwhile.
  for (const id of reached) {
    for (const child of graph.children.get(id) ?? []) {
      if (reached.has(child) || gone(child)) continue;
      const count = left.get(child) ?? countOf(graph, child, gone);
      count.parents -= 1;
      left.set(child, count);
      if (count.parents < count.needed) reached.add(child);
    }
  }
  return reached;
}

function countOf(graph: DependencyGraph, id: string, gone: (id: string) => boolean): { needed: number; parents: number } {
  const object = graph.objects.get(id);
  const parents = object?.parents.filter((parent) => graph.objects.has(parent)) ?? [];
  const needed = object ? neededParents(object, parents.length) : 0;
  return { needed, parents: parents.filter((parent) => !gone(parent)).length };
}
