import type { Calendar } from '../calendars/calendar.ts';
import { countedSpans } from '../calendars/counted.ts';
import { length } from '../intervals.ts';

const DAY = 86_400_000;
/** A calendar that counts too little in so long a time counts nothing to speak of. */
const LIMIT = 5 * 366 * DAY;

/**
 * The moment at which so much counted time has passed since `from`; without a calendar all time counts. It is the end of a counted
 * span rather than the beginning of the next. Null when the calendar does not count that much within five years.
 * Throws RangeError on an unknown time zone.
 */
export function countedDeadline(from: number, durationMs: number, calendar: Calendar | null, timeZone: string): number | null {
  if (calendar === null || durationMs <= 0) return from + Math.max(0, durationMs);
  let left = durationMs;
  let window = Math.max(7 * DAY, 2 * durationMs);
  for (let start = from; start < from + LIMIT; ) {
    const end = Math.min(start + window, from + LIMIT);
    for (const span of countedSpans(calendar, timeZone, start, end)) {
      if (span.to - span.from >= left) return span.from + left;
      left -= span.to - span.from;
    }
    start = end;
    window *= 2;
  }
  return null;
}

/** How much counted time lies in `[from, to)`, ms; without a calendar all of it. Throws RangeError on an unknown time zone. */
export function countedBetween(from: number, to: number, calendar: Calendar | null, timeZone: string): number {
  return length(countedSpans(calendar, timeZone, from, to));
}
