/** What a period is called. Pure. */
import { localDate, PERIOD_KINDS, periodContaining } from '@beacontower/domain';

/** Its label where it is a period of the calendar, else its first and last day. */
export function periodLabel(from: string, to: string, timeZone: string): string {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const named = PERIOD_KINDS.map((kind) => periodContaining(kind, start, timeZone)).find(
    (period) => period.from === start && period.to === end,
  );
  return named?.label ?? `${localDate(start, timeZone)} – ${localDate(end - 1, timeZone)}`;
}
