import { addDays, dateAsUtc, localDate } from '../days.ts';
import type { Interval } from '../intervals.ts';
import { offsetSpans } from '../zones.ts';
import type { RotaLayer } from './rota.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** One turn of a layer, not cut to any calendar. */
export interface Turn extends Interval {
  readonly contact: string;
}

/**
 * The first moment at which the local clock shows this minute of this date or a later one: where clocks skip it the step itself,
 * where they show it twice the first time. Throws RangeError on an unknown time zone and on what is no date.
 */
export function localMoment(day: string, minute: number, timeZone: string): number {
  const local = dateAsUtc(day) + minute * MINUTE;
  for (const span of offsetSpans(local - 2 * DAY, local + 2 * DAY, timeZone)) {
    const at = Math.max(span.from, local - span.offsetMs);
    if (at < span.to) return at;
  }
  throw new RangeError(`no minute ${minute} of ${day} in ${timeZone}`);
}

/** The turns of a layer that have a part in `[from, to)`, in order and whole. There are none before its first. */
export function turnsOf(layer: RotaLayer, timeZone: string, from: number, to: number): Turn[] {
  const turns: Turn[] = [];
  if (!(to > from)) return turns;
  const startOf = (number: number) => localMoment(addDays(layer.from, number * layer.days), layer.at, timeZone);
  const passed = (dateAsUtc(localDate(from, timeZone)) - dateAsUtc(layer.from)) / DAY;
  // The date alone does not say on which side of the change of turns it is: one turn earlier is looked at.
  let number = Math.max(0, Math.floor(passed / layer.days) - 1);
  for (let start = startOf(number); start < to; number++) {
    const end = startOf(number + 1);
    const contact = layer.contacts[number % layer.contacts.length];
    if (end > from && end > start && contact !== undefined) turns.push({ from: start, to: end, contact });
    start = end;
  }
  return turns;
}
