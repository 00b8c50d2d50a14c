import { CHECK_KINDS, REASONS } from '@beacontower/domain';
import { z } from 'zod';
import { checkPeriod, DivisionPath, Instant, ObjectId, pageOf, paging, StateName, Timestamp } from './common.ts';

/** `GET /api/v1/availability/evidence`: the outages behind a figure. */
export const EvidenceQuery = z
  .strictObject({
    objective: z.string().min(1).max(256),
    from: Instant,
    to: Instant,
    division: DivisionPath.optional(),
    object: ObjectId.optional(),
    party: z.string().min(1).max(256).optional().describe('only objects of this party'),
    state: z.enum(['down', 'unknown']).optional().describe('both when left out'),
    order: z.enum(['worst', 'time']).default('worst').describe('the longest within the period first, or the earliest'),
    ...paging,
  })
  .superRefine(checkPeriod);
export type EvidenceQuery = z.infer<typeof EvidenceQuery>;

const EdgeView = z.object({ at: Timestamp, earliest: Timestamp, latest: Timestamp });

export const Stretch = z
  .object({
    object: z.string(),
    name: z.string(),
    division: z.string(),
    state: z.enum(['down', 'unknown']),
    reason: z.enum(REASONS).nullable().describe('why the state was entered; null where nobody ever looked'),
    transition: z.number().int().nullable(),
    begin: EdgeView.nullable().describe('null: before anything was said of the object'),
    end: EdgeView.nullable().describe('null: it lasts'),
    lengthMs: z.number().int().describe('by the estimate, within the period'),
    countedMs: z.number().int().describe('the part of it that counts: in commission, within the calendar, not planned'),
    excludedBy: z.array(
      z.object({
        kind: z.enum(['planned-work', 'reclassification', 'calendar', 'commission']),
        id: z.string().nullable().describe('null for the calendar, and for time out of commission'),
        title: z.string().describe('of the planned work; the reason of a reclassification'),
      }),
    ),
    incident: z.object({ id: z.string(), number: z.number().int(), cause: z.string().nullable() }).nullable(),
    charged: z.string().nullable().describe('the party an outage is charged to; null of unknown, and where nobody is named'),
    chargedBy: z.string().nullable().describe('id of the reclassification that says so'),
    observations: z.string().describe('address of the observations behind it'),
  })
  .meta({ id: 'Stretch' });
export type Stretch = z.infer<typeof Stretch>;
export const StretchPage = pageOf(Stretch);

/** `GET /api/v1/objects/{id}/evidence`: what was observed round an outage, and how the record was revised. */
export const ObservationsQuery = z.strictObject({ from: Instant, to: Instant, ...paging }).superRefine(checkPeriod);
export type ObservationsQuery = z.infer<typeof ObservationsQuery>;

export const RecordedTransition = z
  .object({
    id: z.number().int(),
    check: z.string().nullable().describe('null: of the object itself'),
    from: StateName,
    to: StateName,
    at: Timestamp,
    earliest: Timestamp,
    latest: Timestamp,
    reason: z.enum(REASONS),
    decidedAt: Timestamp,
    recordedAt: Timestamp,
    supersededAt: Timestamp.nullable().describe('when a revision replaced it; null: in force'),
    replacedBy: z.string().nullable().describe('what the revision came from: an import, late data, or a composite computed anew'),
    import: z.string().nullable(),
  })
  .meta({ id: 'RecordedTransition' });
export type RecordedTransition = z.infer<typeof RecordedTransition>;
export const Observations = pageOf(RecordedTransition).extend({
  series: z.array(z.object({ check: z.string(), kind: z.enum(CHECK_KINDS), href: z.string().describe('samples of this span') })),
});
export type Observations = z.infer<typeof Observations>;
