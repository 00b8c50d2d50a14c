import type { ConditionOffset, ConditionState } from '@beacontower/database';
import { testName } from '@beacontower/domain';
import { Changes } from './changes.ts';
import type { Condition } from './condition.ts';
import type { SampleFollower } from './sample-follower.ts';
import { type StateFollower, turnTimes } from './state-follower.ts';
import { type Subject, subjectKey } from './subject.ts';
import { type ConditionInventory, SubjectTable } from './subject-table.ts';

/** Something that was remembered of a condition or an object that is gone: its incident, if it has one, is to end. */
export interface Orphan {
  readonly condition: string;
  readonly object: string;
  readonly incident: string | null;
  readonly resolution: 'retired' | 'unwatched';
}

export interface SessionParts {
  readonly states: StateFollower;
  /** Made when first needed. */
  readonly createSamples: () => SampleFollower;
  /** What the record remembers. */
  readonly saved: readonly ConditionState[];
  readonly offsets: ReadonlyMap<string, ConditionOffset>;
}

const NOTHING: ConditionInventory = { conditions: [], calendars: new Map(), objects: [], keys: new Map() };

/** What is known while the lease is held: a cache of the record and of the streams. */
export class Session {
  readonly changes = new Changes();
  readonly states: StateFollower;
  readonly #createSamples: () => SampleFollower;
  #table = new SubjectTable(NOTHING);
  #samples: SampleFollower | undefined;
  #saved: readonly ConditionState[];
  #offsets: ReadonlyMap<string, ConditionOffset>;
  #open = new Map<Condition, boolean>();
  #orphans: Orphan[] = [];

  constructor({ states, createSamples, saved, offsets }: SessionParts) {
    this.states = states;
    this.#createSamples = createSamples;
    this.#saved = saved;
    this.#offsets = offsets;
  }

  get table(): SubjectTable {
    return this.#table;
  }

  /** How far the streams were judged; null when no condition is about samples. */
  get offsets(): ReadonlyMap<string, ConditionOffset> | null {
    return this.#samples === undefined ? null : this.#samples.offsets();
  }

  takeOrphans(): readonly Orphan[] {
    return this.#orphans.splice(0);
  }

  /** Goes on with another inventory: what is remembered of the same condition, test and object stays. */
  async turnTo(inventory: ConditionInventory, now: number): Promise<void> {
    const before = this.#table;
    const table = new SubjectTable(inventory);
    const objects = new Set(inventory.objects.map(({ id }) => id));
    const conditions = new Set(inventory.conditions.map(({ id }) => id));
    const ending = (condition: string, object: string) => (conditions.has(condition) && !objects.has(object) ? 'retired' : 'unwatched');
    for (const subject of [...this.changes.afoot]) {
      const next = table.subjects.get(subjectKey(subject.condition.body.id, subject.object.id));
      if (next === undefined || subject.memory?.test !== testName(next.condition.body.test))
        this.changes.end(subject, now, ending(subject.condition.body.id, subject.object.id));
    }
    for (const [key, subject] of before.subjects) {
      const next = table.subjects.get(key);
      if (next !== undefined) this.changes.hand(subject, next);
    }
    for (const { condition, object, memory, incident } of this.#saved) {
      const subject = table.subjects.get(subjectKey(condition, object));
      if (subject !== undefined && memory.test === testName(subject.condition.body.test)) this.changes.recall(subject, memory, incident);
      else this.#orphans.push({ condition, object, incident, resolution: ending(condition, object) });
    }
    this.#saved = [];
    this.#table = table;
    this.#open = new Map();
    if (!table.needsSamples) this.#samples = undefined;
    await this.states.turnTo(table);
    turnTimes(table, this.#open, this.states, this.changes, now);
    this.states.begin(stateSubjects(table), this.changes, now);
  }

  /** Reads and judges samples; true when there may be more. Rejects when Redis does not answer. */
  async followSamples(): Promise<boolean> {
    if (!this.#table.needsSamples) return false;
    this.#samples ??= this.#createSamples();
    const isMore = await this.#samples.follow(this.#table, this.#offsets, this.states.states, this.changes);
    this.#offsets = new Map();
    return isMore;
  }

  /** Reads and judges states, then what the time makes of it; true when there may be more to read. */
  async followStates(now: number): Promise<boolean> {
    const isMore = await this.states.follow(this.#table, this.changes, now);
    turnTimes(this.#table, this.#open, this.states, this.changes, now);
    await this.states.elapse(this.changes, now);
    return isMore;
  }
}

function* stateSubjects(table: SubjectTable): Generator<Subject> {
  for (const subjects of table.byState.values()) yield* subjects;
}
