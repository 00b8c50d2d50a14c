import {
  CORRELATOR_READER,
  type Database,
  hasUnreadLog,
  lastSequence,
  type ObservedState,
  readExplained,
  readObservedStates,
  readReader,
  readStateChanges,
} from '@beacontower/database';
import { elapse, elapsesAt, judgeState } from '@beacontower/domain';
import type { Changes } from './changes.ts';
import { type Condition, isJudgedAt } from './condition.ts';
import type { Subject } from './subject.ts';
import type { SubjectTable } from './subject-table.ts';

/** Behind a cut of a hundred thousand objects all of them wait: so many are asked about every few seconds, one at once. */
const LONGEST_PAUSE_MS = 5_000;

export interface StateFollowerOptions {
  readonly database: Database;
  /** Entries read in one go. */
  readonly logBatch: number;
  /** How long a state may wait for the correlation, ms. */
  readonly explainMs: number;
}

/** Follows the states of the objects that are judged through the ordered log, and what time alone changes. */
export class StateFollower {
  readonly #options: StateFollowerOptions;
  /** By object. */
  readonly states = new Map<string, ObservedState>();
  /** The last entry of the log that was read; null while nothing is judged. */
  #sequence: number | null;
  /** When an earlier process read last, epoch ms: what came since is in the log still; null once that is read. */
  #readUntil: number | null;
  #isCaughtUp = false;
  /** Until when those that wait for an explanation wait without being asked about again; epoch ms. */
  #askAgainAt = 0;

  /** @param place where reading stood when an earlier process ended. */
  constructor(options: StateFollowerOptions, place: { readonly sequence: number; readonly updatedAt: number } | null) {
    this.#options = options;
    this.#sequence = place?.sequence ?? null;
    this.#readUntil = place?.updatedAt ?? null;
  }

  get sequence(): number | null {
    return this.#sequence;
  }

  /** Takes up what another inventory has to be judged. */
  async turnTo(table: SubjectTable): Promise<void> {
    const { database } = this.#options;
    if (table.objects.size === 0) {
      this.#sequence = null;
      this.states.clear();
      return;
    }
    // The place first: what changes in between is read again, and changes nothing twice.
    this.#sequence ??= await lastSequence(database);
    for (const object of this.states.keys()) if (!table.objects.has(object)) this.states.delete(object);
    const missing = [...table.objects].filter((object) => !this.states.has(object));
    for (const [object, state] of await readObservedStates(database, missing)) this.states.set(object, state);
  }

  /** Judges states that are there already where nothing is remembered of them: of a new condition, of a time that begins. */
  begin(subjects: Iterable<Subject>, changes: Changes, now: number): void {
    for (const subject of subjects) {
      const { condition, object, memory } = subject;
      const seen = this.states.get(object.id);
      if (condition.state === null || memory !== null || seen === undefined || !isJudgedAt(condition, now)) continue;
      if (this.#readUntil !== null && seen.at > this.#readUntil) continue;
      const at = Math.max(seen.at, condition.judged?.since(now) ?? 0);
      changes.apply(subject, judgeState(condition.state, null, { state: seen.state, edge: { at, earliest: Math.min(at, seen.earliest) } }));
    }
  }

  /** Judges what the log tells since. True when there was as much as one read takes. */
  async follow(table: SubjectTable, changes: Changes, now: number): Promise<boolean> {
    if (this.#sequence === null) return false;
    const { database, logBatch } = this.#options;
    const { changes: seen, last, read } = await readStateChanges(database, this.#sequence, logBatch);
    for (const change of seen) {
      if (!table.objects.has(change.object)) continue;
      this.states.set(change.object, change);
      for (const subject of table.byState.get(change.object) ?? []) {
        const { condition } = subject;
        if (condition.state === null || !isJudgedAt(condition, now)) continue;
        elapseBefore(subject, change.at, changes);
        changes.apply(subject, judgeState(condition.state, subject.memory, { state: change.state, edge: change }));
      }
    }
    this.#sequence = last;
    this.#isCaughtUp = read < logBatch;
    if (this.#isCaughtUp) this.#readUntil = null;
    return !this.#isCaughtUp;
  }

  /** Raises and clears what only time was wanting for, once everything until now was read. */
  async elapse(changes: Changes, now: number): Promise<void> {
    let due = dueAt(changes.afoot, now);
    if (due.length === 0) return;
    // What is not read yet may say that it is over; but silence does not withhold for ever.
    const isRead = this.#isCaughtUp && !(await hasUnreadLog(this.#options.database));
    if (!isRead) due = dueAt(due, now - this.#options.explainMs);
    const waits = await this.#waiting(due, now);
    for (const subject of due) {
      const rule = subject.condition.state ?? subject.condition.restart;
      if (rule !== null && subject.memory !== null && !waits.has(subject)) changes.apply(subject, elapse(rule, subject.memory, now));
    }
  }

  /**
   * Those that are not raised yet: another object's outage explains theirs (one cut, one incident), or the correlation has not come so
   * far as to say. An object that opens no incident of its own (`quiet`) is explained by none.
   */
  async #waiting(due: readonly Subject[], now: number): Promise<ReadonlySet<Subject>> {
    const { database, explainMs } = this.#options;
    const asked = due.filter(({ condition, object, memory }) => condition.state && memory?.phase === 'rising' && object.quiet !== true);
    if (asked.length === 0 || now < this.#askAgainAt) return new Set(asked);
    this.#askAgainAt = now + Math.min(LONGEST_PAUSE_MS, asked.length);
    const correlated = (await readReader(database, CORRELATOR_READER))?.sequence ?? 0;
    const explained = await readExplained(
      database,
      asked.map(({ object }) => object.id),
    );
    const isUndecided = ({ condition, object, memory }: Subject): boolean =>
      (this.states.get(object.id)?.sequence ?? 0) > correlated && now < (memory?.since ?? 0) + condition.body.forMs + explainMs;
    return new Set(asked.filter((subject) => explained.has(subject.object.id) || isUndecided(subject)));
  }
}

/**
 * What came late lasted as long as it says: raised and over, or over and begun anew, between two passes. Of an object that opens
 * incidents of its own nobody can say any more whether its trouble was explained; that incident has it.
 */
function elapseBefore(subject: Subject, at: number, changes: Changes): void {
  const { condition, object, memory } = subject;
  if (condition.state === null || memory === null || (memory.phase === 'rising' && object.quiet !== true)) return;
  if ((elapsesAt(condition.state, memory) ?? Number.POSITIVE_INFINITY) <= at) changes.apply(subject, elapse(condition.state, memory, at));
}

function dueAt(subjects: Iterable<Subject>, at: number): Subject[] {
  return [...subjects].filter(({ condition, memory }) => {
    const rule = condition.state ?? condition.restart;
    return rule !== null && memory !== null && (elapsesAt(rule, memory) ?? Number.POSITIVE_INFINITY) <= at;
  });
}

/** Ends what is afoot of conditions whose judged time is over, and begins with those whose time begins. */
export function turnTimes(
  table: SubjectTable,
  open: Map<Condition, boolean>,
  follower: StateFollower,
  changes: Changes,
  now: number,
): void {
  for (const condition of table.conditions) {
    const isOpen = isJudgedAt(condition, now);
    // Before the first look it counts as open: what was left of an earlier process ends too.
    const wasOpen = open.get(condition) ?? true;
    open.set(condition, isOpen);
    if (isOpen === wasOpen) continue;
    if (isOpen) follower.begin(ofCondition(table.subjects.values(), condition), changes, now);
    else for (const subject of ofCondition(changes.afoot, condition)) changes.end(subject, now, 'unwatched');
  }
}

function ofCondition(subjects: Iterable<Subject>, condition: Condition): Subject[] {
  return [...subjects].filter((subject) => subject.condition === condition);
}
