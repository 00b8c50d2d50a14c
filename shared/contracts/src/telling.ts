/** What the record keeps of telling people: notices, why a delivery goes where it goes, and what incidents are about beside outages. */
import { STATES } from '@beacontower/domain';
import { z } from 'zod';
import { SAMPLE_METRICS } from './telling-entities.ts';
import { SEVERITIES } from './words.ts';

const epochMs = z.number().int().nonnegative();

/**
 * What is told of an incident. Whoever got any of these but the last is owed `resolved`.
 * `opened`, `escalated` (it got worse); `repeated` while nobody acknowledges; `unacknowledged`: a step of an escalation;
 * `assigned` to the one who is asked to take it; `respond-soon`, `respond-late`, `repair-soon`, `repair-late`: its clocks;
 * `duty`: it is open while the receiver comes on duty; `merged` into another; `resolved`.
 */
export const NOTICE_STEPS = [
  'opened',
  'escalated',
  'repeated',
  'unacknowledged',
  'assigned',
  'respond-soon',
  'respond-late',
  'repair-soon',
  'repair-late',
  'duty',
  'merged',
  'resolved',
] as const;
export type NoticeStep = (typeof NOTICE_STEPS)[number];

/** How an incident ended: the cause serves again (the condition holds no more), was retired, a person ended it, or it is no longer to alarm. */
export const RESOLUTIONS = ['recovered', 'retired', 'by-hand', 'unwatched'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** Column `body` of a notice; which fields are there goes by its step. */
export const NoticeBody = z.object({
  /** With `resolved`. */
  resolution: z.enum(RESOLUTIONS).exactOptional(),
  /** With `repeated`, `unacknowledged`: the route that asked for it. */
  route: z.string().exactOptional(),
  /** With `unacknowledged`: the escalation, and which of its steps (from 0, those of `next` counted on). */
  escalation: z.string().exactOptional(),
  stepNumber: z.number().int().nonnegative().exactOptional(),
  /** With `assigned`: who is asked to take it, by whom. With `merged`: the number of the other incident. */
  to: z.string().exactOptional(),
  by: z.string().exactOptional(),
  into: z.number().int().exactOptional(),
  /** With `duty`: the rota and the contact that comes on duty. */
  rota: z.string().exactOptional(),
  contact: z.string().exactOptional(),
  note: z.string().exactOptional(),
});
export type NoticeBody = z.infer<typeof NoticeBody>;

/** Column `because` of a delivery: how its contact came to be told. */
export const DeliveryBecause = z.object({
  route: z.string().nullable().default(null),
  /** No other route matched. */
  byDefault: z.boolean().default(false),
  rota: z.string().nullable().default(null),
  /** Nobody was on duty, so the rota's `otherwise` (or the default route) is told. */
  nobodyOnDuty: z.boolean().default(false),
  escalation: z.string().nullable().default(null),
  stepNumber: z.number().int().nullable().default(null),
});
export type DeliveryBecause = z.infer<typeof DeliveryBecause>;

/** Whom an incident cut off, and who lost redundancy alone; the first of each by name, all by number. Objects by id. */
export const BlastRadius = z.object({
  /** Epoch ms: as of when. */
  at: epochMs,
  lost: z.object({ objects: z.number().int(), units: z.number().int(), services: z.number().int(), first: z.array(z.string()) }),
  redundancy: z.object({ objects: z.number().int(), units: z.number().int(), services: z.number().int(), first: z.array(z.string()) }),
});
export type BlastRadius = z.infer<typeof BlastRadius>;

/** Column `facts` of a condition's incident. */
export const ConditionFacts = z.object({
  kind: z.literal('condition'),
  condition: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  test: z.enum([...SAMPLE_METRICS, 'state', 'restart']),
  /** In the unit of the test, as last seen; null for a state or a restart. */
  value: z.number().nullable(),
  worst: z.number().nullable(),
  raise: z.number().nullable(),
  clear: z.number().nullable(),
  side: z.enum(['above', 'below']).nullable(),
  /** Of a state: which. */
  state: z.enum(['down', 'degraded', 'unknown']).nullable(),
  forMs: epochMs,
  severity: z.enum(SEVERITIES),
  runbook: z.string().nullable(),
});
export type ConditionFacts = z.infer<typeof ConditionFacts>;

/** Column `facts` of a flapping's incident: the weighted share of changes over the last 20 rounds, and the limits. */
export const FlappingFacts = z.object({
  kind: z.literal('flapping'),
  share: z.number(),
  begins: z.number(),
  ends: z.number(),
  /** Changes within these rounds. */
  changes: z.number().int(),
  rounds: z.number().int(),
});
export type FlappingFacts = z.infer<typeof FlappingFacts>;

/** What is seen from here of the place where a silent node is: an own object with the attribute role: landing. Times are epoch ms. */
export const LandingFact = z.object({
  object: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  state: z.enum(STATES),
  since: epochMs.nullable(),
});
export type LandingFact = z.infer<typeof LandingFact>;

/** Column `facts` of the incident about a node that is not heard, as last seen. */
export const LinkFacts = z.object({
  kind: z.literal('link'),
  node: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  heardAt: epochMs,
  /** Longer without a message is silence. */
  afterMs: epochMs,
  /** Up to when its record is here; null: nothing of it is. */
  observedUntil: epochMs.nullable(),
  /** What is unobserved from here since. */
  objects: z.number().int(),
  /** Other nodes that report here, and how many of them are silent as well: if all are, look at this side first. */
  others: z.number().int(),
  othersSilent: z.number().int(),
  /** Why its messages are refused, where it speaks and is not taken. */
  refused: z.object({ code: z.string(), detail: z.string() }).nullable(),
  landing: z.array(LandingFact),
});
export type LinkFacts = z.infer<typeof LinkFacts>;

export const IncidentFacts = z.discriminatedUnion('kind', [ConditionFacts, FlappingFacts, LinkFacts]);
export type IncidentFacts = z.infer<typeof IncidentFacts>;
