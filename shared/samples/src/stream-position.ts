import { compareStreamIds, type StreamState } from '@beacontower/queue';

/** Before the first entry of a stream. */
export const BEGINNING = '0';

/**
 * How far one stream was read and stored, and how many entries there were up to there: what the byte budget takes before it was
 * read shows as a gap in that count.
 */
export class StreamPosition {
  /** Id of the last entry read. */
  read: string;
  /** Id of the last entry stored. */
  stored: string;
  /** Entries ever added up to `read`; null while that is not known. */
  #passed: number | null;
  /** Entries ever added when the stream was last looked at. */
  #seen: number | null = null;

  constructor(offset: string, passed: number | null) {
    this.read = offset;
    this.stored = offset;
    this.#passed = passed;
  }

  get passed(): number | null {
    return this.#passed;
  }

  advance(id: string): void {
    this.read = id;
    if (this.#passed !== null) this.#passed++;
  }

  /** Entries that vanished unread, as far as can be seen now; each is told once. */
  reconcile(state: StreamState | null): number {
    if (state === null || state.added === null) return 0;
    const vanished = state.added - state.length;
    const unread = this.#passed === null || this.#seen === null ? 0 : Math.max(0, this.#seen - this.#passed);
    this.#seen = state.added;
    let lost = 0;
    if (compareStreamIds(state.lastId, this.read) < 0) {
      // Redis lost its data and counts from an earlier time: nothing after our offset would ever be read.
      lost = unread;
      this.read = BEGINNING;
      this.stored = BEGINNING;
      this.#passed = null;
    } else if (this.#passed !== null && state.added < this.#passed) {
      // Redis lost its data and counts anew. How much of the new was read already is deduced like at a start.
      lost = unread;
      this.#passed = null;
    }
    if (this.#passed === null) {
      this.#passed = this.#deduce(state, state.added, vanished);
      return lost;
    }
    const isAtEnd = compareStreamIds(state.lastId, this.read) === 0;
    const gone = Math.max(0, (isAtEnd ? state.added : vanished) - this.#passed);
    this.#passed += gone;
    return lost + gone;
  }

  /** Entries that wait to be read. */
  behind(state: StreamState | null): number {
    if (state === null) return 0;
    if (this.#passed === null || state.added === null) return compareStreamIds(state.lastId, this.stored) > 0 ? state.length : 0;
    return Math.max(0, state.added - this.#passed);
  }

  #deduce(state: StreamState, added: number, vanished: number): number | null {
    if (compareStreamIds(state.lastId, this.read) === 0) return added;
    const isAllAhead = state.firstId === null || compareStreamIds(state.firstId, this.read) > 0;
    return isAllAhead ? vanished : null;
  }
}
