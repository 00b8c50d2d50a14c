/** Times of day and local moments: when a shift begins, hours of quiet that go over midnight, the ends of a stand-in. */
import { z } from 'zod';
import { dayNumber, type Minutes } from './dates.ts';
import { text } from './fault.ts';
import { refuse } from './values.ts';

const MIDNIGHT = 1440;
const TIME = /^(\d{1,2}):(\d{2})$/;
const SPAN = /^(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})$/;

/** `08:30` as the minute of the day; null when there is no such time. 24:00 is the end of the day. */
function minuteOf(written: string): number | null {
  const match = TIME.exec(written);
  const [hour, minute] = match === null ? [Number.NaN, 0] : [Number(match[1]), Number(match[2])];
  const at = hour * 60 + minute;
  return minute <= 59 && at <= MIDNIGHT ? at : null;
}

/** A time of day such as `08:30`, as the minute of the day (0 to 1439). */
export const Minute = z.unknown().transform((value, ctx): number => {
  const at = typeof value === 'string' ? minuteOf(value.trim()) : null;
  if (at !== null && at < MIDNIGHT) return at;
  return refuse(
    ctx,
    'bad-time',
    text('this is not a time of day', '不是一天中的时刻'),
    text('a time from "00:00" to "23:59", in quotes', '"00:00" 至 "23:59" 的时刻，须加引号'),
  );
});

/** Hours of every day such as `22:00-07:00`: one that goes over midnight is two spans. */
export const NightSpan = z.unknown().transform((value, ctx): Minutes[] => {
  const match = typeof value === 'string' ? SPAN.exec(value.trim()) : null;
  const [from, to] = [minuteOf(match?.[1] ?? ''), minuteOf(match?.[2] ?? '')];
  if (from === null || to === null || from === to) {
    return refuse(
      ctx,
      'bad-span',
      from !== null && from === to ? text('the span is empty', '时段为空') : text('this is not a span of time', '不是时段'),
      text('hours of the day such as "22:00-07:00"', '一天中的时段，如 "22:00-07:00"'),
    );
  }
  if (from < to) return [{ from, to }];
  return [...(to === 0 ? [] : [{ from: 0, to }]), ...(from === MIDNIGHT ? [] : [{ from, to: MIDNIGHT }])];
});

/** A moment as a person writes it: in the time zone of the item, or with an offset of its own. */
export interface LocalMomentYaml {
  readonly date: string;
  readonly minute: number;
  /** Minutes east of UTC; null: the item's time zone says. */
  readonly offset: number | null;
}

const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2}:\d{2})(?::00(?:\.0+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/;

/** `2026-10-01`, `2026-10-01T08:00` (local), or `2026-10-01T08:00+08:00`. */
export const LocalMoment = z.unknown().transform((value, ctx): LocalMomentYaml => {
  const match = typeof value === 'string' ? MOMENT.exec(value.trim()) : null;
  const date = match?.[1] ?? '';
  const minute = minuteOf(match?.[2] ?? '00:00');
  const offset = offsetOf(match?.[3]);
  if (match !== null && dayNumber(date) !== null && minute !== null && minute < MIDNIGHT && offset !== undefined)
    return { date, minute, offset };
  return refuse(
    ctx,
    'bad-moment',
    match === null ? text('this is not a moment', '不是时刻') : text('there is no such moment', '没有这一时刻'),
    text(
      'a date, a local time such as 2026-10-01T08:00, or one with its offset such as 2026-10-01T08:00+08:00',
      '日期，当地时间如 2026-10-01T08:00，或带时差如 2026-10-01T08:00+08:00',
    ),
  );
});

/** Null without an offset, undefined for one that no place has. */
function offsetOf(written: string | undefined): number | null | undefined {
  if (written === undefined) return null;
  if (written === 'Z') return 0;
  const [hours, minutes] = [Number(written.slice(1, 3)), Number(written.slice(-2))];
  if (hours > 14 || minutes > 59) return undefined;
  return (written.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
