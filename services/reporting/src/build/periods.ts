import type { ReportOrder } from '@beacontower/contracts';
import { type Interval, localDate, parsePeriod, periodContaining, previousPeriod } from '@beacontower/domain';
import type { ReportPeriod } from '../model/model.ts';
import { periodWords } from '../wording/index.ts';

const DAY_MS = 86_400_000;
/** Up to so many days a series goes by days, beyond by months. */
const MOST_DAYS = 62;

/** The period of an order, and the one before it: the one of the calendar before it, or one as long that ends where it begins. */
export function periodsOf({ from, to, label, timeZone }: ReportOrder): { readonly period: ReportPeriod; readonly previous: ReportPeriod } {
  const describe = (span: Interval, itsLabel: string | null): ReportPeriod => {
    const period = { from: span.from, to: span.to, label: itsLabel, timeZone };
    return { ...period, name: periodWords(period) };
  };
  const period = describe({ from, to }, label);
  const ofCalendar = label === null ? null : parsePeriod(label, timeZone);
  if (ofCalendar === null) return { period, previous: describe({ from: from - (to - from), to: from }, null) };
  const before = previousPeriod(ofCalendar, timeZone);
  return { period, previous: describe(before, before.label) };
}

/** The parts of `[from, to)` for a series of a report: local months, or days where its whole period has few, cut to it. */
export function partsOf({ from, to }: Interval, period: Interval, timeZone: string): (Interval & { readonly label: string })[] {
  const kind = period.to - period.from > MOST_DAYS * DAY_MS ? 'month' : 'day';
  const parts: (Interval & { readonly label: string })[] = [];
  for (let at = from; at < to; ) {
    const part = periodContaining(kind, at, timeZone);
    parts.push({ label: kind === 'day' ? localDate(at, timeZone) : part.label, from: at, to: Math.min(part.to, to) });
    at = part.to;
  }
  return parts;
}
