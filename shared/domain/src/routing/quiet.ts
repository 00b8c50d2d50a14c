import type { Calendar } from '../calendars/calendar.ts';
import { countedSpans } from '../calendars/counted.ts';
import type { Severity } from '../correlation/severity.ts';
import { subtract, union } from '../intervals.ts';
import type { QuietHours } from './rules.ts';

const DAY = 86_400_000;
/** Near first, since most quiet hours end in the morning; none is believed to last longer than the last: it is looked at anew then. */
const HORIZONS = [2 * DAY, 32 * DAY];

/**
 * Until when (epoch ms) quiet hours keep a message of this severity back; null when they do not. A calendar that is not known
 * keeps nothing back. Throws RangeError on an unknown time zone.
 */
export function quietUntil(
  quiet: QuietHours | null,
  severity: Severity,
  calendars: ReadonlyMap<string, Calendar>,
  at: number,
): number | null {
  if (quiet === null || quiet.except.includes(severity)) return null;
  let until: number | null = null;
  for (const horizon of HORIZONS) {
    until = quietSpans(quiet, calendars, at, at + horizon).find((span) => span.from <= at)?.to ?? null;
    if (until === null || until < at + horizon) return until;
  }
  return until;
}

function quietSpans({ during, outside, timeZone }: QuietHours, calendars: ReadonlyMap<string, Calendar>, from: number, to: number) {
  const week = Array.from({ length: 7 }, () => during);
  const daily = countedSpans({ id: 'quiet hours', week, dates: [], knownUntil: null }, timeZone, from, to);
  const working = outside === null ? undefined : calendars.get(outside);
  const off = working ? subtract([{ from, to }], countedSpans(working, timeZone, from, to)) : [];
  return union([...daily, ...off]);
}
