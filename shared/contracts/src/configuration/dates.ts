/** The values of calendars and long periods: dates, ranges of dates, spans of a day, durations of days. */
import { z } from 'zod';
import { text } from './fault.ts';
import { refuse } from './values.ts';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const FIRST_YEAR = 1990;
const LAST_YEAR = 2199;
const DAY_MS = 86_400_000;
/** Days one range may name. */
const MAX_RANGE_DAYS = 400;

const dateExpected = text(
  `a date that exists, as YYYY-MM-DD, such as 2026-10-01 (${FIRST_YEAR} to ${LAST_YEAR})`,
  `确实存在的日期，形如 2026-10-01（${FIRST_YEAR} 至 ${LAST_YEAR} 年）`,
);

/** Days since 1970-01-01 of a date as it is written; null when there is no such day. */
export function dayNumber(written: string): number | null {
  const match = DATE.exec(written);
  if (match === null) return null;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const at = Date.UTC(year, month - 1, day);
  const exists = new Date(at).toISOString().slice(0, 10) === written;
  return exists && year >= FIRST_YEAR && year <= LAST_YEAR ? at / DAY_MS : null;
}

const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** A local date, `YYYY-MM-DD`. */
export const LocalDate = z.unknown().transform((value, ctx): string => {
  if (typeof value === 'string' && dayNumber(value.trim()) !== null) return value.trim();
  const looksLike = typeof value === 'string' && DATE.test(value.trim());
  return refuse(
    ctx,
    'bad-date',
    looksLike ? text('there is no such date', '没有这一天') : text('this is not a date', '不是日期'),
    dateExpected,
  );
});

/** `2026-10-01`, or `2026-10-01..2026-10-07` (both included), as the list of its dates. */
export const Dates = z.unknown().transform((value, ctx): string[] => {
  const [first = '', last = first, ...more] = typeof value === 'string' ? value.split('..').map((part) => part.trim()) : [];
  const from = dayNumber(first);
  const to = dayNumber(last);
  const expected = text(
    'a date such as 2026-10-01, or the first and last of several such as 2026-10-01..2026-10-07',
    '日期，如 2026-10-01；或起止日期，如 2026-10-01..2026-10-07',
  );
  if (from === null || to === null || more.length > 0) {
    const looksLike = [first, last].every((part) => DATE.test(part));
    return refuse(
      ctx,
      'bad-date',
      looksLike ? text('there is no such date', '没有这一天') : text('this is not a date', '不是日期'),
      expected,
    );
  }
  if (to < from) return refuse(ctx, 'bad-date', text('the last date is before the first', '结束日期早于开始日期'), expected);
  if (to - from >= MAX_RANGE_DAYS) {
    return refuse(
      ctx,
      'bad-date',
      text('this is a very long range', '日期范围过长'),
      text(`at most ${MAX_RANGE_DAYS} days`, `不超过 ${MAX_RANGE_DAYS} 天`),
    );
  }
  return Array.from({ length: to - from + 1 }, (_, i) => dateOf(from + i));
});

/** Minutes of a local day, `[from, to)`. */
export interface Minutes {
  readonly from: number;
  readonly to: number;
}

const SPAN = /^(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})$/;
const spanExpected = text(
  'a span of one day such as "08:30-12:00", from 00:00 to 24:00',
  '一天之内的时段，如 "08:30-12:00"，范围 00:00 至 24:00',
);

/** `08:30-12:00` as minutes of the day; a span does not go over midnight. */
export const DaySpan = z.unknown().transform((value, ctx): Minutes => {
  const match = typeof value === 'string' ? SPAN.exec(value.trim()) : null;
  if (match === null) return refuse(ctx, 'bad-span', text('this is not a span of time', '不是时段'), spanExpected);
  const [hour1, minute1, hour2, minute2] = match.slice(1).map(Number) as [number, number, number, number];
  const from = hour1 * 60 + minute1;
  const to = hour2 * 60 + minute2;
  if (minute1 > 59 || minute2 > 59 || from > 1440 || to > 1440) {
    return refuse(ctx, 'bad-span', text('there is no such time of day', '没有这个时刻'), spanExpected);
  }
  if (from < to) return { from, to };
  if (from === to) return refuse(ctx, 'bad-span', text('the span is empty', '时段为空'), spanExpected);
  return refuse(
    ctx,
    'span-over-midnight',
    text('the span goes over midnight', '时段跨越午夜'),
    text(
      `two spans: one that ends at 24:00, and on the next day one from 00:00 (an end of 00:00 is written 24:00)`,
      '拆为两段：当日至 24:00，次日自 00:00 起（结束于午夜写作 24:00）',
    ),
  );
});

/** `08:30-12:00` of minutes. */
export function spanText({ from, to }: Minutes): string {
  const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  return `${clock(from)}-${clock(to)}`;
}

/** The first two spans of one day that overlap, as their places in the list; null when none do. */
export function overlapOf(spans: readonly Minutes[]): readonly [number, number] | null {
  for (const [i, later] of spans.entries()) {
    const earlier = spans.findIndex((other, j) => j < i && other.from < later.to && later.from < other.to);
    if (earlier !== -1) return [earlier, i];
  }
  return null;
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS };
const LONG = /^(\d+(?:\.\d+)?)\s*(s|m|h|d)$/;

/** A duration that may be long, such as `5d`, `36h` or `5m`, as milliseconds; `0h` where nothing is waited for. */
export const LongDuration = z.unknown().transform((value, ctx): number => {
  const match = typeof value === 'string' ? LONG.exec(value.trim()) : null;
  const number = match === null ? Number.NaN : Math.round(Number(match[1]) * (UNITS[match[2] ?? ''] ?? Number.NaN));
  if (Number.isSafeInteger(number) && number <= MAX_RANGE_DAYS * DAY_MS) return number;
  const problem =
    typeof value === 'number'
      ? text('a duration has no unit', '时长缺少单位')
      : match === null
        ? text('this is not a duration', '不是时长')
        : text('this is a very long time', '时长过长');
  return refuse(
    ctx,
    'bad-duration',
    problem,
    text(
      `a number with a unit (s, m, h, d) such as "5d" or "6h", at most ${MAX_RANGE_DAYS}d`,
      `数字加单位（s、m、h、d），如 "5d"、"6h"，不超过 ${MAX_RANGE_DAYS}d`,
    ),
  );
});

/** A rolling period in whole days, such as `30d`. */
export const RollingDays = z.unknown().transform((value, ctx): number => {
  const match = typeof value === 'string' ? /^(\d{1,5})\s*d$/.exec(value.trim()) : null;
  const days = match === null ? 0 : Number(match[1]);
  if (days >= 1 && days <= 1100) return days;
  return refuse(
    ctx,
    'bad-rolling',
    text('this is not a number of days', '不是天数'),
    text('whole days such as "30d", from 1d to 1100d', '整天数，如 "30d"，范围 1d 至 1100d'),
  );
});
