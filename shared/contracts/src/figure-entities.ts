/** The entities that figures rest on: objectives, calendars, what is connected, schedules of reports. Part of `entities.ts`. */
import { OBJECT_CLASSES, OBJECT_KINDS } from '@beacontower/domain';
import { z } from 'zod';

const ms = z.number().int().positive();

export const AGGREGATES = ['mean', 'time-weighted', 'user-weighted'] as const;
export const OBJECTIVE_PERIODS = ['day', 'week', 'month', 'quarter', 'half-year', 'year', 'rolling'] as const;
export const BASES = ['experienced', 'responsible'] as const;

/**
 * An early warning: an incident is opened when the error budget burns at least `rate` times as fast as it may over the long and
 * over the short window (1 would use up exactly the budget of the period).
 */
export const BurnWarning = z.object({
  severity: z.enum(['critical', 'major', 'minor', 'warning']),
  longMs: ms,
  shortMs: ms,
  rate: z.number().positive(),
});
export type BurnWarning = z.infer<typeof BurnWarning>;

/** What members of an objective have in common; null is no criterion. */
export const ObjectiveWhere = z.object({
  kinds: z.array(z.enum(OBJECT_KINDS)).nullable(),
  /** Inside any of these. */
  divisions: z.array(z.string()).nullable(),
  parties: z.array(z.string()).nullable(),
  /** Each must be among the object's attributes with this value. */
  attributes: z.record(z.string(), z.string()).nullable(),
});

/**
 * Entity `objective`. Members: what meets every criterion that is given (`class`, `objects`, those of `where`) inside `division`.
 * The target is a fraction (0.9997). Fields with a default came later than the first stored bodies.
 */
export const ObjectiveBody = z.object({
  id: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  class: z.enum(OBJECT_CLASSES).nullable(),
  objects: z.array(z.string()).nullable(),
  where: ObjectiveWhere.nullable().default(null),
  division: z.string(),
  target: z.number().gt(0).lt(1),
  aggregate: z.enum(AGGREGATES),
  period: z.enum(OBJECTIVE_PERIODS),
  /** Length of a rolling period in local days, which ends with the last whole day; null for the others. */
  rollingDays: z.number().int().min(1).max(1100).nullable().default(null),
  /** `always`, or the id of a calendar. */
  calendar: z.string(),
  timeZone: z.string(),
  /** Which availability the target is about; the other is shown beside it. */
  basis: z.enum(BASES).default('experienced'),
  /** How long after its end a period is closed; null: only by hand. Rolling periods are not closed. */
  closeAfterMs: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .default(5 * 86_400_000),
  warnings: z.array(BurnWarning).default([]),
});
export type ObjectiveBody = z.infer<typeof ObjectiveBody>;

const localSpan = z.object({ from: z.number().int().min(0).max(1440), to: z.number().int().min(0).max(1440) });
const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** Entity `calendar`; parses to the domain's `Calendar`. Minutes are of local time, in the time zone of the objective. */
export const CalendarBody = z.object({
  id: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  /** Seven lists, Monday first. */
  week: z.array(z.array(localSpan)).length(7),
  /** Dates that are not what their weekday says: public holidays (no spans) and adjusted workdays. */
  dates: z.array(z.object({ date: localDate, spans: z.array(localSpan), name: z.string() })),
  /** The last date that its list of holidays tells of; null when it follows none. Later dates are what their weekday says. */
  knownUntil: localDate.nullable(),
});
export type CalendarBody = z.infer<typeof CalendarBody>;

export const ADMINISTRATIVE_LEVELS = ['central', 'province', 'city', 'county'] as const;

/**
 * Since when something of the real world is, as people know it: local dates of the node's time zone, `[since, until)` (`until` is the first
 * day it is not any more). Null `since`: from the day it came into the inventory; null `until`: until it leaves the inventory. The newest
 * version of an entity says them for its whole life, so that a corrected date corrects the past (decision 0004, 9): at a moment T it is
 * there when `since <= day(T) < until` and a version is valid at T or T lies before its first version; the facts (terminals, …) are those
 * of the version valid at T, before the first version those of the first. Without `since` nothing is there before the first version.
 */
const dated = { since: localDate.nullable().default(null), until: localDate.nullable().default(null) };

/** Entity `connection`: a division is connected to the network. `id` is its code: GB/T 2260 (six digits), or internal. */
export const ConnectionBody = z.object({ id: z.string(), name: z.string().nullable(), note: z.string().nullable(), ...dated });
export type ConnectionBody = z.infer<typeof ConnectionBody>;

/** Entity `unit`: a government unit that is connected. `division` is a path (`cn.gd`), as of objects. */
export const UnitBody = z.object({
  id: z.string(),
  name: z.string(),
  level: z.enum(ADMINISTRATIVE_LEVELS),
  division: z.string(),
  terminals: z.number().int().nonnegative().nullable(),
  /** Uses the unified Internet exit. */
  internetExit: z.boolean(),
  ...dated,
});
export type UnitBody = z.infer<typeof UnitBody>;

/** Entity `application`: a national (or local) application carried by the network. */
export const ApplicationBody = z.object({
  id: z.string(),
  name: z.string(),
  level: z.enum(ADMINISTRATIVE_LEVELS),
  division: z.string(),
  ...dated,
});
export type ApplicationBody = z.infer<typeof ApplicationBody>;

/**
 * Entity `tally`: what a division reports in numbers alone, beside the units that are named. Of those of one division and level that
 * are there at a moment, the one with the latest `since` counts; a number that is null is not reported.
 */
export const TallyBody = z.object({
  id: z.string(),
  division: z.string(),
  level: z.enum(ADMINISTRATIVE_LEVELS),
  units: z.number().int().nonnegative().nullable(),
  terminals: z.number().int().nonnegative().nullable(),
  applications: z.number().int().nonnegative().nullable(),
  ...dated,
});
export type TallyBody = z.infer<typeof TallyBody>;

export const REPORT_FORMATS = ['docx', 'pdf', 'xlsx', 'csv'] as const;

/** Entity `report-schedule`: a report made after each period ended, and sent to contacts by e-mail. */
export const ReportScheduleBody = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.literal('availability'),
  period: z.enum(['day', 'week', 'month', 'quarter', 'half-year', 'year']),
  division: z.string(),
  language: z.enum(['zh', 'en']),
  formats: z.array(z.enum(REPORT_FORMATS)).min(1),
  timeZone: z.string(),
  /** How long after the end of the period it is made. */
  afterMs: z.number().int().nonnegative(),
  contacts: z.array(z.string()),
});
export type ReportScheduleBody = z.infer<typeof ReportScheduleBody>;
