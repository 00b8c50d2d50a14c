import { OBJECT_CLASSES } from '@beacontower/domain';
import { z } from 'zod';
import { AGGREGATES, BASES, BurnWarning, OBJECTIVE_PERIODS, ObjectiveWhere } from '../entities.ts';
import { checkPeriod, Instant, Timestamp } from './common.ts';
import { Unobserved } from './objects.ts';

/** `GET /api/v1/objectives`; `members` counts the objects of the objective inside the caller's scope today. */
export const Objective = z
  .object({
    id: z.string(),
    name: z.string(),
    nameEn: z.string().nullable(),
    class: z.enum(OBJECT_CLASSES).nullable(),
    where: ObjectiveWhere.nullable().describe('further criteria; a member meets every one that is not null'),
    division: z.string(),
    target: z.number(),
    aggregate: z.enum(AGGREGATES),
    period: z.enum(OBJECTIVE_PERIODS),
    rollingDays: z.number().int().nullable(),
    basis: z.enum(BASES),
    calendar: z.string().describe('always, or the id of a calendar'),
    calendarKnownUntil: z.iso
      .date()
      .nullable()
      .describe("the last date that the calendar's holidays are known for; null when it follows none"),
    timeZone: z.string(),
    closeAfterMs: z
      .number()
      .int()
      .nonnegative()
      .nullable()
      .describe('how long after its end a period is closed; null: by hand, or not at all when rolling'),
    warnings: z.array(BurnWarning),
    members: z.number().int(),
  })
  .meta({ id: 'Objective' });
export type Objective = z.infer<typeof Objective>;
export const ObjectiveList = z.object({ items: z.array(Objective), nextCursor: z.string().nullable() });

export const GROUPINGS = ['division', 'object', 'party'] as const;
/** `GET /api/v1/availability` */
export const AvailabilityQuery = z
  .strictObject({
    objective: z.string().min(1).max(256),
    from: Instant,
    to: Instant,
    groupBy: z.enum(GROUPINGS).optional(),
    depth: z.coerce.number().int().min(1).max(8).optional().describe('with groupBy=division: levels below the division of the objective'),
    basis: z.enum(BASES).optional().describe('which availability the answer is about; that of the objective when left out'),
    version: z
      .union([z.literal('live'), z.coerce.number().int().min(1)])
      .optional()
      .describe('a closed version by its number, or what is known now; the latest closed one, if there is one, when left out'),
  })
  .superRefine(checkPeriod);
export type AvailabilityQuery = z.infer<typeof AvailabilityQuery>;

const integerMs = z.number().int().nonnegative();
const figures = {
  availability: z.number().nullable().describe('a fraction, not rounded; null when nothing was observed'),
  lowest: z.number().nullable(),
  highest: z.number().nullable(),
  verdict: z.enum(['met', 'missed', 'undecided']),
  resolutionMs: integerMs.describe('the longest outage that the checks could have missed'),
  completeness: z.number().nullable(),
  upMs: integerMs,
  downMs: integerMs,
  unknownMs: integerMs,
  excludedMs: integerMs,
  degradedMs: integerMs.describe('the part of upMs that was degraded'),
  availabilityWithMaintenance: z.number().nullable(),
  members: z.number().int().describe('objects counted'),
  membersWithoutAvailability: z.number().int().describe('of those, the ones in which nothing was observed; a mean leaves them out'),
};
const fractions = z.object({
  availability: z.number().nullable(),
  lowest: z.number().nullable(),
  highest: z.number().nullable(),
  completeness: z.number().nullable(),
  downMs: integerMs,
});
const both = {
  basis: z.enum(BASES),
  experienced: fractions.describe('every outage counts'),
  responsible: fractions.describe("outages charged to the object's own party count; the time of those charged to others is left out"),
};
const heading = {
  objective: z.string(),
  from: Timestamp,
  to: Timestamp,
  timeZone: z.string(),
  formula: z.string(),
  target: z.number(),
};
const version = {
  version: z.number().int().describe('of a closed figure its version; of a live one 0'),
  status: z.enum(['live', 'closed']),
  closedAt: Timestamp.nullable(),
  asOf: Timestamp.describe('what had happened up to this moment is counted; earlier than to while the period runs'),
};
export const AvailabilityGroup = z
  .object({ ...heading, ...figures, ...both, ...version, key: z.string().nullable(), name: z.string().nullable() })
  .meta({ id: 'AvailabilityGroup' });
export type AvailabilityGroup = z.infer<typeof AvailabilityGroup>;
export const Availability = z
  .object({
    ...heading,
    ...figures,
    ...both,
    ...version,
    groups: z.array(AvailabilityGroup),
    unobserved: z
      .array(Unobserved)
      .describe('nodes below that are not heard up to the end of a live figure: what is of them is unknown from there on'),
  })
  .meta({ id: 'Availability' });
export type Availability = z.infer<typeof Availability>;
export type AvailabilityFigures = Omit<Availability, 'groups' | 'unobserved'>;
