import { z } from 'zod';
import { checkPeriod, DivisionPath, Instant, ObjectId, pageOf, paging, Timestamp } from './common.ts';

export const RECLASSIFICATION_EFFECTS = ['exclude', 'count', 'charge'] as const;
const effect = z
  .enum(RECLASSIFICATION_EFFECTS)
  .describe('exclude: it was planned work; count: it does count after all; charge: the outages are charged to `party`');
const reason = z.string().trim().min(1).max(1000);

/** `GET /api/v1/reclassifications`: the latest start first; `from` and `to` keep those that touch the period. */
export const ReclassificationQuery = z
  .strictObject({
    from: Instant.optional(),
    to: Instant.optional(),
    withdrawn: z.enum(['true', 'false']).optional().describe('whether they were taken back; both when left out'),
    ...paging,
  })
  .superRefine(checkPeriod);
export type ReclassificationQuery = z.infer<typeof ReclassificationQuery>;

/** `POST /api/v1/reclassifications`: says of a span of the past that it was, or was not, planned work, or who is charged. */
export const NewReclassificationBody = z
  .strictObject({
    effect,
    objects: z.array(ObjectId).max(1000).default([]),
    divisions: z.array(DivisionPath).max(100).default([]),
    startsAt: Instant,
    endsAt: Instant,
    party: z.string().min(1).max(256).nullable().default(null),
    reason,
  })
  .superRefine((body, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (body.objects.length + body.divisions.length === 0) issue('objects', 'expected at least one object or division');
    if (body.endsAt <= body.startsAt) issue('endsAt', 'endsAt must be after startsAt');
    if (body.effect === 'charge' && body.party === null) issue('party', 'is missing; expected the id of the party to be charged');
    if (body.effect !== 'charge' && body.party !== null) issue('party', 'goes with the effect "charge" alone');
  });
export type NewReclassificationBody = z.infer<typeof NewReclassificationBody>;

/** `POST /api/v1/reclassifications/{id}/withdraw` */
export const Withdrawal = z.strictObject({ reason });
export type Withdrawal = z.infer<typeof Withdrawal>;

export const ReclassificationView = z
  .object({
    id: z.string(),
    node: z.string().nullable().describe('the node below that states it, and alone can change it; null: this one'),
    effect,
    objects: z.array(z.string()),
    divisions: z.array(z.string()),
    startsAt: Timestamp,
    endsAt: Timestamp,
    party: z.string().nullable(),
    reason: z.string(),
    recordedAt: Timestamp,
    recordedBy: z.string(),
    withdrawnAt: Timestamp.nullable(),
    withdrawnBy: z.string().nullable(),
    withdrawnReason: z.string().nullable(),
  })
  .meta({ id: 'Reclassification' });
export type ReclassificationView = z.infer<typeof ReclassificationView>;
export const ReclassificationPage = pageOf(ReclassificationView);
