/** A period day by day, and the outages in it: `GET /api/v1/objectives/{id}/days` and `/outages`. */
import { z } from 'zod';
import { checkPeriod, DivisionPath, Instant, pageOf, paging, Timestamp } from './common.ts';
import { IncidentTitles } from './incidents.ts';

const integerMs = z.number().int().nonnegative();
const fraction = z.number().nullable();

/** Both left out: the running period. At most 400 days. */
export const DaysQuery = z
  .strictObject({ from: Instant.optional(), to: Instant.optional(), division: DivisionPath.optional() })
  .superRefine(checkPeriod);
export type DaysQuery = z.infer<typeof DaysQuery>;

export const ObjectiveDays = z
  .object({
    objective: z.string(),
    from: Timestamp,
    to: Timestamp,
    asOf: Timestamp,
    timeZone: z.string(),
    target: z.number(),
    budgetMs: integerMs.describe('downtime that the target allows an average member from from to to'),
    items: z.array(
      z.object({
        date: z.iso.date().describe('in the time zone of the objective'),
        from: Timestamp,
        to: Timestamp,
        availability: fraction,
        lowest: fraction,
        highest: fraction,
        completeness: fraction,
        verdict: z.enum(['met', 'missed', 'undecided']),
        downMs: integerMs,
        unknownMs: integerMs,
        excludedMs: integerMs,
        consumedMs: integerMs.describe('of the budget, from from to the end of this day'),
        consumedLeastMs: integerMs,
        consumedMostMs: integerMs,
      }),
    ),
  })
  .meta({ id: 'ObjectiveDays' });
export type ObjectiveDays = z.infer<typeof ObjectiveDays>;

export const OutagesQuery = z
  .strictObject({
    from: Instant.optional(),
    to: Instant.optional(),
    division: DivisionPath.optional(),
    object: z.string().min(1).max(256).optional(),
    ...paging,
  })
  .superRefine(checkPeriod);
export type OutagesQuery = z.infer<typeof OutagesQuery>;

/** One outage of one member, cut to the period; the longest first. */
export const ObjectiveOutage = z
  .object({
    object: z.string(),
    name: z.string(),
    nameEn: z.string().nullable(),
    division: z.string(),
    from: Timestamp,
    to: Timestamp.nullable().describe('null: not over'),
    downMs: integerMs.describe('what of it counts in the period'),
    excludedMs: integerMs,
    edgeUncertaintyMs: integerMs.describe('of both edges together'),
    cause: z.string().nullable(),
    causeName: z.string().nullable(),
    causeNameEn: z.string().nullable(),
    party: z.string().nullable().describe('whom it is charged to'),
    incident: z.object({ id: z.string(), number: z.number().int(), title: z.string(), titles: IncidentTitles }).nullable(),
  })
  .meta({ id: 'ObjectiveOutage' });
export type ObjectiveOutage = z.infer<typeof ObjectiveOutage>;
export const ObjectiveOutagePage = pageOf(ObjectiveOutage);
