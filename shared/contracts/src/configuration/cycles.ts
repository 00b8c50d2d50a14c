/**
 * Every cycle of dependencies once: the nodes of each, in order, the first one not repeated at the end. Iterative, so that a chain of
 * a hundred thousand does not end the stack. Each edge that closes a cycle is reported with the way that leads back to it, up to
 * `limit` of them: in a hopeless tangle there are more than anybody could read.
 */
export function findCycles(parentsOf: ReadonlyMap<string, readonly string[]>, limit = 100): string[][] {
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[][] = [];
  for (const root of parentsOf.keys()) {
    if (state.has(root)) continue;
    const way: { id: string; next: number }[] = [{ id: root, next: 0 }];
    state.set(root, 'open');
    while (way.length > 0) {
      const top = way.at(-1);
      if (top === undefined) break;
      const parent = parentsOf.get(top.id)?.[top.next++];
      if (parent === undefined) {
        state.set(top.id, 'done');
        way.pop();
      } else if (!state.has(parent)) {
        state.set(parent, 'open');
        way.push({ id: parent, next: 0 });
      } else if (state.get(parent) === 'open' && cycles.length < limit) {
        cycles.push(way.slice(way.findIndex((step) => step.id === parent)).map((step) => step.id));
      }
    }
  }
  return cycles;
}
