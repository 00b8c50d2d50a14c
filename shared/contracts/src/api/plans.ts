import { z } from 'zod';
import { SEVERITIES } from '../words.ts';
import { DivisionPath, Instant, ObjectId, pageOf, paging, Timestamp } from './common.ts';

const covered = {
  objects: z.array(ObjectId).max(1000).default([]),
  divisions: z.array(DivisionPath).max(100).default([]),
};
const YEAR_MS = 366 * 86_400_000;

function checkCover(body: { objects: string[]; divisions: string[] }, context: z.RefinementCtx): void {
  if (body.objects.length + body.divisions.length === 0) {
    context.addIssue({ code: 'custom', path: ['objects'], message: 'expected at least one object or division' });
  }
}
function checkSpan(startsAt: number, endsAt: number, context: z.RefinementCtx): void {
  if (endsAt <= startsAt) context.addIssue({ code: 'custom', path: ['endsAt'], message: 'endsAt must be after startsAt' });
  else if (endsAt - startsAt > YEAR_MS) context.addIssue({ code: 'custom', path: ['endsAt'], message: 'longer than a year' });
}

/** `GET /api/v1/maintenance` and `/silences`: newest start first; `active` keeps those under way now. */
export const PlanQuery = z.strictObject({ active: z.enum(['true', 'false']).optional(), ...paging });
export type PlanQuery = z.infer<typeof PlanQuery>;

/** `POST /api/v1/maintenance`: planned work; it counts as excluded only when approved before it starts. */
export const NewMaintenance = z
  .strictObject({ title: z.string().trim().min(1).max(500), ...covered, startsAt: Instant, endsAt: Instant })
  .superRefine((body, context) => {
    checkCover(body, context);
    checkSpan(body.startsAt, body.endsAt, context);
  });
export type NewMaintenance = z.infer<typeof NewMaintenance>;

export const Maintenance = z
  .object({
    id: z.string(),
    title: z.string(),
    objects: z.array(z.string()),
    divisions: z.array(z.string()),
    startsAt: Timestamp,
    endsAt: Timestamp,
    createdAt: Timestamp,
    createdBy: z.string(),
    approvedAt: Timestamp.nullable(),
    approvedBy: z.string().nullable(),
    cancelledAt: Timestamp.nullable(),
    cancelledBy: z.string().nullable(),
    excludedFromAvailability: z.boolean().describe('approved before it started'),
    advice: z.string().exactOptional().describe('of work approved after it started: what can be done'),
    revision: z.number().int(),
  })
  .meta({ id: 'Maintenance' });
export type Maintenance = z.infer<typeof Maintenance>;
export const MaintenancePage = pageOf(Maintenance);

/** `POST /api/v1/silences`: withholds notifications, nothing else. `startsAt` is now when left out; no severities means all. */
export const NewSilence = z
  .strictObject({
    ...covered,
    severities: z.array(z.enum(SEVERITIES)).max(SEVERITIES.length).default([]),
    reason: z.string().trim().min(1).max(1000),
    startsAt: Instant.optional(),
    endsAt: Instant,
  })
  .superRefine((body, context) => {
    checkCover(body, context);
    if (body.startsAt !== undefined) checkSpan(body.startsAt, body.endsAt, context);
  });
export type NewSilence = z.infer<typeof NewSilence>;

export const Silence = z
  .object({
    id: z.string(),
    objects: z.array(z.string()),
    divisions: z.array(z.string()),
    severities: z.array(z.enum(SEVERITIES)),
    reason: z.string(),
    author: z.string(),
    createdAt: Timestamp,
    startsAt: Timestamp,
    endsAt: Timestamp,
    endedAt: Timestamp.nullable(),
    endedBy: z.string().nullable(),
  })
  .meta({ id: 'Silence' });
export type Silence = z.infer<typeof Silence>;
export const SilencePage = pageOf(Silence);
