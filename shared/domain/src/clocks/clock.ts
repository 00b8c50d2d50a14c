import type { Calendar } from '../calendars/calendar.ts';
import { countedDeadline } from './deadline.ts';

/** How soon somebody must answer for an incident of a severity, and how soon it must be repaired; `ClockBody` of the contracts parses to it. */
export interface ClockRules {
  readonly respondMs: number | null;
  readonly repairMs: number | null;
  /** Share of the time after which those responsible are warned; between 0 and 1. */
  readonly warnAt: number;
  /** Time counts only inside this calendar; null: always. */
  readonly calendar: { readonly id: string; readonly timeZone: string } | null;
}

/** Of one clock, epoch ms: when those responsible are warned, and when the time is up. */
export interface Deadline {
  readonly warnAt: number;
  readonly dueAt: number;
}

/** The deadlines of an incident; null: no clock runs, or its calendar never counts that much. */
export interface Deadlines {
  readonly respond: Deadline | null;
  readonly repair: Deadline | null;
}

/**
 * `running`; `warned`: the warning is past, the deadline is not; `met` in time; `late`: the deadline passed before it was met, and stays
 * late when it was met afterwards.
 */
export type ClockState = 'running' | 'warned' | 'met' | 'late';

/** What a clock shows. */
export interface ClockReading {
  /** Epoch ms. */
  readonly dueAt: number;
  readonly state: ClockState;
  /** When it was met, in time or late; null: not yet. */
  readonly metAt: number | null;
  /** Time of the wall clock, ms: until it is due, negative once late. Of one that was met: what was left then. */
  readonly leftMs: number;
}

/**
 * The deadlines of an incident that begins to count at `from`. A calendar that is not known counts always: rather too early than never.
 * Throws RangeError on an unknown time zone.
 */
export function deadlinesOf(rules: ClockRules, calendars: ReadonlyMap<string, Calendar>, from: number): Deadlines {
  const calendar = rules.calendar === null ? null : (calendars.get(rules.calendar.id) ?? null);
  const timeZone = rules.calendar?.timeZone ?? 'UTC';
  const deadline = (durationMs: number | null): Deadline | null => {
    if (durationMs === null) return null;
    const dueAt = countedDeadline(from, durationMs, calendar, timeZone);
    const warnAt = countedDeadline(from, Math.floor(durationMs * rules.warnAt), calendar, timeZone);
    return dueAt === null || warnAt === null ? null : { warnAt, dueAt };
  };
  return { respond: deadline(rules.respondMs), repair: deadline(rules.repairMs) };
}

/** What a clock shows at `now`; `metAt`: when somebody answered (or the cause was repaired), null: not yet. */
export function clockOf(deadline: Deadline, metAt: number | null, now: number): ClockReading {
  const { dueAt, warnAt } = deadline;
  const seen = metAt ?? now;
  return { dueAt, state: stateOf(seen, metAt !== null), metAt, leftMs: dueAt - seen };

  function stateOf(at: number, isMet: boolean): ClockState {
    if (at > dueAt) return 'late';
    if (isMet) return 'met';
    return at >= warnAt ? 'warned' : 'running';
  }
}
