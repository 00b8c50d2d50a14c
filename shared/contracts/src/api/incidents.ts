import { OBJECT_CLASSES } from '@beacontower/domain';
import { z } from 'zod';
import { INCIDENT_KINDS, SEVERITIES } from '../words.ts';
import { checkPeriod, DivisionPath, Instant, pageOf, paging, Timestamp, Uuid } from './common.ts';

export const INCIDENT_STATES = ['open', 'acknowledged', 'resolved', 'closed'] as const;

/** `GET /api/v1/incidents`, newest first; with `from`/`to` those under way at some time in the period. */
export const IncidentQuery = z
  .strictObject({
    state: z.enum(INCIDENT_STATES).optional(),
    division: DivisionPath.optional(),
    severity: z.enum(SEVERITIES).optional(),
    kind: z.enum(INCIDENT_KINDS).optional(),
    from: Instant.optional(),
    to: Instant.optional(),
    ...paging,
  })
  .superRefine(checkPeriod);
export type IncidentQuery = z.infer<typeof IncidentQuery>;

const summary = {
  id: z.string(),
  number: z.number().int(),
  kind: z.enum(INCIDENT_KINDS),
  objective: z.string().nullable().describe('of an early warning'),
  state: z.enum(INCIDENT_STATES),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  cause: z.string().describe('the object whose outage this is; of an early warning objective/<id>'),
  division: z.string(),
  party: z.string().nullable(),
  class: z.enum(OBJECT_CLASSES),
  startedAt: Timestamp.describe('estimated edge of the outage; it truly lies between startedEarliest and startedLatest'),
  startedEarliest: Timestamp,
  startedLatest: Timestamp,
  openedAt: Timestamp,
  acknowledgedAt: Timestamp.nullable(),
  resolvedAt: Timestamp.nullable(),
  closedAt: Timestamp.nullable(),
  owner: z.string().nullable(),
  firstReceiver: z.string().nullable().describe('accountable until closing or an accepted hand-over (首问负责)'),
  pendingOwner: z.string().nullable(),
  causeCategory: z.string().nullable(),
  chargedParty: z.string().nullable(),
  affected: z.number().int().describe('objects that were in it, its cause included; none in an early warning'),
  revision: z.number().int(),
};
export const IncidentSummary = z.object(summary).meta({ id: 'IncidentSummary' });
export type IncidentSummary = z.infer<typeof IncidentSummary>;
export const IncidentPage = pageOf(IncidentSummary);

export const IncidentDetail = z
  .object({
    ...summary,
    objects: z.array(
      z.object({
        id: z.string(),
        name: z.string().nullable(),
        role: z.enum(['cause', 'symptom']),
        joinedAt: Timestamp,
        leftAt: Timestamp.nullable(),
      }),
    ),
    timeline: z.array(z.object({ at: Timestamp, kind: z.string(), actor: z.string(), detail: z.record(z.string(), z.unknown()) })),
    clocks: z.object({
      toAcknowledgeMs: z.number().int().nullable(),
      toRepairMs: z.number().int().nullable().describe('from the start of the outage to its end'),
      openMs: z.number().int(),
    }),
  })
  .meta({ id: 'IncidentDetail' });
export type IncidentDetail = z.infer<typeof IncidentDetail>;

const person = z.string().trim().min(1).max(200);
const note = z.string().trim().min(1).max(4000);
/** Bodies of `POST /api/v1/incidents/{id}/…`; an empty body stands for `{}` where nothing is required. */
export const AcknowledgeBody = z.strictObject({ note: note.optional() });
export const AssignBody = z.strictObject({ to: person, note: note.optional() });
export const AcceptBody = z.strictObject({ note: note.optional() });
export const CommentBody = z.strictObject({ text: note });
export const ResolveBody = z.strictObject({ note });
export const CloseBody = z.strictObject({
  causeCategory: z.string().trim().min(1).max(100).optional(),
  chargedParty: z.string().min(1).max(200).nullable().optional(),
  note: note.optional(),
});
export const ReopenBody = z.strictObject({ note });

export const DELIVERY_STATES = [
  'waiting',
  'withheld',
  'grouped',
  'pending',
  'sending',
  'retrying',
  'delivered',
  'uncertain',
  'dead',
  'cancelled',
] as const;
/** `GET /api/v1/deliveries`, newest first. */
export const DeliveryQuery = z.strictObject({ incident: Uuid.optional(), state: z.enum(DELIVERY_STATES).optional(), ...paging });
export type DeliveryQuery = z.infer<typeof DeliveryQuery>;

export const Delivery = z
  .object({
    id: z.string(),
    incident: z.string(),
    step: z.string(),
    contact: z.string(),
    channel: z.string(),
    address: z.string().nullable(),
    language: z.string(),
    state: z.enum(DELIVERY_STATES),
    attempt: z.number().int(),
    inDoubt: z.number().int().describe('attempts whose result is unknown'),
    follows: z.string().nullable(),
    createdAt: Timestamp,
    dueAt: Timestamp,
    finishedAt: Timestamp.nullable(),
    lastError: z.string().nullable(),
    attempts: z.array(
      z.object({
        attempt: z.number().int(),
        startedAt: Timestamp,
        endedAt: Timestamp.nullable(),
        outcome: z.string().nullable(),
        status: z.number().int().nullable(),
        response: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Delivery' });
export type Delivery = z.infer<typeof Delivery>;
export const DeliveryPage = pageOf(Delivery);
