import type { Interval } from './intervals.ts';

/** A stretch of time in which a zone's clocks stay `offsetMs` ahead of UTC. */
export interface OffsetSpan extends Interval {
  readonly offsetMs: number;
}

const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const years = new Map<string, readonly OffsetSpan[]>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    try {
      format = new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', dateStyle: 'short', timeStyle: 'medium' });
    } catch {
      throw new RangeError(`unknown time zone ${JSON.stringify(timeZone)}: expected a name such as Asia/Shanghai`);
    }
    formats.set(timeZone, format);
  }
  return format;
}

/** Throws the RangeError that every function here throws on a time zone nobody knows. */
export function requireTimeZone(timeZone: string): void {
  formatOf(timeZone);
}

function ask(second: number, timeZone: string): number {
  const [date = '', time = ''] = formatOf(timeZone).format(second).split(', ');
  return Date.parse(`${date}T${time}Z`) - second;
}

/**
 * The offsets of a zone through a year of UTC, in order and without gaps. Looked for day by day: no zone has ever stepped
 * forth and back within one. Kept, since to ask costs microseconds and calendars ask often.
 */
function offsetsOfYear(year: number, timeZone: string): readonly OffsetSpan[] {
  const key = `${year} ${timeZone}`;
  const known = years.get(key);
  if (known) return known;
  const start = Date.UTC(year, 0, 1);
  const end = Date.UTC(year + 1, 0, 1);
  const spans: OffsetSpan[] = [];
  let from = start;
  let offsetMs = ask(start, timeZone);
  for (let day = start; day < end; day += DAY) {
    const next = Math.min(day + DAY, end);
    const after = ask(next, timeZone);
    if (after === offsetMs) continue;
    const step = stepBetween(day, next, timeZone);
    if (step >= end) break;
    spans.push({ from, to: step, offsetMs });
    from = step;
    offsetMs = after;
  }
  spans.push({ from, to: end, offsetMs });
  years.set(key, spans);
  return spans;
}

/** The first second of `(low, high]` that has another offset than `low`. */
function stepBetween(low: number, high: number, timeZone: string): number {
  const before = ask(low, timeZone);
  let [same, other] = [low / 1000, high / 1000];
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (ask(middle * 1000, timeZone) === before) same = middle;
    else other = middle;
  }
  return other * 1000;
}

/** The offsets of a zone in force in `[from, to)`, in order, cut to it. Throws RangeError on an unknown time zone. */
export function offsetSpans(from: number, to: number, timeZone: string): OffsetSpan[] {
  requireTimeZone(timeZone);
  const result: OffsetSpan[] = [];
  for (let year = new Date(from).getUTCFullYear(); Date.UTC(year, 0, 1) < to; year++) {
    for (const span of offsetsOfYear(year, timeZone)) {
      const cut = { from: Math.max(span.from, from), to: Math.min(span.to, to), offsetMs: span.offsetMs };
      if (cut.to > cut.from) result.push(cut);
    }
  }
  return result;
}

/** How far local time is ahead of UTC at a moment, ms. Throws RangeError on an unknown time zone. */
export function offsetAt(at: number, timeZone: string): number {
  requireTimeZone(timeZone);
  const spans = offsetsOfYear(new Date(at).getUTCFullYear(), timeZone);
  return (spans.find((span) => at < span.to) ?? (spans.at(-1) as OffsetSpan)).offsetMs;
}
