import { addDays, dateAsUtc, localDate, startOfLocalDate, weekdayOf } from '../days.ts';
import type { Interval } from '../intervals.ts';
import { requireTimeZone } from '../zones.ts';

export const PERIOD_KINDS = ['day', 'week', 'month', 'quarter', 'half-year', 'year'] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** A calendar period of a time zone. Labels: `2018-07-01`, `2018-W27` (ISO 8601 week), `2018-07`, `2018-Q3`, `2018-H1`, `2018`. */
export interface Period extends Interval {
  readonly kind: PeriodKind;
  readonly label: string;
}

/** A period by its dates: the first, and the first after it. */
interface Dates {
  readonly first: string;
  readonly next: string;
  readonly label: string;
}

const MONTHS = { month: 1, quarter: 3, 'half-year': 6, year: 12 } as const;
const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** The first of a month, counted from month 0 of year 0. */
const firstOf = (month: number): string => `${pad(Math.floor(month / 12), 4)}-${pad((month % 12) + 1)}-01`;

function datesOf(kind: PeriodKind, day: string): Dates {
  if (kind === 'day') return { first: day, next: addDays(day, 1), label: day };
  if (kind === 'week') {
    const first = addDays(day, -weekdayOf(day));
    return { first, next: addDays(first, 7), label: weekLabel(first) };
  }
  const year = Number(day.slice(0, 4));
  const size = MONTHS[kind];
  const part = Math.floor((Number(day.slice(5, 7)) - 1) / size);
  const month = year * 12 + part * size;
  return { first: firstOf(month), next: firstOf(month + size), label: monthsLabel(kind, year, part + 1) };
}

function monthsLabel(kind: keyof typeof MONTHS, year: number, part: number): string {
  if (kind === 'year') return pad(year, 4);
  if (kind === 'month') return `${pad(year, 4)}-${pad(part)}`;
  return `${pad(year, 4)}-${kind === 'quarter' ? 'Q' : 'H'}${part}`;
}

/** A week belongs to the year of its Thursday (ISO 8601). */
function weekLabel(monday: string): string {
  const thursday = addDays(monday, 3);
  const dayOfYear = (dateAsUtc(thursday) - dateAsUtc(`${thursday.slice(0, 4)}-01-01`)) / 86_400_000;
  return `${thursday.slice(0, 4)}-W${pad(Math.floor(dayOfYear / 7) + 1)}`;
}

function periodOf(kind: PeriodKind, day: string, timeZone: string): Period {
  const { first, next, label } = datesOf(kind, day);
  return { kind, label, from: startOfLocalDate(first, timeZone), to: startOfLocalDate(next, timeZone) };
}

/** The period of a kind in which a moment lies. Throws RangeError on an unknown time zone. */
export function periodContaining(kind: PeriodKind, at: number, timeZone: string): Period {
  return periodOf(kind, localDate(at, timeZone), timeZone);
}

/** The period of the same kind that ended when this one began. */
export function previousPeriod(period: Period, timeZone: string): Period {
  return periodContaining(period.kind, period.from - 1, timeZone);
}

const LABELS: readonly { readonly kind: PeriodKind; readonly pattern: RegExp; first(year: string, part: number): string }[] = [
  { kind: 'day', pattern: /^((?:19|20|21)\d{2})-\d{2}-(\d{2})$/, first: () => '' },
  { kind: 'week', pattern: /^((?:19|20|21)\d{2})-W(\d{2})$/, first: (year, part) => addDays(`${year}-01-04`, (part - 1) * 7) },
  { kind: 'month', pattern: /^((?:19|20|21)\d{2})-(\d{2})$/, first: (year, part) => `${year}-${pad(part)}-01` },
  { kind: 'quarter', pattern: /^((?:19|20|21)\d{2})-Q([1-4])$/, first: (year, part) => `${year}-${pad(part * 3)}-01` },
  { kind: 'half-year', pattern: /^((?:19|20|21)\d{2})-H([12])$/, first: (year, part) => `${year}-${pad(part * 6)}-01` },
  { kind: 'year', pattern: /^((?:19|20|21)\d{2})()$/, first: (year) => `${year}-01-01` },
];

/** The period of the years 1900 to 2199 that a label names; null when it names none (`2018-13`, `2018-02-30`, `2019-W53`). Throws RangeError on an unknown time zone. */
export function parsePeriod(label: string, timeZone: string): Period | null {
  requireTimeZone(timeZone);
  for (const { kind, pattern, first } of LABELS) {
    const match = pattern.exec(label);
    if (!match) continue;
    const day = kind === 'day' ? label : first(match[1] as string, Number(match[2]));
    if (Number.isNaN(Date.parse(`${day}T00:00:00Z`))) return null;
    // What does not come back as it was written was none: the 30th of February is one of March to Date.parse.
    return datesOf(kind, addDays(day, 0)).label === label ? periodOf(kind, day, timeZone) : null;
  }
  return null;
}

/** The last `days` whole local days at a moment: they end with the day before its own. Throws RangeError unless `days` is a whole number from 1. */
export function rollingPeriod(days: number, at: number, timeZone: string): Interval {
  if (!Number.isInteger(days) || days < 1) throw new RangeError(`a rolling period of ${days} days: expected a whole number from 1`);
  const today = localDate(at, timeZone);
  return { from: startOfLocalDate(addDays(today, -days), timeZone), to: startOfLocalDate(today, timeZone) };
}
