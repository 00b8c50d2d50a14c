import { addDays, calendarHash, type Interval, type LocalDay, localDate, startOfLocalDate } from '@beacontower/domain';
import { type CalendarVersion, CountedTime } from './calendars.ts';

/** A local day of a month; `bit` is its place in `accounting_months.days`. */
export interface AccountedDay extends LocalDay {
  readonly bit: number;
  readonly countedMs: number;
}

/** A local month with its days; a date that a time zone skipped is none of them. */
export interface AccountedMonth extends Interval {
  /** year * 12 + (month of the year, from 0). */
  readonly month: number;
  readonly days: readonly AccountedDay[];
  /** Of its counted spans: rows with another one are worthless. */
  readonly hash: number;
  readonly counted: CountedTime;
}

/** The number of the local month of a date (`YYYY-MM-DD`). */
export function monthOf(date: string): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}

function firstOf(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}

/** The local months that `[from, to)` touches, whole, in order. */
export function monthsOf(span: Interval, timeZone: string, calendar: readonly CalendarVersion[]): AccountedMonth[] {
  if (!(span.to > span.from)) return [];
  const months: AccountedMonth[] = [];
  for (let month = monthOf(localDate(span.from, timeZone)); ; month++) {
    const from = startOfLocalDate(firstOf(month), timeZone);
    if (from >= span.to) return months;
    const to = startOfLocalDate(firstOf(month + 1), timeZone);
    const counted = new CountedTime(calendar, timeZone, { from, to });
    months.push({ month, from, to, days: daysOf(month, timeZone, counted), hash: calendarHash(counted.counted({ from, to })), counted });
  }
}

function daysOf(month: number, timeZone: string, counted: CountedTime): AccountedDay[] {
  const days: AccountedDay[] = [];
  const end = firstOf(month + 1);
  for (let day = firstOf(month); day < end; day = addDays(day, 1)) {
    const span = { from: startOfLocalDate(day, timeZone), to: startOfLocalDate(addDays(day, 1), timeZone) };
    if (span.to > span.from) days.push({ day, ...span, bit: Number(day.slice(8)) - 1, countedMs: counted.countedMs(span) });
  }
  return days;
}

/** The bits of the days that are wanted. */
export function bitsOf(days: readonly AccountedDay[], wanted: (day: AccountedDay) => boolean): number {
  return days.reduce((bits, day) => (wanted(day) ? bits | (1 << day.bit) : bits), 0);
}
