import type { Interval, TimelineInput } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { type CalendarVersion, CountedTime } from './calendars.ts';
import { readFacts, timelineInput } from './facts.ts';
import type { Judged } from './judged.ts';

/**
 * Everything the timeline of each object over `[from, to)` is made of: planned work, reclassified time and, where a calendar is given, the
 * time it does not count. Objects that were never in commission in it are absent.
 */
export async function readTimelineInputs(
  db: Queryable,
  objects: readonly string[],
  period: Interval,
  judged: Judged,
  counting?: { readonly calendar: readonly CalendarVersion[]; readonly timeZone: string },
): Promise<Map<string, TimelineInput>> {
  const facts = await readFacts(db, objects, period, judged);
  const uncounted = counting === undefined ? [] : new CountedTime(counting.calendar, counting.timeZone, period).uncounted(period);
  return new Map([...facts].map(([id, one]) => [id, timelineInput(one, period, uncounted)]));
}
