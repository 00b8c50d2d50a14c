import type { CounterMode, PollColumns } from './columns.ts';
import { initialModes, pollColumns } from './columns.ts';
import { Lacking } from './lacking.ts';
import type { Mapping } from './mapping.ts';
import type { InterfaceTable } from './names.ts';
import { Pace } from './pace.ts';
import type { Asked, Trouble } from './verdicts.ts';
import { type AnswerTime, UPTIME_JITTER } from './walk.ts';
import type { Conversation } from './wire/port.ts';

/** Why names have to be read (again). */
export type NamesDue = 'first' | 'restarted' | 'changed' | 'old';

/** sysUpTime as it was answered, and when (monotonic ms). */
export interface Heard {
  readonly uptime: number | null;
  readonly at: number;
}

/** What tells, between two polls, that ifIndexes still mean what they meant. */
export interface Sighting extends Heard {
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

const NEVER_HEARD: Heard = { uptime: null, at: 0 };
/** sysUpTime counts hundredths of a second. */
const TICK_MS = 10;
/** A device's clock and ours may differ by this much, and by this share of the time that passed, before that means something. */
const UPTIME_SLACK_MS = 5_000;
const UPTIME_DRIFT = 0.02;

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
  readonly lacking = new Lacking();
  /** sysUpTime when the device was last seen. */
  heard: Heard = NEVER_HEARD;
  #seen: Omit<Sighting, keyof Heard> | null = null;
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
    if (hasRestarted(this.heard, seen)) return 'restarted';
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
    this.saw(seen);
    this.#namesAt = now;
  }

  /** A poll saw this sysUpTime; what does not agree with it was dealt with. */
  saw({ uptime, at }: Heard): void {
    this.heard = { uptime, at };
  }

  /** Whether, as far as sysUpTime and ifTableLastChange tell, ifIndexes mean what they meant. */
  meansTheSame(heard: Heard, lastChange: number | null): boolean {
    return this.#seen !== null && !hasRestarted(this.heard, heard) && lastChange === this.#seen.lastChange;
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

/**
 * sysUpTime went back (its wrap after 497 days looks the same, and costs no more than reading the names once); or it went on, but it is
 * shorter than the time that passed and lacks some of it: one that restarts soon after a start may be further on when it is seen next.
 */
export function hasRestarted(before: Heard, now: Heard): boolean {
  if (before.uptime === null || now.uptime === null) return false;
  if (now.uptime + UPTIME_JITTER < before.uptime) return true;
  const elapsedMs = now.at - before.at;
  const slackMs = Math.max(UPTIME_JITTER * TICK_MS, Math.min(UPTIME_SLACK_MS, elapsedMs / 2)) + elapsedMs * UPTIME_DRIFT;
  return now.uptime * TICK_MS <= elapsedMs + slackMs && (now.uptime - before.uptime) * TICK_MS < elapsedMs - slackMs;
}

/** The sysUpTime of one answer of a walk; of none there is none. */
export function heardIn(answer: AnswerTime | undefined): Heard {
  return answer ? { uptime: answer.uptime, at: answer.receivedAt } : NEVER_HEARD;
}

/** Whether two tables have the same rows. */
export function sameRows(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
