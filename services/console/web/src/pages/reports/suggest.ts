/** Periods that somebody is likely to want a report on. Pure. */
import { PERIOD_KINDS, parsePeriod, periodContaining, previousPeriod } from '@beacontower/domain';

/** Labels, the likeliest first: the last whole ones, then the running ones. */
export function suggestedPeriods(now: number, timeZone: string): string[] {
  const kinds = PERIOD_KINDS.filter((kind) => kind !== 'day' && kind !== 'week');
  const running = kinds.map((kind) => periodContaining(kind, now, timeZone));
  return [...running.map((period) => previousPeriod(period, timeZone).label), ...running.map(({ label }) => label)];
}

/** What is to be said of a period that was written down. */
export function judgePeriod(label: string, now: number, timeZone: string): 'wrong' | 'future' | 'running' | 'over' {
  const period = parsePeriod(label, timeZone);
  if (period === null) return 'wrong';
  if (period.from > now) return 'future';
  return period.to > now ? 'running' : 'over';
}
