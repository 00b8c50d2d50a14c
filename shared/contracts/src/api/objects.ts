import { CHECK_KINDS, OBJECT_CLASSES, OBJECT_KINDS, REASONS, SEGMENT_REASONS, SERVING_RULES } from '@beacontower/domain';
import { z } from 'zod';
import { SystemGroup } from '../entities.ts';
import { checkPeriod, DivisionPath, Instant, ObjectId, pageOf, paging, StateName, Timestamp } from './common.ts';
import { LatestTraffic } from './series.ts';

/**
 * `GET /api/v1/objects`: every given filter must hold; `division` covers everything below it; `q` is part of the name, the English name or the id;
 * `parent` is one of the object's parents (an interface's is its device).
 */
export const ObjectQuery = z.strictObject({
  kind: z.enum(OBJECT_KINDS).optional(),
  division: DivisionPath.optional(),
  class: z.enum(OBJECT_CLASSES).optional(),
  state: StateName.optional(),
  parent: ObjectId.optional().describe('objects that name this one as a parent; with kind=interface, the interfaces of a device'),
  quiet: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe('whether trouble of the object is recorded alone (true) or may open an incident (false)'),
  q: z.string().min(1).max(100).optional(),
  ...paging,
});
export type ObjectQuery = z.infer<typeof ObjectQuery>;

export const ObjectParams = z.strictObject({ id: ObjectId });

const checkFields = {
  id: z.string(),
  kind: z.enum(CHECK_KINDS),
  family: z
    .union([z.literal(4), z.literal(6)])
    .nullable()
    .describe('null for the status of an interface'),
  state: StateName,
  since: Timestamp.nullable(),
};
export const CheckState = z.object(checkFields).meta({ id: 'CheckState' });
export type CheckState = z.infer<typeof CheckState>;

/** A node below that is not heard: what is of it is unknown here from there on, whatever it is. */
export const Unobserved = z
  .object({
    node: z.string(),
    name: z.string(),
    nameEn: z.string().nullable(),
    since: Timestamp.nullable().describe('up to when its record is here; null: nothing of it ever was'),
  })
  .meta({ id: 'Unobserved', description: 'The node that judges it is not heard: it has not been observed from here since then' });
export type Unobserved = z.infer<typeof Unobserved>;

const objectFields = {
  id: z.string(),
  kind: z.enum(OBJECT_KINDS),
  name: z.string(),
  nameEn: z.string().nullable().describe('null: it has no English name'),
  division: z.string(),
  class: z.enum(OBJECT_CLASSES),
  party: z.string().nullable(),
  state: StateName,
  since: Timestamp.nullable().describe('null while nothing has been judged yet'),
  maintenance: z.boolean().describe('approved planned work is under way'),
  node: z.string().nullable().describe('the other node that it is of, and that judges it; null: this one'),
  unobserved: Unobserved.nullable().describe('why its state is unknown here; null: it is observed, or is of this node'),
  quiet: z.boolean().describe('its trouble is recorded and opens no incident: an interface nobody said to watch'),
};
export const ObjectSummary = z.object({ ...objectFields, checks: z.array(CheckState) }).meta({ id: 'ObjectSummary' });
export type ObjectSummary = z.infer<typeof ObjectSummary>;
export const ObjectPage = pageOf(ObjectSummary);
export type ObjectPage = z.infer<typeof ObjectPage>;

/** The newest sample of a check; round-trip times in ms, null when nothing answered. */
export const LatestSample = z.object({
  at: Timestamp,
  sent: z.number().int(),
  received: z.number().int(),
  loss: z.number().describe('fraction lost, 0 to 1'),
  rttMinMs: z.number().nullable(),
  rttAvgMs: z.number().nullable(),
  rttMaxMs: z.number().nullable(),
  jitterMs: z.number().nullable(),
});
export type LatestSample = z.infer<typeof LatestSample>;

/** What a collector last met when it looked, in words a person can act on. */
export const LookDetailView = z
  .object({ reason: z.enum(REASONS), text: z.string(), at: Timestamp })
  .meta({ id: 'LookDetail', description: 'What a collector last met when it looked, in words a person can act on' });
export type LookDetailView = z.infer<typeof LookDetailView>;

export const CheckDetail = z
  .object({
    ...checkFields,
    reason: z.enum(REASONS).nullable().describe('why the state was entered; null while nothing has been judged yet'),
    address: z
      .string()
      .nullable()
      .describe("where it is asked; of an interface its device's, and null when that is not asked (any more) or outside your scope"),
    port: z.number().int().nullable().describe('UDP port of an SNMP agent; null for ICMP'),
    zone: z.string().nullable(),
    intervalMs: z.number().int().nullable(),
    device: z.string().nullable().describe('of an interface: the device that has it'),
    interface: z.string().nullable().describe('of an interface: the name the device has for it now'),
    detail: LookDetailView.nullable().describe('what the last look met beyond its verdict; null when there is nothing to add'),
    latest: LatestSample.nullable().describe('of an ICMP check'),
    traffic: LatestTraffic.nullable().describe('of an interface; null while it was read only once, or the recorder is away'),
  })
  .meta({ id: 'CheckDetail' });
export type CheckDetail = z.infer<typeof CheckDetail>;

export const ObjectDetail = z
  .object({
    ...objectFields,
    checks: z.array(CheckDetail),
    servingRule: z.enum(SERVING_RULES),
    parents: z.array(z.string()),
    parentsRequired: z.string().describe('any, all, or at-least-<k>'),
    weight: z.number(),
    runbook: z.string().nullable(),
    attributes: z.record(z.string(), z.string()),
    system: SystemGroup.nullable().describe('what the device last said of itself by SNMP (SNMPv2-MIB system group)'),
    interfaces: z.number().int().describe('interfaces of the device that are objects: GET /api/v1/objects?kind=interface&parent=<id>'),
    incident: z.string().nullable().describe('the incident under way that this object is a cause or a symptom of'),
  })
  .meta({ id: 'ObjectDetail' });
export type ObjectDetail = z.infer<typeof ObjectDetail>;

/** `GET /api/v1/objects/{id}/timeline` */
export const PeriodQuery = z.strictObject({ from: Instant, to: Instant }).superRefine(checkPeriod);

export const TimelineSegment = z
  .object({
    from: Timestamp,
    to: Timestamp,
    state: StateName,
    reason: z
      .enum(SEGMENT_REASONS)
      .describe('why the state was entered; of unknown: not-judged-yet, not-monitored, not-looked-at, vantage-blind, retired'),
    excluded: z.boolean(),
    edgeUncertaintyMs: z.number().int().describe('it truly began within this much before or after from'),
    cause: z.string().nullable().describe('the object whose outage this one was found to follow from'),
    party: z.string().nullable().describe('the party the outage is charged to'),
  })
  .meta({ id: 'TimelineSegment' });
export type TimelineSegment = z.infer<typeof TimelineSegment>;
export const Timeline = z.object({
  items: z.array(TimelineSegment),
  asOf: Timestamp.nullable().describe(
    'the object has been judged up to here; what lies beyond is unknown, not-judged-yet; null: never yet',
  ),
  unobserved: Unobserved.nullable().describe('of an object of a node that is not heard: why nothing is known from there on'),
});

/** `GET /api/v1/topology` */
export const TopologyQuery = z.strictObject({ division: DivisionPath.optional() });
export const Topology = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      kind: z.enum(OBJECT_KINDS),
      class: z.enum(OBJECT_CLASSES),
      division: z.string(),
      state: StateName,
      since: Timestamp.nullable(),
      parentsRequired: z.string(),
    }),
  ),
  edges: z.array(z.object({ from: z.string().describe('the parent'), to: z.string().describe('the child') })),
});
export type Topology = z.infer<typeof Topology>;
