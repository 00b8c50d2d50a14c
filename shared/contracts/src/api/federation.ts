/** Nodes that report here and how they are let in; the node that this one reports to. */
import { z } from 'zod';
import { NodeId } from '../federation/payloads.ts';
import { DivisionPath, Label, pageOf, paging, Timestamp } from './common.ts';

export const INVITATION_STATES = ['open', 'used', 'expired', 'withdrawn'] as const;
export const LONGEST_INVITATION_HOURS = 720;

/** `POST /api/v1/federation/invitations` (system administrator). */
export const NewInvitation = z.strictObject({
  node: NodeId.describe('the id of the node that is invited: what its objects begin with'),
  division: DivisionPath.describe('what it speaks for: this division and all below'),
  name: Label,
  hours: z.number().int().min(1).max(LONGEST_INVITATION_HOURS).default(72).describe('how long its token is good'),
  url: z
    .url({ protocol: /^https$/ })
    .max(200)
    .optional()
    .describe('where the node reaches the listener here, where that is not what the listener itself says'),
});
export type NewInvitation = z.infer<typeof NewInvitation>;

export const Invitation = z.object({
  id: z.string(),
  node: z.string(),
  division: z.string(),
  name: z.string(),
  state: z.enum(INVITATION_STATES),
  createdAt: Timestamp,
  createdBy: z.string(),
  expiresAt: Timestamp,
});
export type Invitation = z.infer<typeof Invitation>;

export const CreatedInvitation = Invitation.extend({ token: z.string().describe('shown in this answer only') });
export type CreatedInvitation = z.infer<typeof CreatedInvitation>;
export const InvitationPage = pageOf(Invitation);

export const ENROLMENT_REQUEST_STATES = ['waiting', 'approved', 'refused'] as const;
/** A node that asks to be let in. Its code is not shown here: whoever approves has it from a person at the node, by telephone. */
export const EnrolmentView = z.object({
  id: z.string(),
  node: z.string(),
  division: z.string(),
  name: z.string(),
  software: z.string(),
  source: z.string().describe('the address that it asked from'),
  state: z.enum(ENROLMENT_REQUEST_STATES),
  fetched: z.boolean().describe('it has fetched its certificate'),
  requestedAt: Timestamp,
  decidedAt: Timestamp.nullable(),
  decidedBy: z.string().nullable(),
  reason: z.string().nullable(),
});
export type EnrolmentView = z.infer<typeof EnrolmentView>;
export const EnrolmentViewPage = pageOf(EnrolmentView);
export const EnrolmentViewQuery = z.strictObject({ ...paging, state: z.enum(ENROLMENT_REQUEST_STATES).optional() });
export type EnrolmentViewQuery = z.infer<typeof EnrolmentViewQuery>;

/** `POST /api/v1/federation/requests/{id}/approve` (security administrator). */
export const EnrolmentApproval = z.strictObject({
  code: z.string().regex(/^\d{4}-\d{4}$/, 'expected the code that the node shows, such as 0123-4567'),
});
/** `POST …/refuse`, `POST /api/v1/federation/nodes/{id}/revoke` (security administrator). */
export const FederationReason = z.strictObject({ reason: z.string().trim().min(1).max(500) });
export const FederationNodeParams = z.object({ id: NodeId });

export const UPLINK_STATES = ['none', 'enrolling', 'enrolled', 'left'] as const;
/** `GET /api/v1/federation/uplink`: the node above, and how far it has what happened here. */
export const UplinkView = z.object({
  state: z.enum(UPLINK_STATES),
  url: z.string().nullable(),
  parent: z.string().nullable().describe('id of the node above'),
  code: z.string().nullable().describe('while it waits to be let in: what is read out over the telephone'),
  certificateEnds: Timestamp.nullable(),
  joinedAt: Timestamp.nullable(),
  incarnation: z.string().nullable(),
  built: z.number().int().describe('lines made of the record'),
  acknowledged: z.number().int().describe('lines that the node above has'),
  acknowledgedAt: Timestamp.nullable(),
  heardAt: Timestamp.nullable(),
  failure: z.object({ at: Timestamp, code: z.string(), detail: z.string() }).nullable().describe('what the last call failed of'),
});
export type UplinkView = z.infer<typeof UplinkView>;
