import type { ReportScheduleBody } from '@beacontower/contracts';
import { type Period, parsePeriod, periodContaining, previousPeriod } from '@beacontower/domain';

/** What was missed while nothing ran is made up for by so many periods, and no more. */
const MOST_BEHIND = 2;

/** The periods of a schedule whose report is due at `now`, the latest first: they ended at least `afterMs` ago. */
export function duePeriods(schedule: Pick<ReportScheduleBody, 'period' | 'timeZone' | 'afterMs'>, now: number): Period[] {
  const { timeZone, afterMs } = schedule;
  const due: Period[] = [];
  let period = periodContaining(schedule.period, now - afterMs, timeZone);
  while (due.length < MOST_BEHIND) {
    period = previousPeriod(period, timeZone);
    due.push(period);
  }
  return due;
}

/**
 * Of the periods that are due (the latest first), those to be asked for: a schedule begins with the one that ended last, sends
 * nothing older than what it began with, and no period twice. `made`: labels of the periods it has asked for.
 */
export function wantedPeriods(due: readonly Period[], made: ReadonlySet<string>, timeZone: string): Period[] {
  if (made.size === 0) return due.slice(0, 1);
  const begun = Math.min(...[...made].map((label) => parsePeriod(label, timeZone)?.from ?? Number.POSITIVE_INFINITY));
  return due.filter(({ label, from }) => !made.has(label) && from > begun);
}

/** What is known of the closing of one objective's figures of a period. */
export interface Closing {
  readonly objective: string;
  /** Its periods are closed by themselves, and this is one of them. */
  readonly closesItself: boolean;
  readonly isClosed: boolean;
}

/** Why a report that is due is made now, or still waits. */
export type ScheduleDecision =
  | { readonly make: true; readonly reason: 'closed' | 'patience-over' }
  | { readonly make: false; readonly reason: 'waits-for-closing'; readonly objectives: readonly string[] };

/**
 * Closed figures are waited for, since a report with live ones would be out of date the next day: until every objective that
 * closes its periods by itself has closed this one, at most `patienceMs` after the report was due. Pure.
 */
export function decideSchedule(
  closings: readonly Closing[],
  { dueAt, now, patienceMs }: { dueAt: number; now: number; patienceMs: number },
): ScheduleDecision {
  const open = closings.filter(({ closesItself, isClosed }) => closesItself && !isClosed).map(({ objective }) => objective);
  if (open.length === 0) return { make: true, reason: 'closed' };
  if (now >= dueAt + patienceMs) return { make: true, reason: 'patience-over' };
  return { make: false, reason: 'waits-for-closing', objectives: open };
}
