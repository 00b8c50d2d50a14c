import type { Transition } from '@beacontower/domain';

/** A transition in force, with the id of its row. */
export interface InForce {
  readonly id: number;
  readonly transition: Transition;
}

/** What has to change so that the record says what is wanted. */
export interface Difference {
  readonly superseded: readonly InForce[];
  readonly written: readonly Transition[];
}

/**
 * What of the record in force differs from what is wanted; both in the order of their edges. Transitions of one moment stand or fall
 * together, since among them the order of their rows decides.
 */
export function differenceOf(inForce: readonly InForce[], wanted: readonly Transition[]): Difference {
  const before = byMoment(inForce, (row) => row.transition);
  const after = byMoment(wanted, (transition) => transition);
  const superseded: InForce[] = [];
  const written: Transition[] = [];
  for (const at of [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b)) {
    const rows = before.get(at) ?? [];
    const transitions = after.get(at) ?? [];
    if (rows.length === transitions.length && rows.every((row, index) => says(row.transition, transitions[index] as Transition))) continue;
    superseded.push(...rows);
    written.push(...transitions);
  }
  return { superseded, written };
}

/** The same change with the same bounds; when it was found does not matter. */
function says(a: Transition, b: Transition): boolean {
  return (
    a.from === b.from &&
    a.to === b.to &&
    a.reason === b.reason &&
    a.edge.at === b.edge.at &&
    a.edge.earliest === b.edge.earliest &&
    a.edge.latest === b.edge.latest
  );
}

function byMoment<T>(items: readonly T[], transitionOf: (item: T) => Transition): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const { at } = transitionOf(item).edge;
    const group = groups.get(at);
    if (group) group.push(item);
    else groups.set(at, [item]);
  }
  return groups;
}
