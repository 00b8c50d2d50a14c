import type { CompositeVersion } from '@beacontower/database';

/** The composites there are, and whose members are whose. */
export class CompositeGraph {
  readonly #versions = new Map<string, readonly CompositeVersion[]>();
  /** Object → the composites that are made of it, in any of their versions. */
  #parents = new Map<string, Set<string>>();

  get size(): number {
    return this.#versions.size;
  }

  versionsOf(id: string): readonly CompositeVersion[] {
    return this.#versions.get(id) ?? [];
  }

  /** The composites that an object is directly a member of. */
  partsOf(object: string): ReadonlySet<string> {
    return this.#parents.get(object) ?? NONE;
  }

  /** Takes over changed composites. */
  replace(changes: ReadonlyMap<string, readonly CompositeVersion[]>): void {
    for (const [id, versions] of changes) this.#versions.set(id, versions);
    this.#parents = new Map();
    for (const [id, versions] of this.#versions) {
      for (const member of versions.flatMap(({ combination }) => combination.of)) {
        const parents = this.#parents.get(member) ?? new Set<string>();
        this.#parents.set(member, parents.add(id));
      }
    }
  }

  /** All that follows from changes of the given composites: they and the composites made of them, members before what is made of them. */
  inOrder(changed: Iterable<string>): string[] {
    const done = new Set<string>();
    const order: string[] = [];
    // Cycles are refused by the configuration; should there be one, each of it is computed once.
    const visit = (id: string): void => {
      if (done.has(id)) return;
      done.add(id);
      for (const parent of this.partsOf(id)) visit(parent);
      order.unshift(id);
    };
    for (const id of changed) visit(id);
    return order;
  }
}

const NONE: ReadonlySet<string> = new Set();
