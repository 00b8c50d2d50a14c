/** Which period of an objective is looked at: the one in which a date lies. Pure. */
import type { Objective } from '@beacontower/contracts';
import { addDays, localDate, type PeriodKind, periodContaining, rollingPeriod, startOfLocalDate } from '@beacontower/domain';

/** A period on show; epoch ms. `label` is null of a rolling one. */
export interface ShownPeriod {
  readonly from: number;
  readonly to: number;
  readonly label: string | null;
  /** Dates that lie in the period before and in the one after; null when that has not begun. */
  readonly before: string;
  readonly after: string | null;
  /** It has not ended, or (rolling) ends with the last whole day. */
  readonly running: boolean;
}

type Ruled = Pick<Objective, 'period' | 'rollingDays' | 'timeZone'>;

/** The period in which a date (`YYYY-MM-DD`) lies; null and what is no date: that of now. A date to come is taken for today's. */
export function periodOn(objective: Ruled, date: string | null, now: number): ShownPeriod {
  const { period, rollingDays, timeZone } = objective;
  const today = localDate(now, timeZone);
  const day = date !== null && isDate(date) && date < today ? date : today;
  if (period === 'rolling') {
    const days = rollingDays ?? 30;
    // A rolling period is told by the day after its last.
    const { from, to } = rollingPeriod(days, startOfLocalDate(day, timeZone), timeZone);
    const after = addDays(day, days);
    return { from, to, label: null, before: addDays(day, -days), after: day < today ? min(after, today) : null, running: day === today };
  }
  const { from, to, label } = periodContaining(period satisfies PeriodKind, startOfLocalDate(day, timeZone), timeZone);
  const running = to > now;
  return {
    from,
    to,
    label,
    before: localDate(from - 1, timeZone),
    after: running ? null : localDate(to, timeZone),
    running,
  };
}

function min(a: string, b: string): string {
  return a < b ? a : b;
}

/** Whether a text is a date of the years 2000 to 2099. */
export function isDate(text: string): boolean {
  return /^20\d{2}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

/** The period had not ended when the figure was computed: its verdict is of what has passed. */
export function isRunning({ asOf, to }: { readonly asOf: string; readonly to: string }): boolean {
  return Date.parse(asOf) < Date.parse(to);
}
