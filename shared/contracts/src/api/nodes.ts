/** `GET /api/v1/nodes`: this node, and those that report to it. */
import { LINK_STATES } from '@beacontower/domain';
import { z } from 'zod';
import { pageOf, StateName, Timestamp } from './common.ts';

/** Why the last message was refused: a code of the protocol (docs/federation/protocol.md). */
const Refused = z.object({ at: Timestamp, code: z.string(), detail: z.string(), sequence: z.number().int().nullable() });

const Certificate = z.object({ serial: z.string(), notBefore: Timestamp, notAfter: Timestamp, revokedAt: Timestamp.nullable() });

/** How a node below stands to this one. */
export const NodeLink = z
  .object({
    via: z.string().nullable().describe('the node that speaks for it; null: it reports here itself'),
    state: z.enum(LINK_STATES).describe('of one that is spoken for: the link of who speaks for it'),
    heardAt: Timestamp.nullable().describe('the last message that was taken'),
    silentSince: Timestamp.nullable().describe('its objects are unobserved from here since then'),
    observed: z
      .object({ pinged: Timestamp, all: Timestamp, composed: Timestamp })
      .nullable()
      .describe('up to when its record is here: by ICMP, by agents as well, and composed'),
    presentAt: Timestamp.nullable().describe('the moment of the states that are shown'),
    log: z.object({
      incarnation: z.string().nullable(),
      sequence: z.number().int().describe('the last line that is applied'),
      behind: z.number().int().nullable().describe('lines that are still to come before the record has caught up; null: it has'),
    }),
    snapshotVersion: z.number().int(),
    clockOffsetMs: z.number().int().nullable().describe('how far its clock is ahead'),
    roundTripMs: z.number().int().nullable(),
    software: z.string().nullable(),
    capabilities: z.array(z.string()),
    certificate: Certificate.nullable().describe('the one that ends last; null: it has none of its own'),
    refused: Refused.nullable().describe('the last message, where it was refused'),
    objects: z.number().int(),
    incident: z
      .object({ id: z.string(), number: z.number().int() })
      .nullable()
      .describe('the incident about its silence that is under way'),
    enrolledAt: Timestamp,
    removedAt: Timestamp.nullable(),
  })
  .meta({ id: 'NodeLink' });
export type NodeLink = z.infer<typeof NodeLink>;

/** How this node stands to the one above. */
export const NodeUplink = z
  .object({
    url: z.string(),
    state: z.enum(['enrolling', 'enrolled', 'left']),
    parent: z.string().nullable(),
    heardAt: Timestamp.nullable().describe('the last call that was answered well'),
    built: z.number().int().describe('the last line of its own log'),
    acknowledged: z.number().int().describe('the last line that is there'),
    waiting: z.number().int(),
    oldestWaitingAt: Timestamp.nullable(),
    clockOffsetMs: z.number().int().nullable(),
    certificateEndsAt: Timestamp.nullable(),
    failure: z.object({ at: Timestamp, code: z.string(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'NodeUplink' });
export type NodeUplink = z.infer<typeof NodeUplink>;

const listed = {
  id: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  division: z.string(),
  timeZone: z.string(),
  language: z.enum(['zh', 'en']).nullable().describe('of this node'),
  incarnation: z.string().nullable().describe('of this node: what it is when it is restored from a back-up is another'),
  partitions: z.number().int().nullable(),
  inventoryVersion: z.number().int().nullable(),
  self: z.boolean(),
  lagMs: z.number().int().nullable().describe('how far what is known of it lies behind now; null: nothing is known yet'),
  watermark: Timestamp.nullable().describe('everything recorded up to here is visible; null: nothing is known yet'),
  link: NodeLink.nullable().describe('null of this node'),
  uplink: NodeUplink.nullable().describe('of this node: the one above it; null: it reports to nobody'),
};

/** A node of the federation as it is seen from here. */
export const ListedNode = z.object(listed).meta({ id: 'ListedNode' });
export type ListedNode = z.infer<typeof ListedNode>;
export const NodePage = pageOf(ListedNode);
export type NodePage = z.infer<typeof NodePage>;

const States = z.object({ up: z.number().int(), degraded: z.number().int(), down: z.number().int(), unknown: z.number().int() });

/** An object of this node that its own collectors probe at the place of another: what can be said of that place while the other is silent. */
export const LandingView = z
  .object({ object: z.string(), name: z.string(), nameEn: z.string().nullable(), state: StateName, since: Timestamp.nullable() })
  .meta({ id: 'LandingView' });
export type LandingView = z.infer<typeof LandingView>;

/** `GET /api/v1/nodes/{id}`. */
export const NodeDetail = z
  .object({
    ...listed,
    landing: z.array(LandingView).describe('devices of this node with the attribute role: landing in the division of the other'),
    told: States.nullable().describe('its objects by the states it told last; null of this node'),
    below: z.array(z.object({ id: z.string(), name: z.string(), nameEn: z.string().nullable(), state: z.enum(LINK_STATES) })),
    certificates: z.array(Certificate),
    incarnations: z.array(
      z.object({
        incarnation: z.string(),
        begunAt: Timestamp,
        supersededAt: Timestamp.nullable(),
        sequence: z.number().int(),
        knownUntil: Timestamp.nullable(),
      }),
    ),
    differences: z
      .array(z.object({ date: z.iso.date(), division: z.string(), class: z.string(), receivedAt: Timestamp }))
      .describe('days of which it says something else than the record here'),
  })
  .meta({ id: 'NodeDetail' });
export type NodeDetail = z.infer<typeof NodeDetail>;
export const NodeParams = z.strictObject({ id: z.string().min(1).max(63) });
