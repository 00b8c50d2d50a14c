/**
 * Whether a message may go though others should go before it: when they wait for each other, one must begin. Messages that carry
 * several can come to that (each holds a later step of what the other holds an earlier step of). `waitsFor`: message → those it
 * waits for, of all that can be reached from it. Of those that wait for each other the first by id goes. Pure.
 */
export function goesFirst(id: string, waitsFor: ReadonlyMap<string, readonly string[]>): boolean {
  const circle = [...reachable(id, waitsFor)].filter((other) => reachable(other, waitsFor).has(id));
  // One it waits for that does not wait for it must go before it, circle or not.
  const outside = (waitsFor.get(id) ?? []).some((other) => !circle.includes(other));
  return circle.length > 0 && !outside && circle.every((other) => id <= other);
}

function reachable(from: string, waitsFor: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const left = [...(waitsFor.get(from) ?? [])];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    left.push(...(waitsFor.get(next) ?? []));
  }
  return found;
}
