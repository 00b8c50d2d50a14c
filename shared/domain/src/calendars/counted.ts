import { addDays, dateAsUtc, localDate, weekdayOf } from '../days.ts';
import { type Interval, intersect, union } from '../intervals.ts';
import { type OffsetSpan, offsetSpans, requireTimeZone } from '../zones.ts';
import type { Calendar, LocalSpan } from './calendar.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * The time of `[from, to)` that a calendar counts, sorted and disjoint; `null` is the calendar "always". A moment counts when
 * the local clock then shows a date and a time of one of that date's spans. So a local time that does not exist counts from the
 * step on, and one that exists twice is counted both times. Throws RangeError on an unknown time zone and on a span that runs
 * backwards (over midnight: it is written as two, the second on the next day).
 */
export function countedSpans(calendar: Calendar | null, timeZone: string, from: number, to: number): Interval[] {
  requireTimeZone(timeZone);
  if (!(to > from)) return [];
  if (calendar === null) return [{ from, to }];
  const special = new Map(calendar.dates.map(({ date, spans }) => [date, spans]));
  const offsets = offsetSpans(from, to, timeZone);
  const result: Interval[] = [];
  // A step back over midnight makes the clock show the date before once more: one date further is looked at on both sides.
  const last = addDays(localDate(to - 1, timeZone), 1);
  for (let day = addDays(localDate(from, timeZone), -1); day <= last; day = addDays(day, 1)) {
    const spans = special.get(day) ?? calendar.week[weekdayOf(day)] ?? [];
    for (const span of spans) result.push(...momentsOf(day, checked(span, calendar.id, day), offsets));
  }
  return intersect(union(result), [{ from, to }]);
}

function checked(span: LocalSpan, calendar: string, day: string): LocalSpan {
  if (span.from >= 0 && span.from <= span.to && span.to <= 1440) return span;
  throw new RangeError(
    `calendar ${calendar}, ${day}: a span from minute ${span.from} to ${span.to}; expected 0 <= from <= to <= 1440 (over midnight: two spans)`,
  );
}

/** When the local clock shows a time of this span on this date. */
function momentsOf(day: string, span: LocalSpan, offsets: readonly OffsetSpan[]): Interval[] {
  const midnight = dateAsUtc(day);
  return offsets
    .filter((offset) => offset.to > midnight - 2 * DAY && offset.from < midnight + 3 * DAY)
    .map((offset) => ({
      from: Math.max(offset.from, midnight + span.from * MINUTE - offset.offsetMs),
      to: Math.min(offset.to, midnight + span.to * MINUTE - offset.offsetMs),
    }))
    .filter((moments) => moments.to > moments.from);
}

/** A number that is another for other counted spans (FNV-1a over their bounds, as an int32): what is kept by it is known to be stale. */
export function calendarHash(spans: readonly Interval[]): number {
  let hash = 0x811c9dc5;
  for (const span of spans) {
    for (const bound of [span.from, span.to]) {
      const text = String(bound);
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      hash = Math.imul(hash ^ 0x2c, 0x01000193);
    }
  }
  return hash | 0;
}
