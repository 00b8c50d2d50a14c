/** What the lines of a federation log may say (protocol v1). Times are epoch ms; objects are named by their global ids, `<node>:<local>`. */
import { OBJECT_CLASSES, OBJECT_KINDS, REASONS, STATES } from '@beacontower/domain';
import { z } from 'zod';
import { CAUSE_CATEGORY_CODES } from '../cause-categories.ts';
import { BlastRadius, IncidentFacts } from '../telling.ts';
import { INCIDENT_KINDS, SEVERITIES } from '../words.ts';
import { EpochMs, LogPlace } from './codes.ts';

const State = z.enum(STATES);
const text = (most: number) => z.string().max(most);
/** A node's id: what stands before the colon of the ids of its objects. */
export const NodeId = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'expected lower-case letters, digits and "-"');
export const GlobalId = z
  .string()
  .max(256)
  .regex(/^[a-z0-9][a-z0-9-]*:.+$/, 'expected an id such as gd:core-1');
const Division = z.string().max(256);

/** An edge on the time axis: surely within `[earliest, latest]`, `at` by the rule of decision 0002. A system that keeps no bounds gives the three alike. */
export const WireEdge = z
  .strictObject({ at: EpochMs, earliest: EpochMs, latest: EpochMs })
  .refine(({ at, earliest, latest }) => earliest <= at && at <= latest, 'expected earliest <= at <= latest');

/** The first line of every log: whose it is, and which of another incarnation of the same node it goes on from. */
export const IncarnationPayload = z.strictObject({
  incarnation: z.uuid(),
  node: NodeId,
  division: Division,
  previous: LogPlace.nullable().describe('the last place of the incarnation before that this one still has; null: there was none'),
  knownUntil: EpochMs.nullable().describe('up to when the incarnation before had been judged where it ends'),
});

/** A node whose objects are spoken of: the sender, or one that reports to it. */
export const NodePayload = z.strictObject({
  id: NodeId,
  name: text(200),
  nameEn: text(200).nullable(),
  division: Division,
  timeZone: text(64),
  via: NodeId.nullable().describe('the node it reports to; null of the sender itself'),
});

export const WireCheck = z.strictObject({
  id: text(300),
  kind: z.enum(['icmp', 'snmp', 'interface']),
  family: z.union([z.literal(4), z.literal(6)]).nullable(),
  target: text(200).describe('the address, or the name of the interface'),
  device: GlobalId.nullable().describe('of an interface: the device that has it'),
  intervalMs: z.number().int().positive().nullable().describe('null of an interface: it is asked with its device'),
  resolutionMs: z.number().int().positive().nullable().describe('the longest outage that the check can miss'),
});

const ParentRule = z.discriminatedUnion('require', [
  z.strictObject({ require: z.literal('any') }),
  z.strictObject({ require: z.literal('all') }),
  z.strictObject({ require: z.literal('at-least'), count: z.number().int().min(1) }),
]);

/** An object as it is from `validFrom` on. */
export const WireObject = z.strictObject({
  id: GlobalId,
  kind: z.enum(OBJECT_KINDS),
  name: text(300),
  nameEn: text(300).nullable(),
  division: Division,
  class: z.enum(OBJECT_CLASSES),
  party: text(200).nullable(),
  weight: z.number().nonnegative(),
  parents: z.array(GlobalId).max(1_000),
  rule: ParentRule,
  quiet: z.boolean(),
  combines: z
    .strictObject({ rule: ParentRule, of: z.array(GlobalId).min(1).max(1_000) })
    .nullable()
    .describe('a composite: the sender makes its state out of those of others'),
  checks: z.array(WireCheck).max(64),
  attributes: z.record(text(64), text(1_000)),
});
export type WireObject = z.infer<typeof WireObject>;

/** One version of an object: so it was, or is, over `[validFrom, validTo)`. It takes the place of the version with the same id and beginning. */
export const InventoryPayload = z
  .strictObject({ validFrom: EpochMs, validTo: EpochMs.nullable(), object: WireObject })
  .refine(({ validFrom, validTo }) => validTo === null || validTo >= validFrom, 'the version ends before it begins');
export type InventoryPayload = z.infer<typeof InventoryPayload>;

export const PartyPayload = z.strictObject({
  id: text(200),
  name: text(200),
  nameEn: text(200).nullable(),
  tier: z.enum(['national', 'province', 'city', 'county', 'carrier', 'other']),
});

const change = {
  from: State,
  to: State,
  at: EpochMs,
  earliest: EpochMs,
  latest: EpochMs,
  reason: z.enum(REASONS),
  decidedAt: EpochMs,
};
const subject = { object: GlobalId, check: text(300).nullable(), resolutionMs: z.number().int().nonnegative() };
const ordered = ({ at, earliest, latest }: { at: number; earliest: number; latest: number }) => earliest <= at && at <= latest;

/** A change of state of an object (`check` null) or of one of its checks. */
export const TransitionPayload = z.strictObject({ ...subject, ...change }).refine(ordered, 'expected earliest <= at <= latest');
export type TransitionPayload = z.infer<typeof TransitionPayload>;

/** All that is known now of a subject over `[from, to)`, in place of what was said of it before; `to` null: without an end. */
export const RevisionPayload = z.strictObject({
  ...subject,
  from: EpochMs,
  to: EpochMs.nullable(),
  transitions: z.array(z.strictObject(change).refine(ordered, 'expected earliest <= at <= latest')).max(10_000),
});
export type RevisionPayload = z.infer<typeof RevisionPayload>;

/** An outage as a whole, of a system that keeps no transitions. The same outage again, with its end, is one outage. */
export const OutagePayload = z.strictObject({
  object: GlobalId,
  began: WireEdge,
  ended: WireEdge.nullable(),
  resolutionMs: z.number().int().nonnegative(),
});

/** A line of an incident's timeline. `id` is unique for ever; `node` says at which tier it was written. */
export const IncidentLine = z.strictObject({
  id: text(100),
  node: NodeId,
  at: EpochMs,
  kind: text(64),
  actor: text(200),
  detail: z.record(z.string(), z.unknown()),
});
export type IncidentLine = z.infer<typeof IncidentLine>;

/** Who has an incident at one tier, and how far the work is there. */
export const TierView = z.strictObject({
  node: NodeId,
  state: z.enum(['open', 'acknowledged', 'resolved', 'closed']),
  owner: text(200).nullable(),
  firstReceiver: text(200).nullable(),
  acknowledgedAt: EpochMs.nullable(),
  closedAt: EpochMs.nullable(),
  respondBy: EpochMs.nullable(),
  repairBy: EpochMs.nullable(),
});
export type TierView = z.infer<typeof TierView>;

/** An object in an incident, from when to when; one that comes back is there twice. */
export const IncidentMember = z.strictObject({
  object: text(256),
  role: z.enum(['cause', 'symptom']),
  joinedAt: EpochMs,
  leftAt: EpochMs.nullable(),
});
export type IncidentMember = z.infer<typeof IncidentMember>;

/** What every tier says alike of an incident: what it is about is the word of the node where it was opened (`home`). */
export const IncidentFactsPayload = z.strictObject({
  id: z.uuid(),
  home: NodeId,
  kind: z.enum(INCIDENT_KINDS),
  severity: z.enum(SEVERITIES),
  cause: text(256),
  division: Division,
  class: z.enum(OBJECT_CLASSES),
  party: text(200).nullable(),
  title: text(500),
  titleEn: text(500).nullable(),
  started: WireEdge,
  openedAt: EpochMs,
  resolvedAt: EpochMs.nullable(),
  causeCategory: z.enum(CAUSE_CATEGORY_CODES).nullable(),
  chargedParty: text(200).nullable(),
  members: z.strictObject({
    total: z.number().int().nonnegative(),
    first: z.array(text(256)).max(1_000),
    changes: z
      .array(IncidentMember)
      .max(1_000)
      .optional()
      .describe('objects that came or went since they were last told of: by these, downtime is charged alike at every tier'),
  }),
  facts: IncidentFacts.nullable().optional().describe('of a condition, of flapping: what was found'),
  blast: BlastRadius.nullable().optional().describe('whom it cut off'),
});

/** An incident as it stands, with the lines of its timeline that are new since it was last told of. */
export const IncidentPayload = z.strictObject({
  incident: IncidentFactsPayload,
  tiers: z
    .array(TierView)
    .max(8)
    .describe('of the teller and the tiers behind it that act on it; none where a tier above only says something of it'),
  /** Asked for at the tier above; null: it is told of, and nobody there has to do anything. */
  escalated: z.strictObject({ at: EpochMs, by: text(200), note: text(2_000) }).nullable(),
  lines: z.array(IncidentLine).max(1_000),
});
export type IncidentPayload = z.infer<typeof IncidentPayload>;

const statedBy = NodeId.exactOptional().describe(
  'whose statement it is: it holds for the objects of that node, and of those that report to it; absent: the sender',
);

export const MaintenancePayload = z.strictObject({
  id: z.uuid(),
  node: statedBy,
  title: text(500),
  objects: z.array(GlobalId).max(10_000),
  divisions: z.array(Division).max(1_000),
  startsAt: EpochMs,
  endsAt: EpochMs,
  createdAt: EpochMs,
  createdBy: text(200),
  approvedAt: EpochMs.nullable(),
  approvedBy: text(200).nullable(),
  cancelledAt: EpochMs.nullable(),
  cancelledBy: text(200).nullable(),
});

export const ReclassificationPayload = z.strictObject({
  id: z.uuid(),
  node: statedBy,
  effect: z.enum(['exclude', 'count', 'charge']),
  objects: z.array(GlobalId).max(10_000),
  divisions: z.array(Division).max(1_000),
  startsAt: EpochMs,
  endsAt: EpochMs,
  party: text(200).nullable(),
  reason: text(2_000),
  recordedAt: EpochMs,
  recordedBy: text(200),
  withdrawnAt: EpochMs.nullable(),
  withdrawnBy: text(200).nullable(),
  withdrawnReason: text(2_000).nullable(),
});

/** Sums of accounts of one local day over the objects of one division and class (basis: experienced), against which the tier above holds its own. */
export const RollupPayload = z.strictObject({
  date: z.iso.date(),
  timeZone: text(64),
  division: Division,
  class: z.enum(OBJECT_CLASSES),
  objects: z.number().int().nonnegative(),
  upMs: z.number().int().nonnegative(),
  downMs: z.number().int().nonnegative(),
  unknownMs: z.number().int().nonnegative(),
  excludedMs: z.number().int().nonnegative(),
  downLeastMs: z.number().int().nonnegative(),
  downMostMs: z.number().int().nonnegative(),
});
export type RollupPayload = z.infer<typeof RollupPayload>;
