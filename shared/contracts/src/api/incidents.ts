import { OBJECT_CLASSES } from '@beacontower/domain';
import { z } from 'zod';
import { HAND_OVER_STATES } from '../federation/handed.ts';
import { IncidentFacts } from '../telling.ts';
import { INCIDENT_KINDS, SEVERITIES } from '../words.ts';
import { checkPeriod, DivisionPath, Instant, ObjectId, pageOf, paging, Timestamp } from './common.ts';

const yesOrNo = z.enum(['true', 'false']).transform((text) => text === 'true');

export const INCIDENT_STATES = ['open', 'acknowledged', 'resolved', 'closed'] as const;

/** `GET /api/v1/incidents`, newest first; with `from`/`to` those under way at some time in the period. */
export const IncidentQuery = z
  .strictObject({
    state: z.enum(INCIDENT_STATES).optional(),
    active: yesOrNo.optional().describe('true: under way, that is open or acknowledged; false: resolved or closed'),
    division: DivisionPath.optional(),
    severity: z.enum(SEVERITIES).optional(),
    kind: z.enum(INCIDENT_KINDS).optional(),
    owner: z.string().min(1).max(200).optional().describe('who is accountable for it'),
    unassigned: yesOrNo.optional().describe('true: nobody is accountable for it yet; false: somebody is'),
    taken: yesOrNo.optional().describe('true: this node acts on it; false: it is only told of it by a node below'),
    home: z.string().min(1).max(63).optional().describe('the node where it was opened; of this node: its own id'),
    object: ObjectId.optional().describe('those this object was ever in, as the cause or as a symptom'),
    q: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .optional()
      .describe('part of the title, or of the English name of its cause; or the number, with or without # before it'),
    from: Instant.optional(),
    to: Instant.optional(),
    ...paging,
  })
  .superRefine(checkPeriod);
export type IncidentQuery = z.infer<typeof IncidentQuery>;

/** Of `GET /api/v1/incidents/by-number/{number}`: the number that messages carry. */
export const IncidentNumberParams = z.strictObject({
  number: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31),
});

/** Of an incident. */
export const IncidentTitles = z
  .object({ zh: z.string(), en: z.string() })
  .nullable()
  .describe('the title in both languages; null: it was not made of names the inventory still has, and reads as it is in either');

const summary = {
  id: z.string(),
  number: z.number().int(),
  kind: z.enum(INCIDENT_KINDS),
  objective: z.string().nullable().describe('of an early warning'),
  condition: z.string().nullable().describe('of a condition: which'),
  state: z.enum(INCIDENT_STATES),
  severity: z.enum(SEVERITIES),
  title: z.string().describe('as it was made, in the language of the node'),
  titles: IncidentTitles,
  cause: z.string().describe('the object whose outage this is; of an early warning objective/<id>; of a node that is not heard node/<id>'),
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
  respondBy: Timestamp.nullable().describe('when its clock for a response runs out; null: none runs'),
  repairBy: Timestamp.nullable(),
  owner: z.string().nullable(),
  firstReceiver: z.string().nullable().describe('accountable until closing or an accepted hand-over (首问负责)'),
  pendingOwner: z.string().nullable(),
  causeCategory: z.string().nullable().describe('a code of the list; imported history has words of its own'),
  chargedParty: z.string().nullable(),
  mergedInto: z.string().nullable().describe('id of the incident in which it is worked on'),
  home: z.string().nullable().describe('the node where it was opened, whose word its facts are; null: this one'),
  taken: z.boolean().describe('whether this node acts on it; false: it is only told of it, and nobody here is woken'),
  offeredFrom: z.string().nullable().describe('the node above that offers it to this one and waits for an answer'),
  mayAsk: z
    .object({ above: z.boolean(), below: z.array(z.string()) })
    .describe('whether it can be escalated to the tier above, and to which nodes below it can be handed'),
  affected: z.number().int().describe('objects that were in it, its cause included; none in an early warning'),
  revision: z.number().int(),
};
export const IncidentSummary = z.object(summary).meta({ id: 'IncidentSummary' });
export type IncidentSummary = z.infer<typeof IncidentSummary>;
export const IncidentPage = pageOf(IncidentSummary);

/** `warned`: its warning is past; `met` in time; `late`: not in time, and it stays so when it was met afterwards. */
export const INCIDENT_CLOCK_STATES = ['running', 'warned', 'met', 'late'] as const;
export const IncidentClock = z
  .object({
    dueAt: Timestamp,
    warnAt: Timestamp.nullable().describe('when those responsible are warned'),
    state: z.enum(INCIDENT_CLOCK_STATES),
    metAt: Timestamp.nullable(),
    leftMs: z.number().int().describe('until it is due, or what was left when it was met; negative: so much too late'),
  })
  .meta({ id: 'IncidentClock' });
export type IncidentClock = z.infer<typeof IncidentClock>;

const radius = z.object({
  objects: z.number().int(),
  units: z.number().int(),
  services: z.number().int(),
  first: z.array(z.string()).describe('the first of them, units and services before others; those of your divisions'),
  named: z.array(z.object({ id: z.string(), name: z.string(), nameEn: z.string().nullable() })).describe('what those are called'),
});

/** What somebody who acts on the incident wants at hand, as the inventory has it now. */
export const CauseCard = z
  .object({
    object: z.string(),
    name: z.string().nullable(),
    nameEn: z.string().nullable(),
    kind: z.string().nullable(),
    addresses: z.array(z.object({ address: z.string(), family: z.union([z.literal(4), z.literal(6)]), zone: z.string() })),
    runbook: z.string().nullable(),
    carrier: z.string().nullable(),
    circuitNumber: z.string().nullable(),
    hotline: z.string().nullable(),
  })
  .meta({ id: 'CauseCard' });
export type CauseCard = z.infer<typeof CauseCard>;

/** One look at the moment of the failure; `body` by its kind (`captures.ts`), null until it is done. */
export const IncidentCapture = z
  .object({
    kind: z.enum(['traceroute', 'samples']),
    target: z.string().describe('an address; an object or one of its checks'),
    state: z.enum(['asked', 'done', 'failed']),
    askedAt: Timestamp,
    doneAt: Timestamp.nullable(),
    error: z.string().nullable(),
    body: z.unknown(),
  })
  .meta({ id: 'IncidentCapture' });
export type IncidentCapture = z.infer<typeof IncidentCapture>;

const link = z.object({
  id: z.string(),
  number: z.number().int(),
  title: z.string(),
  titles: IncidentTitles,
  state: z.enum(INCIDENT_STATES),
});

/** What became of the messages to one contact by one channel; the messages themselves: `GET /api/v1/deliveries?incident=…`. */
const told = z.object({
  contact: z.string(),
  name: z.string().nullable(),
  channel: z.string(),
  delivered: z.number().int(),
  uncertain: z.number().int().describe('mails of which nobody knows whether they arrived'),
  underWay: z.number().int(),
  withheld: z.number().int(),
  failed: z.number().int(),
  steps: z.array(z.string()).describe('what was told, in order'),
  firstAt: Timestamp.nullable().describe('when the first of them was taken by the receiver'),
});

/** Who has it at one tier, and how far the work is there. */
const tier = z.object({
  node: z.string(),
  name: z.string().nullable().describe('what the node is called; null: it is not known here'),
  here: z.boolean(),
  state: z.enum(INCIDENT_STATES),
  owner: z.string().nullable(),
  firstReceiver: z.string().nullable(),
  acknowledgedAt: Timestamp.nullable(),
  closedAt: Timestamp.nullable(),
  respondBy: Timestamp.nullable(),
  repairBy: Timestamp.nullable(),
});
const asking = z.object({ node: z.string().nullable(), at: Timestamp, by: z.string(), note: z.string() });
const handOver = asking.extend({
  to: z.string().nullable(),
  state: z.enum(HAND_OVER_STATES),
  answeredAt: Timestamp.nullable(),
  answeredBy: z.string().nullable(),
  answer: z.string().nullable(),
});

const member = z.object({
  id: z.string(),
  name: z.string().nullable(),
  nameEn: z.string().nullable(),
  role: z.enum(['cause', 'symptom']),
  joinedAt: Timestamp,
  leftAt: Timestamp.nullable(),
});
/** `GET /api/v1/incidents/{id}/objects`. */
export const IncidentObjectPage = pageOf(member);

export const IncidentDetail = z
  .object({
    ...summary,
    objects: z.array(member).describe('the first 1,000'),
    timeline: z.array(
      z.object({
        at: Timestamp,
        kind: z.string(),
        actor: z.string(),
        detail: z.record(z.string(), z.unknown()),
        node: z.string().nullable().describe('the tier where it was written; null: here'),
      }),
    ),
    tiers: z.array(tier).describe('who has it at each tier, the one where it was opened first; empty: no other tier knows of it'),
    escalated: asking.nullable().describe('this tier asked the one above'),
    asked: asking.nullable().describe('a tier below asked this one'),
    handedDown: handOver.nullable().describe('given to a node below'),
    handedOver: handOver.nullable().describe('given to this node by the tier above'),
    clocks: z.object({
      toAcknowledgeMs: z.number().int().nullable(),
      toRepairMs: z.number().int().nullable().describe('from the start of the outage to its end'),
      openMs: z.number().int(),
      response: IncidentClock.nullable(),
      repair: IncidentClock.nullable(),
    }),
    blast: z.object({ at: Timestamp, lost: radius, redundancy: radius }).nullable().describe('whom it cut off; who lost redundancy alone'),
    facts: IncidentFacts.nullable().describe('of a condition, of flapping, of a node that is not heard: what was found'),
    causeCard: CauseCard.nullable().describe('null: the cause is no object'),
    captures: z.array(IncidentCapture),
    merged: z.array(link).describe('incidents merged into this one'),
    splitFrom: link.nullable(),
    splits: z.array(link),
    told: z.array(told),
  })
  .meta({ id: 'IncidentDetail' });
export type IncidentDetail = z.infer<typeof IncidentDetail>;
export type IncidentLink = z.infer<typeof link>;
export type IncidentTold = z.infer<typeof told>;
