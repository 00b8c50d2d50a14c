import type { ObjectiveBody } from '@beacontower/contracts';
import { type Period, periodContaining, previousPeriod } from '@beacontower/domain';

/** Nobody wants years of reports about a time nobody asked about: what lies further back is closed by hand. */
export const MOST_PERIODS_BACK = 31;
/** How long after its time a period waits for a node that is still judging it. */
export const GRACE_MS = 3_600_000;

/** What decides whether periods of an objective are closed. Times are epoch ms. */
export interface DueInput {
  readonly objective: Pick<ObjectiveBody, 'period' | 'timeZone' | 'closeAfterMs'>;
  /** Since when the objective exists. */
  readonly start: number;
  /** Ends of its closed periods, as `from to`. */
  readonly closed: ReadonlySet<string>;
  /** Everything has been judged up to here. */
  readonly judgedUntil: number;
  readonly now: number;
}

/**
 * The periods to be closed now, oldest first: ended, its `closeAfterMs` past, judged up to its end (or the grace is over, too: then
 * with what is known), not closed before. Only those that ended after the objective came to be, and at most `MOST_PERIODS_BACK`.
 * Rolling periods, and those of an objective that is closed by hand alone, never are.
 */
export function duePeriods({ objective, start, closed, judgedUntil, now }: DueInput): Period[] {
  const { period: kind, timeZone, closeAfterMs } = objective;
  if (kind === 'rolling' || closeAfterMs === null) return [];
  const due: Period[] = [];
  let period = periodContaining(kind, now, timeZone);
  for (let back = 0; back < MOST_PERIODS_BACK; back++) {
    period = previousPeriod(period, timeZone);
    if (period.to <= start) break;
    const isKnown = judgedUntil >= period.to || now >= period.to + closeAfterMs + GRACE_MS;
    if (now >= period.to + closeAfterMs && isKnown && !closed.has(`${period.from} ${period.to}`)) due.unshift(period);
  }
  return due;
}
