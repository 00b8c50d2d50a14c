import { STATES, type State } from '@beacontower/domain';
import type { Criteria, SortKey } from './criteria.ts';
import type { IndexStore } from './index-store.ts';

const MAINTENANCE = 1;
const QUIET = 2;

/** Rows that meet the criteria in their order, and how many each state has of those that meet all but the states asked for. */
export interface Found {
  readonly rows: Uint32Array;
  readonly counts: Readonly<Record<State, number>>;
}

/** The worst first: what is down, what is degraded, what nobody knows, what is well. */
const WORST_FIRST: readonly State[] = ['down', 'degraded', 'unknown', 'up'];
/**
 * Rank of a state; of a quiet object behind those of all others. Ports nobody uses are down by the thousand, and must not stand before what
 * opens incidents. What is well stands last, quiet or not.
 */
const WELL = 2 * WORST_FIRST.length;
const LOUD_RANK = STATES.map((state) => (state === 'up' ? WELL : WORST_FIRST.indexOf(state)));
const QUIET_RANK = STATES.map((state) => (state === 'up' ? WELL : WORST_FIRST.length + WORST_FIRST.indexOf(state)));

/**
 * Looks through every row. `nameRank` gives each row its place by name as the language orders it; null while that is not worked out yet
 * (then the rows keep the order they came in).
 */
export function find(store: IndexStore, criteria: Criteria, nameRank: Uint32Array | null): Found {
  const matches = matcher(store, criteria);
  const wanted = STATES.map((state) => criteria.states.length === 0 || criteria.states.includes(state));
  const counts = new Uint32Array(STATES.length);
  const rows = new Uint32Array(store.size);
  let found = 0;
  for (let row = 0; row < store.size; row += 1) {
    if (!matches(row)) continue;
    const state = store.state[row] ?? 0;
    counts[state] = (counts[state] ?? 0) + 1;
    if (wanted[state]) rows[found++] = row;
  }
  return {
    rows: ordered(rows.subarray(0, found), store, criteria, nameRank),
    counts: Object.fromEntries(STATES.map((state, place) => [state, counts[place] ?? 0])) as Record<State, number>,
  };
}

/** All criteria but the states. Every word of the text has to occur. */
function matcher(store: IndexStore, criteria: Criteria): (row: number) => boolean {
  const kinds = placesOf(store.kinds, (kind) => criteria.kinds.length === 0 || criteria.kinds.includes(kind));
  const classes = placesOf(store.classes, (name) => criteria.classes.length === 0 || criteria.classes.includes(name));
  const within = `${criteria.division}.`;
  const divisions = placesOf(store.divisions, (path) => criteria.division === '' || path === criteria.division || path.startsWith(within));
  const needles = criteria.text.toLowerCase().split(/\s+/).filter(Boolean);
  const { quiet, maintenance } = criteria;
  return (row) => {
    if (!kinds[store.kind[row] ?? 0] || !classes[store.class[row] ?? 0] || !divisions[store.division[row] ?? 0]) return false;
    const flags = store.flags[row] ?? 0;
    if (maintenance && (flags & MAINTENANCE) === 0) return false;
    if (quiet !== 'with' && ((flags & QUIET) !== 0) !== (quiet === 'only')) return false;
    const text = store.haystack[row] ?? '';
    for (const needle of needles) if (!text.includes(needle)) return false;
    return true;
  };
}

function placesOf(names: readonly string[], wanted: (name: string) => boolean): Uint8Array {
  return Uint8Array.from(names, (name) => (wanted(name) ? 1 : 0));
}

/** A key is one number a typed array sorts by itself, many times faster than by comparing: what to order by, then the place by name. */
const PLACES = 2 ** 18;
/** Seconds since 1970, until 2038: what is later is as new; what was never judged is 0. */
const SECONDS = 2 ** 31;

function ordered(rows: Uint32Array, store: IndexStore, { sort, descending }: Criteria, nameRank: Uint32Array | null): Uint32Array {
  const { of, most } = primaryOf(store, sort);
  const rowAt = nameRank === null ? null : inverse(nameRank);
  const keys = new Float64Array(rows.length);
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place] ?? 0;
    const primary = of(row);
    keys[place] = (descending ? most - primary : primary) * PLACES + (nameRank?.[row] ?? row);
  }
  keys.sort();
  if (descending && sort === 'name') keys.reverse();
  for (let place = 0; place < rows.length; place += 1) {
    const tie = (keys[place] ?? 0) % PLACES;
    rows[place] = rowAt?.[tie] ?? tie;
  }
  return rows;
}

function inverse(rank: Uint32Array): Uint32Array {
  const rows = new Uint32Array(rank.length);
  for (let row = 0; row < rank.length; row += 1) rows[rank[row] ?? 0] = row;
  return rows;
}

/** What to order by: a whole number for each row, from 0 to `most`. */
interface Primary {
  readonly of: (row: number) => number;
  readonly most: number;
}

function primaryOf(store: IndexStore, sort: SortKey): Primary {
  const { state, since, division, flags } = store;
  // Newest first; what was never judged last.
  const age = (row: number) => SECONDS - 1 - Math.min(SECONDS - 1, Math.floor((since[row] || 0) / 1000));
  switch (sort) {
    case 'state':
      return {
        of: (row) => {
          const ranks = ((flags[row] ?? 0) & QUIET) === 0 ? LOUD_RANK : QUIET_RANK;
          return (ranks[state[row] ?? 0] ?? WELL) * SECONDS + age(row);
        },
        most: (WELL + 1) * SECONDS,
      };
    case 'since':
      return { of: age, most: SECONDS };
    case 'name':
      return { of: () => 0, most: 0 };
    case 'division': {
      const places = placesByName(store.divisions);
      return { of: (row) => places[division[row] ?? 0] ?? 0, most: places.length };
    }
    case 'kind':
      return { of: (row) => store.kind[row] ?? 0, most: store.kinds.length };
    case 'class':
      return { of: (row) => store.class[row] ?? 0, most: store.classes.length };
  }
}

function placesByName(names: readonly string[]): Uint32Array {
  const rank = new Uint32Array(names.length);
  const order = names.map((_, place) => place).sort((a, b) => ((names[a] ?? '') < (names[b] ?? '') ? -1 : 1));
  for (const [position, place] of order.entries()) rank[place] = position;
  return rank;
}
