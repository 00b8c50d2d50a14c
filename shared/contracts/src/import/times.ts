import { startOfLocalDate } from '@beacontower/domain';
import { type Text, text } from '../configuration/fault.ts';

const ZONED = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,3})?)?)\s*(Z|[+-]\d{2}:?\d{2})$/i;
const LOCAL = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?)?$/;

/** A moment in epoch ms, or why the text is none. */
export type ReadTime = { readonly at: number } | { readonly problem: Text; readonly expected: Text };

const EXPECTED = text(
  'a time such as 2018-03-01T08:00:00+08:00, or 2018-03-01 08:00:00 with --time-zone Asia/Shanghai',
  '时间，如 2018-03-01T08:00:00+08:00；或 2018-03-01 08:00:00，并以 --time-zone Asia/Shanghai 指明时区',
);
const NO_ZONE = {
  problem: text('a time without a time zone', '时间没有时区'),
  expected: text(
    'an offset (2018-03-01T08:00:00+08:00), or --time-zone Asia/Shanghai for all of them',
    '带时差（2018-03-01T08:00:00+08:00），或以 --time-zone Asia/Shanghai 统一指明',
  ),
};
const NONE = { problem: text('not a time', '不是时间'), expected: EXPECTED };
const NO_SUCH = {
  problem: text('there is no such day or hour', '没有这样的日期或时刻'),
  expected: text('a day of the calendar, and a time that the clocks of its zone showed', '日历上的日期，且为该时区钟面上出现过的时刻'),
};

/** What the rules of time zones are known for; a year beyond is a slip of the pen. */
const EARLIEST_YEAR = 1900;
const LATEST_YEAR = 2199;

/**
 * Reads a time with an offset, or a local one in `timeZone`; a date alone is its first moment. Of a local time that clocks showed twice the first
 * is taken; one that they skipped is none.
 */
export function readTime(value: string, timeZone: string | null): ReadTime {
  const written = value.trim();
  const zoned = ZONED.exec(written);
  if (zoned !== null) {
    const [, day = '', clock = '', offset = ''] = zoned;
    const at = Date.parse(`${day}T${clock.replace(',', '.')}${offset.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
    return isDay(day) && Number.isFinite(at) ? { at } : NO_SUCH;
  }
  const local = LOCAL.exec(written);
  if (local === null) return NONE;
  if (timeZone === null) return NO_ZONE;
  const at = momentOf(local, timeZone);
  return at === null ? NO_SUCH : { at };
}

function isDay(day: string): boolean {
  const year = Number(day.slice(0, 4));
  if (year < EARLIEST_YEAR || year > LATEST_YEAR) return false;
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(day);
}

/** By how much clocks are changed within a day: an hour, and half an hour on Lord Howe Island. */
const STEPS_MS = [0, -3_600_000, 3_600_000, -1_800_000, 1_800_000];

function momentOf(
  [, year = '', month = '', date = '', written, minute = '0', second = '0', fraction = '']: RegExpExecArray,
  timeZone: string,
): number | null {
  const hour = written ?? '0';
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  if (!isDay(day) || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 59) return null;
  if (Number(hour) === 24 && (Number(minute) > 0 || Number(second) > 0)) return null;
  const clock = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(fraction.padEnd(3, '0'));
  const midnight = startOfLocalDate(day, timeZone);
  // A date alone is its first moment, whatever the clocks showed then.
  if (written === undefined) return midnight;
  // Where the clocks were changed that day, the right one of the candidates shows the time asked for.
  for (const shift of STEPS_MS) {
    if (clockAt(midnight + clock + shift, timeZone) === clock % 86_400_000) return midnight + clock + shift;
  }
  return null;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function clockAt(at: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit', second: '2-digit' });
    formats.set(timeZone, format);
  }
  const [hour = 0, minute = 0, second = 0] = format.format(at).split(':').map(Number);
  return ((hour * 60 + minute) * 60 + second) * 1000 + (((at % 1000) + 1000) % 1000);
}
