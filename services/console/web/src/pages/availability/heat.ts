/** The days of a period laid out as a calendar. Pure. */
import type { ObjectiveDays } from '@beacontower/contracts';
import { addDays, weekdayOf } from '@beacontower/domain';

export type Day = ObjectiveDays['items'][number];

/** What a day looks like. `unseen`: nothing was observed, or nobody was there; `coming`: not told yet. */
export type DayKind = 'clean' | 'lost' | 'missed' | 'undecided' | 'unseen' | 'coming';

export interface DayCell {
  readonly date: string;
  readonly kind: DayKind;
  /** Null: it is to come. */
  readonly day: Day | null;
}

/** A month of a period; weeks begin on Monday, places before and after the period are null. */
export interface MonthGrid {
  readonly month: string;
  readonly weeks: readonly (readonly (DayCell | null)[])[];
}

/** `undecided` only where the doubt is of what was not seen: an edge too wide on a clean day is a loss. */
export function kindOf(day: Day): DayKind {
  if (day.availability === null) return 'unseen';
  if (day.verdict === 'missed') return 'missed';
  if (day.verdict === 'undecided') return 'undecided';
  return day.downMs > 0 ? 'lost' : 'clean';
}

/** Lays out `[first, next)` (dates) by month. */
export function monthsOf(items: readonly Day[], first: string, next: string): MonthGrid[] {
  const known = new Map(items.map((day) => [day.date, day]));
  const months: { month: string; weeks: (DayCell | null)[][] }[] = [];
  for (let date = first; date < next; date = addDays(date, 1)) {
    const month = date.slice(0, 7);
    let grid = months.at(-1);
    if (grid?.month !== month) {
      grid = { month, weeks: [] };
      months.push(grid);
    }
    const weekday = weekdayOf(date);
    let week = grid.weeks.at(-1);
    if (week === undefined || weekday === 0) {
      week = Array.from<DayCell | null>({ length: 7 }).fill(null);
      grid.weeks.push(week);
    }
    const day = known.get(date);
    week[weekday] = day === undefined ? { date, kind: 'coming', day: null } : { date, kind: kindOf(day), day };
  }
  return months;
}

/** The date to which an arrow key leads from a date, kept within `[first, next)`; null: another key. */
export function dateAfterKey(key: string, date: string, first: string, next: string): string | null {
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const last = addDays(next, -1);
  if (key === 'Home') return first;
  if (key === 'End') return last;
  const step = steps[key];
  if (step === undefined) return null;
  const to = addDays(date, step);
  return to < first || to > last ? date : to;
}
