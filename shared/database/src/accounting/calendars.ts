import { CalendarBody } from '@beacontower/contracts';
import { type Calendar, countedSpans, type Interval, intersect, length, subtract, union } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';

/** The id of the calendar that counts all time; it is in no inventory. */
export const ALWAYS = 'always';

/** A calendar as it was in `[from, to)`; null counts all time. */
export interface CalendarVersion extends Interval {
  readonly calendar: Calendar | null;
}

const EVER: Interval = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };

/** One calendar for all time: "always" (null), or a calendar as it stood when a period was closed. */
export function unchangingCalendar(calendar: Calendar | null): CalendarVersion[] {
  return [{ ...EVER, calendar }];
}

/**
 * The versions of a calendar, each for the time it was in force; the first also before it was written, the last also after it was
 * retired, so that every moment has one. Throws RangeError when there never was such a calendar.
 */
export async function readCalendar(db: Queryable, id: string): Promise<CalendarVersion[]> {
  if (id === ALWAYS) return unchangingCalendar(null);
  const { rows } = await db.query<{ body: unknown; from: number }>(
    `SELECT body, valid_from AS from FROM inventory WHERE entity = 'calendar' AND id = $1 AND superseded_at IS NULL ORDER BY valid_from`,
    [id],
  );
  if (rows.length === 0) throw new RangeError(`there is no calendar "${id}": expected "always" or the id of a calendar of the inventory`);
  return rows.map((row, index) => ({
    from: index === 0 ? EVER.from : row.from,
    to: rows[index + 1]?.from ?? EVER.to,
    calendar: CalendarBody.parse(row.body),
  }));
}

/** The counted time of `[from, to)` by the version of each moment. */
export function countedBy(versions: readonly CalendarVersion[], timeZone: string, span: Interval): Interval[] {
  const counted = versions.flatMap((version) => {
    const [part] = intersect([version], [span]);
    return part === undefined ? [] : countedSpans(version.calendar, timeZone, part.from, part.to);
  });
  return union(counted);
}

/** Which time does not count, for as long as it is asked about: computed once and shared by all objects. */
export class CountedTime {
  readonly #counted: readonly Interval[];
  readonly #uncounted: readonly Interval[];

  /** Of `[from, to)`; what lies outside is not to be asked about. */
  constructor(versions: readonly CalendarVersion[], timeZone: string, span: Interval) {
    this.#counted = countedBy(versions, timeZone, span);
    this.#uncounted = subtract(span.to > span.from ? [span] : [], this.#counted);
  }

  counted(span: Interval): Interval[] {
    return span.to > span.from ? intersect(this.#counted, [span]) : [];
  }

  countedMs(span: Interval): number {
    return length(this.counted(span));
  }

  uncounted(span: Interval): Interval[] {
    return span.to > span.from ? intersect(this.#uncounted, [span]) : [];
  }
}
