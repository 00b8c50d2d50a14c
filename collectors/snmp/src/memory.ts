import type { CounterMode, PollColumns } from './columns.ts';
import { initialModes, pollColumns } from './columns.ts';
import type { Mapping } from './mapping.ts';
import type { InterfaceTable } from './names.ts';
import { Pace } from './pace.ts';
import type { Asked, Trouble } from './verdicts.ts';
import { UPTIME_JITTER } from './walk.ts';
import type { Conversation } from './wire/port.ts';

/** Why names have to be read (again). */
export type NamesDue = 'first' | 'restarted' | 'changed' | 'old';

/** What tells, between two polls, that ifIndexes still mean what they meant. */
export interface Sighting {
  readonly uptime: number | null;
  readonly lastChange: number | null;
  readonly indexes: Uint32Array;
}

/** Values of the poll before whose change asks for a closer look. */
export interface Previous {
  readonly indexes: Uint32Array;
  readonly oper: Uint8Array;
  /** Errors and discards, column by column. */
  readonly watched: readonly Uint32Array[];
}

/** What is remembered of one device between its polls. Another collector may have polled it meanwhile: nothing here may rely on having seen all. */
export class DeviceMemory {
  readonly conversation: Conversation;
  readonly pace = new Pace();
  /** Its address and credential, to notice that they are others now. */
  readonly identity: string;
  readonly asked: Omit<Asked, 'answered' | 'outOfTime' | 'reading'>;
  readonly #namesEveryMs: number;
  /** `unknown` before the first answer and after the first silence: asked a small question, with patience. */
  standing: 'answers' | 'unknown' | 'silent' = 'unknown';
  modes: CounterMode[];
  columns: PollColumns;
  table: InterfaceTable | null = null;
  previous: Previous | null = null;
  mapping: Mapping | null = null;
  /** A table that had no end, until when (monotonic ms) it is not read again. */
  endless: { readonly trouble: Trouble; readonly until: number } | null = null;
  /** Whether 64-bit columns that lack rows are to be looked for in their 32-bit form. */
  modesOpen = true;
  /** The poll under way, so that two rounds never ask one device at once. */
  busy: Promise<unknown> = Promise.resolve();
  /** When the inventory was last told of the table, and how long to wait before it is told again. */
  told: { readonly digest: string; readonly at: number; readonly pauseMs: number } | null = null;
  /** sysUpTime when the device was last seen. */
  uptime: number | null = null;
  #seen: Omit<Sighting, 'uptime'> | null = null;
  #namesAt = 0;

  constructor(conversation: Conversation, identity: string, asked: DeviceMemory['asked'], namesEveryMs: number) {
    this.conversation = conversation;
    this.identity = identity;
    this.asked = asked;
    // Tables first read in one round are not all read again in one round.
    this.#namesEveryMs = namesEveryMs * (0.75 + 0.5 * Math.random());
    this.modes = initialModes(asked.version);
    this.columns = pollColumns(this.modes, false);
  }

  /** Whether names have to be read, and why; null: what is known still holds. */
  namesDue(seen: Sighting, now: number): NamesDue | null {
    if (!this.table || !this.#seen) return 'first';
    if (hasRestarted(this.uptime, seen.uptime)) return 'restarted';
    if (seen.lastChange !== this.#seen.lastChange || !sameRows(seen.indexes, this.#seen.indexes)) return 'changed';
    return this.namesOld(now) ? 'old' : null;
  }

  /** Names were read so long ago that they are read again though nothing seems to have changed. */
  namesOld(now: number): boolean {
    return now - this.#namesAt >= this.#namesEveryMs;
  }

  /** Names were read in a poll that saw this. */
  named(table: InterfaceTable, seen: Sighting, now: number): void {
    this.table = table;
    this.#seen = { lastChange: seen.lastChange, indexes: seen.indexes };
    this.uptime = seen.uptime;
    this.#namesAt = now;
  }

  /** A poll saw this sysUpTime; what does not agree with it was dealt with. */
  saw(uptime: number | null): void {
    this.uptime = uptime;
  }

  /** Whether, as far as sysUpTime and ifTableLastChange tell, ifIndexes mean what they meant. */
  meansTheSame(uptime: number | null, lastChange: number | null): boolean {
    return this.#seen !== null && !hasRestarted(this.uptime, uptime) && lastChange === this.#seen.lastChange;
  }

  /** What ifIndexes meant is not to be relied on. */
  forgetNames(): void {
    this.table = null;
    this.#seen = null;
    this.previous = null;
  }

  /** Another life may be another software: what was learned of the width of counters no longer counts. True when that was something. */
  forgetModes(): boolean {
    const initial = initialModes(this.asked.version);
    const learned = initial.some((mode, counter) => mode !== this.modes[counter]);
    this.setModes(initial, false);
    this.modesOpen = true;
    return learned;
  }

  setModes(modes: CounterMode[], hasDiscontinuity: boolean): void {
    this.modes = modes;
    this.columns = pollColumns(modes, hasDiscontinuity);
  }
}

/** sysUpTime went back. Its wrap after 497 days looks the same, and costs no more than reading the names once. */
export function hasRestarted(before: number | null, now: number | null): boolean {
  return before !== null && now !== null && now + UPTIME_JITTER < before;
}

/** Whether two tables have the same rows. */
export function sameRows(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
