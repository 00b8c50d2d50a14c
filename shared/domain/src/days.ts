import type { Interval } from './intervals.ts';
import { offsetAt, offsetSpans } from './zones.ts';

const DAY = 86_400_000;

/** A local day of a time zone: its date (`YYYY-MM-DD`) and its bounds in epoch ms; 23 or 25 hours long when clocks change. */
export interface LocalDay extends Interval {
  readonly day: string;
}

/** The local date at a moment, `YYYY-MM-DD`. Throws RangeError on an unknown time zone or a moment beyond what a date can be. */
export function localDate(at: number, timeZone: string): string {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 10);
}

/**
 * The moment at which a local date begins: the first that has this date or a later one, so that days never overlap. Midnight
 * may be skipped (the day begins with the step), and so may a whole date (it begins and ends with the step).
 */
export function startOfLocalDate(day: string, timeZone: string): number {
  const midnight = dateAsUtc(day);
  for (const span of offsetSpans(midnight - 2 * DAY, midnight + 2 * DAY, timeZone)) {
    const at = Math.max(span.from, midnight - span.offsetMs);
    if (at < span.to) return at;
  }
  throw new RangeError(`no beginning of ${day} in ${timeZone}`);
}

/** The date so many days later (or earlier). Throws RangeError on what is no date. */
export function addDays(day: string, days: number): string {
  return new Date(dateAsUtc(day) + days * DAY).toISOString().slice(0, 10);
}

/** Midnight of a date as if it were one of UTC, epoch ms. Throws RangeError on what is no date. */
export function dateAsUtc(day: string): number {
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(at)) throw new RangeError(`${JSON.stringify(day)} is no date: expected YYYY-MM-DD`);
  return at;
}

/** Monday is 0, Sunday is 6. */
export function weekdayOf(day: string): number {
  return (new Date(dateAsUtc(day)).getUTCDay() + 6) % 7;
}

/** The local days that lie whole in `[from, to)`, in order. */
export function wholeDays(from: number, to: number, timeZone: string): LocalDay[] {
  const days: LocalDay[] = [];
  if (!(to > from)) return days;
  let day = localDate(from, timeZone);
  let start = startOfLocalDate(day, timeZone);
  while (start < to) {
    const following = addDays(day, 1);
    const end = startOfLocalDate(following, timeZone);
    if (start >= from && end <= to && end > start) days.push({ day, from: start, to: end });
    day = following;
    start = end;
  }
  return days;
}
