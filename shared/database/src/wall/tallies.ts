import { NO_TALLIES, type State, type StateTallies, type StateTally } from '@beacontower/domain';
import { type Scope, scopeCovers } from '../queries/conditions.ts';
import { type Believed, believes } from './believed.ts';
import type { KnownObject } from './known-objects.ts';

/** Objects that are counted together: landing devices, what carries the network beside them, and all else. Quiet ones are in none. */
export interface DivisionTallies {
  readonly landing: StateTallies;
  readonly carrying: StateTallies;
  readonly others: StateTallies;
}

export const NO_DIVISION: DivisionTallies = { landing: NO_TALLIES, carrying: NO_TALLIES, others: NO_TALLIES };

type Counting = Record<State, { -readonly [K in keyof StateTally]: StateTally[K] }>;

type Group = Record<keyof DivisionTallies, Counting>;

/** What is counted: the objects of the scope, those together whose divisions `groupOf` says the same of. */
export interface TallyQuestion {
  readonly scope: Scope;
  readonly believed: Believed;
  readonly groupOf: (division: string) => string;
}

/** How many objects are in which state, by their groups; each division is asked about once. What is not believed any more is unknown. */
export function tallyObjects(
  objects: Iterable<KnownObject>,
  { scope, believed, groupOf }: TallyQuestion,
): ReadonlyMap<string, DivisionTallies> {
  const groups = new Map<string, Group>();
  const divisions = new Map<string, Group | null>();
  for (const object of objects) {
    if (object.quiet) continue;
    let own = divisions.get(object.division);
    if (own === undefined) {
      own = scopeCovers(scope, object.division) ? groupAt(groups, groupOf(object.division)) : null;
      divisions.set(object.division, own);
    }
    if (own !== null) count(own[partOf(object)], object, believed);
  }
  return groups;
}

function groupAt(groups: Map<string, Group>, key: string): Group {
  const group = groups.get(key) ?? { landing: nothing(), carrying: nothing(), others: nothing() };
  groups.set(key, group);
  return group;
}

function partOf({ landing, class: of }: KnownObject): keyof DivisionTallies {
  if (landing) return 'landing';
  return of === 'backbone' || of === 'internet-exit' ? 'carrying' : 'others';
}

function count(into: Counting, object: KnownObject, believed: Believed): void {
  const { state, since } = object;
  const until = believes(believed, object);
  const tally = into[until === null ? state : 'unknown'];
  const at = until ?? since;
  tally.count++;
  if (at === null) return;
  if (tally.first === null || at < tally.first) tally.first = at;
  if (tally.last === null || at > tally.last) tally.last = at;
}

const none = () => ({ count: 0, first: null, last: null });
const nothing = (): Counting => ({ up: none(), degraded: none(), down: none(), unknown: none() });
