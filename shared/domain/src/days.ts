import type { Interval } from './intervals.ts';

/** A local day of a time zone: its date (`YYYY-MM-DD`) and its bounds in epoch ms; 23 or 25 hours long when clocks change. */
export interface LocalDay extends Interval {
  readonly day: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  return format;
}

/** The local date at a moment. Throws RangeError on an unknown time zone. */
export function localDate(at: number, timeZone: string): string {
  return formatOf(timeZone).format(at).slice(0, 10);
}

/** How far local time is ahead of UTC at a moment, ms (to the second). */
function offsetAt(at: number, timeZone: string): number {
  const [date = '', time = ''] = formatOf(timeZone).format(at).split(', ');
  const second = Math.floor(at / 1000) * 1000;
  return Date.parse(`${date}T${time}Z`) - second;
}

/** The moment at which a local date begins. */
export function startOfLocalDate(day: string, timeZone: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`);
  const guess = utc - offsetAt(utc, timeZone);
  return utc - offsetAt(guess, timeZone);
}

function nextDate(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** The local days that lie whole in `[from, to)`, in order. */
export function wholeDays(from: number, to: number, timeZone: string): LocalDay[] {
  const days: LocalDay[] = [];
  let day = localDate(from, timeZone);
  let start = startOfLocalDate(day, timeZone);
  while (start < to) {
    const following = nextDate(day);
    const end = startOfLocalDate(following, timeZone);
    if (start >= from && end <= to) days.push({ day, from: start, to: end });
    day = following;
    start = end;
  }
  return days;
}
