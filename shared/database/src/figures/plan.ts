/** How a period is put together: whole months of rows, whole days of a month, and what is less than a day. Pure. */
import type { Interval } from '@beacontower/domain';
import { type AccountedMonth, bitsOf, type CalendarVersion, CountedTime, monthsOf, type Scheme } from '../accounting/index.ts';

/** A stretch that is the same for every object that was up all through it. */
export interface Piece extends Interval {
  readonly countedMs: number;
}

/** Days of a month of which only these are asked. */
export interface MonthPart {
  readonly month: AccountedMonth;
  /** Days that must be accounted: the whole ones and those an edge lies in. */
  readonly needed: number;
  /** Whole days, in order. */
  readonly days: readonly { readonly day: string; readonly totalMs: number; readonly countedMs: number }[];
  /** The stretch of the whole days. */
  readonly whole: Piece | null;
  /** Stretches of less than a day, with the day each lies in. */
  readonly edges: readonly (Piece & { readonly day: string })[];
}

export interface FigurePlan extends Interval {
  /** Months whose rows are summed as they are, in order, without gaps; `latestBits` are the last one's days when it is not over. */
  readonly months: readonly AccountedMonth[];
  readonly monthsSpan: Interval | null;
  readonly latestBits: number;
  readonly parts: readonly MonthPart[];
  /** What has not been accounted yet. */
  readonly tail: Piece | null;
  readonly counted: CountedTime;
}

/** Plans `[from, to)`; without a scheme nothing of it has been accounted. */
export function planFigure(
  period: Interval,
  scheme: Scheme | undefined,
  calendar: readonly CalendarVersion[],
  timeZone: string,
): FigurePlan {
  const { from, to } = period;
  const until = Math.max(from, Math.min(to, scheme?.accountedUntil ?? from));
  const counted = new CountedTime(calendar, timeZone, period);
  const touched = scheme === undefined ? [] : monthsOf({ from, to: until }, scheme.timeZone, calendar);
  const whole = touched.filter((month) => month.from >= from && (month.to <= until || until === scheme?.accountedUntil));
  const [first, last] = [whole[0], whole.at(-1)];
  const end = last === undefined ? 0 : Math.min(last.to, until);
  return {
    from,
    to,
    months: whole,
    monthsSpan: first === undefined ? null : { from: first.from, to: end },
    latestBits: bitsOf(last?.days ?? [], (day) => day.to <= end),
    parts: touched.filter((month) => !whole.includes(month)).map((month) => partOf(month, { from, to: until }, counted)),
    tail: to > until ? { from: until, to, countedMs: counted.countedMs({ from: until, to }) } : null,
    counted,
  };
}

function partOf(month: AccountedMonth, span: Interval, counted: CountedTime): MonthPart {
  const touched = month.days.filter((day) => day.from < span.to && day.to > span.from);
  const days = touched.filter((day) => day.from >= span.from && day.to <= span.to);
  const [first, last] = [days[0], days.at(-1)];
  const piece = (from: number, to: number): Piece => ({ from, to, countedMs: counted.countedMs({ from, to }) });
  const edges = touched
    .filter((day) => !days.includes(day))
    .map((day) => {
      return { day: day.day, ...piece(Math.max(day.from, span.from), Math.min(day.to, span.to)) };
    });
  return {
    month,
    needed: bitsOf(touched, () => true),
    days: days.map((day) => ({ day: day.day, totalMs: day.to - day.from, countedMs: day.countedMs })),
    whole: first === undefined || last === undefined ? null : piece(first.from, last.to),
    edges,
  };
}

/** The stretches of the plan that rows do not tell exactly. */
export function edgesOf(plan: FigurePlan): Piece[] {
  return [...plan.parts.flatMap((part) => part.edges), ...(plan.tail === null ? [] : [plan.tail])];
}
