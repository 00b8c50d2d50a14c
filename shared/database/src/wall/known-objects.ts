import { OBJECT_CLASSES, OBJECT_KINDS, type ObjectClass, type ObjectKind, STATES, type State } from '@beacontower/domain';
import { lastSequence } from '../log.ts';
import type { Queryable } from '../pool.ts';
import { type Resolutions, resolutionsOf } from './believed.ts';
import { type KnownRow, readChangedSubjects, readObjectColumns, readStateColumns, readStatesOf } from './known-rows.ts';

/** Of everything that is read at all, all is read again after this long: what no entry of the log tells (a history that is taken in) is seen then. */
const WHOLE_MS = 30_000;
/** So many changed at once that reading all is no dearer. */
const MANY = 20_000;

/** An object as it is now, as much as walls and lists ask of every one there is. */
export interface KnownObject {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly division: string;
  readonly kind: ObjectKind;
  readonly class: ObjectClass;
  /** Its trouble is recorded and opens no incident. */
  readonly quiet: boolean;
  /** The device by which the backbone reaches a province. */
  readonly landing: boolean;
  /** The other node that it is of, and that judges it; null: this one. */
  readonly node: string | null;
  /** ICMP says of it whether it is up; null: that was never told. */
  readonly pinged: boolean | null;
  /** The longest outage its checks can miss, ms; of a device also that of its agent. */
  readonly resolutionMs: number;
  readonly agentMs: number;
  readonly state: State;
  /** Epoch ms; null: never judged. */
  readonly since: number | null;
}

type Mutable = { -readonly [K in keyof KnownObject]: KnownObject[K] };

/**
 * Every current object with its state, kept in memory: going through a hundred thousand here takes some milliseconds, asking the database
 * for them half a second of both. Read whole once (some tens of megabytes); from then on the rows of the inventory that are
 * new, and the states of those of which the ordered log tells something, given its sequence yet or not.
 */
export class KnownObjects {
  readonly #db: Queryable;
  /** Monotonic, ms. */
  readonly #clock: () => number;
  readonly #objects = new Map<string, Mutable>();
  /** One copy of each division and node there is. */
  readonly #divisions = new Map<string, string>();
  #resolutions: Resolutions | undefined;
  #lastRow = 0;
  #sequence = 0;
  #wholeAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(db: Queryable, clock: () => number) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Those there are, with all that was committed before the call. They go on changing: to be gone through without waiting for anything. */
  async read(): Promise<Iterable<KnownObject> & { readonly size: number }> {
    await this.#latest();
    const { size } = this.#objects;
    return { size, [Symbol.iterator]: () => this.#objects.values() };
  }

  /** As of the last reading. */
  get resolutions(): Resolutions {
    this.#resolutions ??= resolutionsOf(this.#objects.values());
    return this.#resolutions;
  }

  // A reading under way may be past what the caller must see: whoever asks meanwhile shares the next one.
  #latest(): Promise<void> {
    this.#next ??= (this.#reading ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#reading = this.#next;
        this.#next = undefined;
        return this.#read();
      });
    return this.#next;
  }

  async #read(): Promise<void> {
    const appeared = await this.#readObjects();
    // Before the states: what came meanwhile may be in them, what came before is.
    const last = await lastSequence(this.#db);
    if (!(await this.#readChanged(appeared, last))) await this.#readAll();
    this.#sequence = last;
  }

  /** The ids of objects that were not there before. */
  async #readObjects(): Promise<string[]> {
    const rows = await readObjectColumns(this.#db, this.#lastRow);
    if (rows.length === 0) return [];
    const appeared: string[] = [];
    for (const told of rows) {
      this.#lastRow = told.row;
      // A changed object has two rows: the end of what was, and what is. The second has the higher number.
      if (!told.here) continue;
      const known = this.#objects.get(told.id);
      if (known === undefined) appeared.push(told.id);
      this.#objects.set(told.id, this.#made(told, known));
    }
    const last = new Map(rows.map(({ id, here }) => [id, here]));
    for (const [id, here] of last) if (!here) this.#objects.delete(id);
    this.#resolutions = undefined;
    return appeared;
  }

  /** False: too many, or it is time to read all. */
  async #readChanged(appeared: readonly string[], last: number): Promise<boolean> {
    const tooMany = appeared.length > MANY || last - this.#sequence > MANY || last < this.#sequence;
    if (tooMany || this.#clock() - this.#wholeAt >= WHOLE_MS) return false;
    const changed = await readChangedSubjects(this.#db, this.#sequence, last, MANY + 1);
    if (changed.length > MANY) return false;
    const ids = [...new Set([...appeared, ...changed])];
    const states = await readStatesOf(this.#db, ids);
    for (const id of ids) this.#put(id, states.get(id));
    return true;
  }

  async #readAll(): Promise<void> {
    const begun = this.#clock();
    const groups = await readStateColumns(this.#db);
    for (const object of this.#objects.values()) {
      object.state = 'unknown';
      object.since = null;
    }
    for (const { state, subjects, sinces } of groups) {
      for (let place = 0; place < subjects.length; place++) this.#put(subjects[place] as string, { state, since: sinces[place] as number });
    }
    this.#wholeAt = begun;
  }

  #put(id: string, said: { readonly state: State; readonly since: number } | undefined): void {
    const object = this.#objects.get(id);
    if (object === undefined) return;
    object.state = STATES.find((state) => state === said?.state) ?? 'unknown';
    object.since = said?.since ?? null;
  }

  // Field by field, and each word the same string wherever it stands: what is spread and parsed is gone through ten times as slowly.
  #made(told: KnownRow, known: KnownObject | undefined): Mutable {
    return {
      id: told.id,
      name: told.name,
      nameEn: told.nameEn,
      division: this.#one(told.division),
      kind: OBJECT_KINDS.find((kind) => kind === told.kind) ?? told.kind,
      class: OBJECT_CLASSES.find((each) => each === told.class) ?? told.class,
      quiet: told.quiet,
      landing: told.landing,
      node: told.node === null ? null : this.#one(told.node),
      pinged: told.pinged,
      resolutionMs: told.resolutionMs,
      agentMs: told.agentMs,
      state: known?.state ?? 'unknown',
      since: known?.since ?? null,
    };
  }

  #one(division: string): string {
    const known = this.#divisions.get(division);
    if (known !== undefined) return known;
    this.#divisions.set(division, division);
    return division;
  }
}
