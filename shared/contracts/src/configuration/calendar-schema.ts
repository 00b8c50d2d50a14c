/** The YAML of calendars and of lists of holidays. */
import { z } from 'zod';
import { Dates, DaySpan, LocalDate } from './dates.ts';
import { Id, Reference, Words } from './values.ts';

/** Monday first, as weeks of calendars are kept. */
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const spans = z.array(DaySpan);
/** A day of its own goes before `weekdays` and `weekend`, these before `everyday`; a day that none of them names has no spans. */
const WeekYaml = z.strictObject({
  everyday: spans.optional(),
  weekdays: spans.optional(),
  weekend: spans.optional(),
  monday: spans.optional(),
  tuesday: spans.optional(),
  wednesday: spans.optional(),
  thursday: spans.optional(),
  friday: spans.optional(),
  saturday: spans.optional(),
  sunday: spans.optional(),
});
export type WeekYaml = z.infer<typeof WeekYaml>;

/** Dates that are not what their weekday says: with spans of their own, `off`, or as another weekday. */
const CalendarDateYaml = z.strictObject({
  date: Dates,
  spans: z.union([z.literal('off'), spans]).optional(),
  as: z.enum(WEEKDAYS).optional(),
  name: Words.optional(),
});

export const CalendarYaml = z.strictObject({
  id: Id,
  name: Words,
  nameEn: Words.optional(),
  week: WeekYaml,
  /** Lists of holidays, the later going before the earlier. */
  holidays: z.union([Reference, z.array(Reference).min(1)]).optional(),
  /** The weekday whose spans adjusted workdays have. */
  workdays: z.enum(WEEKDAYS).optional(),
  dates: z.array(CalendarDateYaml).optional(),
});
export type CalendarYaml = z.infer<typeof CalendarYaml>;

const byName = z.record(z.string(), z.array(Dates));
/** A list of holidays, as its notices say; what a later notice says of a date goes before an earlier one. */
export const HolidaysYaml = z.strictObject({
  id: Id,
  name: Words,
  nameEn: Words.optional(),
  /** The last date it tells of. */
  knownUntil: LocalDate,
  notices: z
    .array(
      z.strictObject({
        /** Where it says so: the number of a notice. */
        source: Words,
        /** When that was published. */
        date: LocalDate.optional(),
        off: byName.optional(),
        work: byName.optional(),
      }),
    )
    .min(1),
});
export type HolidaysYaml = z.infer<typeof HolidaysYaml>;
