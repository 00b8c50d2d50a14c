import { OBJECT_CLASSES } from '@beacontower/domain';
import { z } from 'zod';
import { INCIDENT_KINDS, SEVERITIES } from '../words.ts';
import { DivisionPath, Instant, LONGEST_PLAN_MS, ObjectId, pageOf, paging, Timestamp } from './common.ts';

const covered = {
  objects: z.array(ObjectId).max(1000).default([]),
  divisions: z.array(DivisionPath).max(100).default([]),
};

function checkCover(body: { objects: string[]; divisions: string[] }, context: z.RefinementCtx): void {
  if (body.objects.length + body.divisions.length === 0) {
    context.addIssue({ code: 'custom', path: ['objects'], message: 'expected at least one object or division' });
  }
}
function checkSpan(startsAt: number, endsAt: number, context: z.RefinementCtx): void {
  if (endsAt <= startsAt) context.addIssue({ code: 'custom', path: ['endsAt'], message: 'endsAt must be after startsAt' });
  else if (endsAt - startsAt > LONGEST_PLAN_MS) context.addIssue({ code: 'custom', path: ['endsAt'], message: 'longer than a year' });
}

/** `GET /api/v1/maintenance` and `/silences`: newest start first; `active` keeps those under way now. */
export const PlanQuery = z.strictObject({ active: z.enum(['true', 'false']).optional(), ...paging });
export type PlanQuery = z.infer<typeof PlanQuery>;
/** `GET /api/v1/maintenance`. */
export const MaintenanceQuery = PlanQuery.extend({
  object: ObjectId.optional().describe('work that covers this object: itself, the device whose interface it is, or a division around it'),
});
export type MaintenanceQuery = z.infer<typeof MaintenanceQuery>;

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
    node: z.string().nullable().describe('the node below that states it, and alone can change it; null: this one'),
    excludedFromAvailability: z.boolean().describe('approved before it started'),
    advice: z.string().exactOptional().describe('of work approved after it started: what can be done'),
    revision: z.number().int(),
  })
  .meta({ id: 'Maintenance' });
export type Maintenance = z.infer<typeof Maintenance>;
export const MaintenancePage = pageOf(Maintenance);

const muted = {
  ...covered,
  classes: z.array(z.enum(OBJECT_CLASSES)).max(OBJECT_CLASSES.length).default([]),
  parties: z.array(z.string().min(1).max(256)).max(100).default([]),
  severities: z.array(z.enum(SEVERITIES)).max(SEVERITIES.length).default([]),
  kinds: z.array(z.enum(INCIDENT_KINDS)).max(INCIDENT_KINDS.length).default([]).describe('what an incident is about'),
  startsAt: Instant.optional(),
  endsAt: Instant,
};

function checkMuted(
  body: { objects: string[]; divisions: string[]; classes: string[]; parties: string[]; startsAt?: number | undefined; endsAt: number },
  context: z.RefinementCtx,
): void {
  if (body.objects.length + body.divisions.length + body.classes.length + body.parties.length === 0) {
    context.addIssue({ code: 'custom', path: ['objects'], message: 'expected at least one object, division, class or party' });
  }
  if (body.startsAt !== undefined) checkSpan(body.startsAt, body.endsAt, context);
}

/**
 * `POST /api/v1/silences`: withholds notifications, nothing else. It is about what one of its objects or divisions covers (without any:
 * about everything), and of that about the given classes, parties, severities and kinds; an empty list is every one. `startsAt` is now when left out.
 */
export const NewSilence = z.strictObject({ ...muted, reason: z.string().trim().min(1).max(1000) }).superRefine(checkMuted);
export type NewSilence = z.infer<typeof NewSilence>;

export const Silence = z
  .object({
    id: z.string(),
    objects: z.array(z.string()),
    divisions: z.array(z.string()),
    classes: z.array(z.enum(OBJECT_CLASSES)),
    parties: z.array(z.string()),
    severities: z.array(z.enum(SEVERITIES)),
    kinds: z.array(z.enum(INCIDENT_KINDS)),
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

/** `POST /api/v1/silences/preview`: what a silence would be about, before it is made; nothing is written. */
export const SilencePreviewRequest = z.strictObject({ ...muted, reason: z.string().max(1000).optional() }).superRefine(checkMuted);
export type SilencePreviewRequest = z.infer<typeof SilencePreviewRequest>;

/** How many each list of a preview shows at most; `total` counts all. */
export const PREVIEW_LIMIT = 100;

export const SilencePreview = z
  .object({
    startsAt: Timestamp,
    endsAt: Timestamp,
    objects: z.object({
      total: z.number().int().describe('objects of today that it covers'),
      first: z.array(z.object({ id: z.string(), name: z.string(), class: z.enum(OBJECT_CLASSES) })),
    }),
    incidents: z.object({
      total: z.number().int().describe('incidents under way that it covers'),
      first: z.array(
        z.object({
          id: z.string(),
          number: z.number().int(),
          title: z.string(),
          severity: z.enum(SEVERITIES),
          kind: z.enum(INCIDENT_KINDS),
          state: z.enum(['open', 'acknowledged']),
          object: z.string(),
          openedAt: Timestamp,
          withheld: z.string().nullable().describe('what withholds its notifications already: silence <id>, maintenance <id>, …'),
        }),
      ),
    }),
    withheldNow: z.number().int().describe('messages about these incidents that are withheld now'),
    wouldWithhold: z
      .number()
      .int()
      .describe('of these incidents, what is due to be told while the silence lasts: repeats, escalation steps, clocks'),
  })
  .meta({ id: 'SilencePreview' });
export type SilencePreview = z.infer<typeof SilencePreview>;
