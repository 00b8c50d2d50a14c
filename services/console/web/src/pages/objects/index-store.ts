import type { ObjectIndex } from '@beacontower/contracts';
import { STATES, type State } from '@beacontower/domain';
import type { Language } from '../../i18n/language.tsx';

/** Bits of `flags` in the index (INDEX_FLAGS of the contracts, which a page must not load: it brings the schemas with it). */
const MAINTENANCE = 1;
const QUIET = 2;
const UNOBSERVED = 4;

/** One object of the list, as a row shows it. */
export interface IndexedObject {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly kind: string;
  readonly class: string;
  readonly division: string;
  readonly state: State;
  /** Epoch ms; null: not judged yet. */
  readonly since: number | null;
  readonly maintenance: boolean;
  readonly quiet: boolean;
  /** The node that judges it is not heard. */
  readonly unobserved: boolean;
}

/**
 * Every object in columns, ready to be searched: 100,000 of them are looked through between two key strokes. Rows are numbered as they
 * came. States change in place (`patch`); a new version number tells that they did.
 */
export interface IndexStore {
  readonly size: number;
  /** Live events up to this one are in it. */
  readonly sequence: number;
  readonly truncated: boolean;
  readonly kinds: readonly string[];
  readonly classes: readonly string[];
  readonly divisions: readonly string[];
  readonly id: readonly string[];
  readonly name: readonly string[];
  readonly nameEn: readonly (string | null)[];
  readonly kind: Uint8Array;
  readonly class: Uint8Array;
  readonly division: Uint32Array;
  /** Places in `STATES`. */
  readonly state: Uint8Array;
  /** Epoch ms; not a number: not judged yet. */
  readonly since: Float64Array;
  readonly flags: Uint8Array;
  /** Names and id in small letters, what is searched. */
  readonly haystack: readonly string[];
  readonly rowOf: ReadonlyMap<string, number>;
  /** Rows that were shown, as they were made: the same one is the same object, and is not drawn anew. */
  readonly shown: Map<number, IndexedObject>;
}

/** More rows than that are not kept: a page up makes some again. */
const SHOWN = 5_000;
const BEYOND: IndexedObject = {
  id: '',
  name: '',
  nameEn: null,
  kind: '',
  class: '',
  division: '',
  state: 'unknown',
  since: null,
  maintenance: false,
  quiet: false,
  unobserved: false,
};

/** Makes the columns of an answer ready. */
export function storeOf(index: ObjectIndex): IndexStore {
  const places = index.states.map((state) => Math.max(0, (STATES as readonly string[]).indexOf(state)));
  return {
    size: index.id.length,
    sequence: index.sequence,
    truncated: index.truncated,
    kinds: index.kinds,
    classes: index.classes,
    divisions: index.divisions,
    id: index.id,
    name: index.name,
    nameEn: index.nameEn,
    kind: Uint8Array.from(index.kind),
    class: Uint8Array.from(index.class),
    division: Uint32Array.from(index.division),
    state: Uint8Array.from(index.state, (place) => places[place] ?? STATES.indexOf('unknown')),
    since: Float64Array.from(index.since, (since) => since ?? Number.NaN),
    flags: Uint8Array.from(index.flags),
    haystack: index.name.map((name, row) => `${name}\n${index.nameEn[row] ?? ''}\n${index.id[row]}`.toLowerCase()),
    rowOf: new Map(index.id.map((id, row) => [id, row])),
    shown: new Map(),
  };
}

/** The row as it is now, the same object until it changes; beyond the last an empty one. */
export function objectAt(store: IndexStore, row: number): IndexedObject {
  const before = store.shown.get(row);
  if (before !== undefined) return before;
  const made = makeRow(store, row);
  if (store.shown.size >= SHOWN) store.shown.clear();
  store.shown.set(row, made);
  return made;
}

function makeRow(store: IndexStore, row: number): IndexedObject {
  const id = store.id[row];
  if (id === undefined) return BEYOND;
  const since = store.since[row] ?? Number.NaN;
  const flags = store.flags[row] ?? 0;
  return {
    id,
    name: store.name[row] ?? id,
    nameEn: store.nameEn[row] ?? null,
    kind: store.kinds[store.kind[row] ?? 0] ?? '',
    class: store.classes[store.class[row] ?? 0] ?? '',
    division: store.divisions[store.division[row] ?? 0] ?? '',
    state: STATES[store.state[row] ?? STATES.indexOf('unknown')] ?? 'unknown',
    since: Number.isNaN(since) ? null : since,
    maintenance: (flags & MAINTENANCE) !== 0,
    quiet: (flags & QUIET) !== 0,
    unobserved: (flags & UNOBSERVED) !== 0,
  };
}

/** The name of every row in a language. */
export function namesIn({ name, nameEn }: Pick<IndexStore, 'name' | 'nameEn'>, language: Language): readonly string[] {
  return language === 'en' ? name.map((each, row) => nameEn[row] ?? each) : name;
}

/** A change of state told by a live event. */
export interface StateChange {
  readonly sequence: number;
  readonly object: string;
  readonly to: State;
  /** Epoch ms. */
  readonly at: number;
}

/** Puts a live change into the columns; false when it is older than they are, says nothing new, or is of an object not in the list. */
export function patch(store: IndexStore, change: StateChange): boolean {
  if (change.sequence <= store.sequence) return false;
  const row = store.rowOf.get(change.object);
  const place = STATES.indexOf(change.to);
  if (row === undefined || store.state[row] === place) return false;
  store.state[row] = place;
  store.since[row] = change.at;
  store.shown.delete(row);
  return true;
}
