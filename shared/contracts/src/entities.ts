/**
 * The inventory as it is stored (table `inventory`, column `body`), after the YAML configuration has been checked and
 * normalised: every default filled in, every id global (`<node>:<local id>` for objects), every reference resolved.
 * Readers (scheduler, pipeline, alerting, API) parse these; only the configuration loader knows the YAML.
 */
import { OBJECT_CLASSES, OBJECT_KINDS, SERVING_RULES } from '@beacontower/domain';
import { z } from 'zod';

const ms = z.number().int().positive();

const judging = {
  intervalMs: ms,
  downAfter: z.number().int().min(1),
  upAfter: z.number().int().min(1),
  unconfirmedDownAfter: z.number().int().min(1),
  degradedAfter: z.number().int().min(1),
  unknownAfter: z.number().int().min(2),
};

export const IcmpPolicyBody = z.object({
  ...judging,
  probes: z.number().int().min(1).max(20),
  periodMs: ms,
  timeoutMs: ms,
  confirmPasses: z.number().int().min(0).max(5),
  degradedLoss: z.number().min(0).max(1),
});

export const SnmpPolicyBody = z.object({ ...judging, timeoutMs: ms, retries: z.number().int().min(0).max(10) });

const family = z.union([z.literal(4), z.literal(6)]);
const IcmpCheckBody = z.object({
  id: z.string(),
  objectId: z.string(),
  kind: z.literal('icmp'),
  family,
  address: z.string(),
  zone: z.string(),
  policy: IcmpPolicyBody,
});
const SnmpCheckBody = z.object({
  id: z.string(),
  objectId: z.string(),
  kind: z.literal('snmp'),
  family,
  address: z.string(),
  port: z.number().int().min(1).max(65535),
  zone: z.string(),
  credential: z.string(),
  policy: SnmpPolicyBody,
  interfaces: z.object({ watch: z.array(z.string()), ignore: z.array(z.string()) }),
});
const InterfaceCheckBody = z.object({
  id: z.string(),
  objectId: z.string(),
  kind: z.literal('interface'),
  device: z.string(),
  ifName: z.string(),
});
export const CheckBody = z.discriminatedUnion('kind', [IcmpCheckBody, SnmpCheckBody, InterfaceCheckBody]);

/** Entity `object`; parses to the domain's `MonitoredObject`. */
export const ObjectBody = z.object({
  id: z.string(),
  kind: z.enum(OBJECT_KINDS),
  name: z.string(),
  division: z.string(),
  class: z.enum(OBJECT_CLASSES),
  party: z.string().nullable(),
  servingRule: z.enum(SERVING_RULES),
  dependency: z.object({
    parents: z.array(z.string()),
    rule: z.discriminatedUnion('require', [
      z.object({ require: z.literal('any') }),
      z.object({ require: z.literal('all') }),
      z.object({ require: z.literal('at-least'), count: z.number().int().min(1) }),
    ]),
  }),
  checks: z.array(CheckBody),
  weight: z.number().nonnegative(),
  runbook: z.string().nullable(),
  quiet: z.literal(true).exactOptional(),
  /** A composite: it is what these make of it, and has no checks of its own. */
  combines: z
    .object({
      rule: z.discriminatedUnion('require', [
        z.object({ require: z.literal('any') }),
        z.object({ require: z.literal('all') }),
        z.object({ require: z.literal('at-least'), count: z.number().int().min(1) }),
      ]),
      of: z.array(z.string()).min(1),
    })
    .exactOptional(),
  attributes: z.record(z.string(), z.string()),
});
export type ObjectBody = z.infer<typeof ObjectBody>;

/** Entity `node` (one row, id = the node's own id). */
export const NodeBody = z.object({
  id: z.string(),
  name: z.string(),
  division: z.string(),
  timeZone: z.string(),
  language: z.enum(['zh', 'en']),
});
export type NodeBody = z.infer<typeof NodeBody>;

/** Entity `zone`: a place probes are sent from. At least one anchor must answer before a "down" seen from it is believed. */
export const ZoneBody = z.object({ id: z.string(), name: z.string(), anchors: z.array(z.string()).min(1) });
export type ZoneBody = z.infer<typeof ZoneBody>;

/** Entity `division`; `id` is the dotted path, `code` the GB/T 2260 or internal code. */
export const DivisionBody = z.object({ id: z.string(), name: z.string(), nameEn: z.string().nullable(), code: z.string().nullable() });
export type DivisionBody = z.infer<typeof DivisionBody>;

/** Entity `party`: who answers for objects. */
export const PartyBody = z.object({
  id: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  tier: z.enum(['national', 'province', 'city', 'county', 'carrier', 'other']),
});
export type PartyBody = z.infer<typeof PartyBody>;

/**
 * Entity `credential`: how SNMP agents are asked. `sealed` is JSON of `SnmpSecret`, sealed with the node's key; nobody but a
 * collector opens it. `summary` says in words what may be shown (`v3 authPriv sha256 aes128`).
 */
export const CredentialBody = z.object({
  id: z.string(),
  version: z.enum(['1', '2c', '3']),
  sealed: z.string(),
  summary: z.string(),
});
export type CredentialBody = z.infer<typeof CredentialBody>;

export const SNMP_AUTH_PROTOCOLS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;
/** AES with 192 and 256 bits in the two ways keys are extended: Blumenthal (`b`) and Reeder (`r`, as Cisco has it). */
export const SNMP_PRIVACY_PROTOCOLS = ['des', 'aes128', 'aes256b', 'aes256r'] as const;

/** What a credential's seal holds. Never logged, never in an answer. */
export const SnmpSecret = z.discriminatedUnion('version', [
  z.object({ version: z.enum(['1', '2c']), community: z.string().min(1) }),
  z.object({
    version: z.literal('3'),
    user: z.string().min(1),
    context: z.string(),
    auth: z.object({ protocol: z.enum(SNMP_AUTH_PROTOCOLS), key: z.string().min(8) }).nullable(),
    privacy: z.object({ protocol: z.enum(SNMP_PRIVACY_PROTOCOLS), key: z.string().min(8) }).nullable(),
  }),
]);
export type SnmpSecret = z.infer<typeof SnmpSecret>;

/** What a credential's secret is sealed for: a seal does not open as that of another credential. */
export const credentialContext = (id: string): string => `credential ${id}`;

/** One row of a device's interface table as it was seen: names and what does not change from poll to poll. */
export const SeenInterface = z.object({
  /** ifIndex; it may be another after a restart. */
  index: z.number().int(),
  /** ifName, or ifDescr where there is none; unique within the device (`#<ifIndex>` added to repeats). */
  name: z.string(),
  alias: z.string(),
  descr: z.string(),
  /** IANAifType. */
  type: z.number().int(),
  /** ifHighSpeed, Mbit/s; 0 when the device does not say. */
  speed: z.number(),
});
export type SeenInterface = z.infer<typeof SeenInterface>;

/** SNMPv2-MIB system group; empty strings where the device says nothing. */
export const SystemGroup = z.object({
  descr: z.string(),
  objectId: z.string(),
  name: z.string(),
  location: z.string(),
  contact: z.string(),
});
export type SystemGroup = z.infer<typeof SystemGroup>;

/** Entity `seen-device` (origin discovery; id = the device's): what it last said of itself. Versions are its history. */
export const SeenDeviceBody = z.object({
  id: z.string(),
  system: SystemGroup,
  /** `tableDigest` of the interfaces. */
  digest: z.string(),
  interfaces: z.array(SeenInterface),
});
export type SeenDeviceBody = z.infer<typeof SeenDeviceBody>;

export const AGGREGATES = ['mean', 'time-weighted', 'user-weighted'] as const;
export const OBJECTIVE_PERIODS = ['day', 'week', 'month', 'quarter', 'half-year', 'year', 'rolling'] as const;
export const BASES = ['experienced', 'responsible'] as const;

/**
 * An early warning: an incident is opened when the error budget burns at least `rate` times as fast as it may over the long and
 * over the short window (1 would use up exactly the budget of the period).
 */
export const BurnWarning = z.object({
  severity: z.enum(['critical', 'major', 'minor', 'warning']),
  longMs: ms,
  shortMs: ms,
  rate: z.number().positive(),
});
export type BurnWarning = z.infer<typeof BurnWarning>;

/** What members of an objective have in common; null is no criterion. */
export const ObjectiveWhere = z.object({
  kinds: z.array(z.enum(OBJECT_KINDS)).nullable(),
  /** Inside any of these. */
  divisions: z.array(z.string()).nullable(),
  parties: z.array(z.string()).nullable(),
  /** Each must be among the object's attributes with this value. */
  attributes: z.record(z.string(), z.string()).nullable(),
});

/**
 * Entity `objective`. Members: what meets every criterion that is given (`class`, `objects`, those of `where`) inside `division`.
 * The target is a fraction (0.9997). Fields with a default came later than the first stored bodies.
 */
export const ObjectiveBody = z.object({
  id: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  class: z.enum(OBJECT_CLASSES).nullable(),
  objects: z.array(z.string()).nullable(),
  where: ObjectiveWhere.nullable().default(null),
  division: z.string(),
  target: z.number().gt(0).lt(1),
  aggregate: z.enum(AGGREGATES),
  period: z.enum(OBJECTIVE_PERIODS),
  /** Length of a rolling period in local days, which ends with the last whole day; null for the others. */
  rollingDays: z.number().int().min(1).max(1100).nullable().default(null),
  /** `always`, or the id of a calendar. */
  calendar: z.string(),
  timeZone: z.string(),
  /** Which availability the target is about; the other is shown beside it. */
  basis: z.enum(BASES).default('experienced'),
  /** How long after its end a period is closed; null: only by hand. Rolling periods are not closed. */
  closeAfterMs: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .default(5 * 86_400_000),
  warnings: z.array(BurnWarning).default([]),
});
export type ObjectiveBody = z.infer<typeof ObjectiveBody>;

const localSpan = z.object({ from: z.number().int().min(0).max(1440), to: z.number().int().min(0).max(1440) });
const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** Entity `calendar`; parses to the domain's `Calendar`. Minutes are of local time, in the time zone of the objective. */
export const CalendarBody = z.object({
  id: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  /** Seven lists, Monday first. */
  week: z.array(z.array(localSpan)).length(7),
  /** Dates that are not what their weekday says: public holidays (no spans) and adjusted workdays. */
  dates: z.array(z.object({ date: localDate, spans: z.array(localSpan), name: z.string() })),
  /** The last date that its list of holidays tells of; null when it follows none. Later dates are what their weekday says. */
  knownUntil: localDate.nullable(),
});
export type CalendarBody = z.infer<typeof CalendarBody>;

export const ADMINISTRATIVE_LEVELS = ['central', 'province', 'city', 'county'] as const;

/**
 * Since when something of the real world is, as people know it: local dates of the node's time zone, `[since, until)` (`until` is the first
 * day it is not any more). Null `since`: from the day it came into the inventory; null `until`: until it leaves the inventory. The newest
 * version of an entity says them for its whole life, so that a corrected date corrects the past (decision 0004, 9): at a moment T it is
 * there when `since <= day(T) < until` and a version is valid at T or T lies before its first version; the facts (terminals, …) are those
 * of the version valid at T, before the first version those of the first. Without `since` nothing is there before the first version.
 */
const dated = { since: localDate.nullable().default(null), until: localDate.nullable().default(null) };

/** Entity `connection`: a division is connected to the network. `id` is its code: GB/T 2260 (six digits), or internal. */
export const ConnectionBody = z.object({ id: z.string(), name: z.string().nullable(), note: z.string().nullable(), ...dated });
export type ConnectionBody = z.infer<typeof ConnectionBody>;

/** Entity `unit`: a government unit that is connected. `division` is a path (`cn.gd`), as of objects. */
export const UnitBody = z.object({
  id: z.string(),
  name: z.string(),
  level: z.enum(ADMINISTRATIVE_LEVELS),
  division: z.string(),
  terminals: z.number().int().nonnegative().nullable(),
  /** Uses the unified Internet exit. */
  internetExit: z.boolean(),
  ...dated,
});
export type UnitBody = z.infer<typeof UnitBody>;

/** Entity `application`: a national (or local) application carried by the network. */
export const ApplicationBody = z.object({
  id: z.string(),
  name: z.string(),
  level: z.enum(ADMINISTRATIVE_LEVELS),
  division: z.string(),
  ...dated,
});
export type ApplicationBody = z.infer<typeof ApplicationBody>;

/**
 * Entity `tally`: what a division reports in numbers alone, beside the units that are named. Of those of one division and level that
 * are there at a moment, the one with the latest `since` counts; a number that is null is not reported.
 */
export const TallyBody = z.object({
  id: z.string(),
  division: z.string(),
  level: z.enum(ADMINISTRATIVE_LEVELS),
  units: z.number().int().nonnegative().nullable(),
  terminals: z.number().int().nonnegative().nullable(),
  applications: z.number().int().nonnegative().nullable(),
  ...dated,
});
export type TallyBody = z.infer<typeof TallyBody>;

export const REPORT_FORMATS = ['docx', 'pdf', 'xlsx', 'csv'] as const;

/** Entity `report-schedule`: a report made after each period ended, and sent to contacts by e-mail. */
export const ReportScheduleBody = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.literal('availability'),
  period: z.enum(['day', 'week', 'month', 'quarter', 'half-year', 'year']),
  division: z.string(),
  language: z.enum(['zh', 'en']),
  formats: z.array(z.enum(REPORT_FORMATS)).min(1),
  timeZone: z.string(),
  /** How long after the end of the period it is made. */
  afterMs: z.number().int().nonnegative(),
  contacts: z.array(z.string()),
});
export type ReportScheduleBody = z.infer<typeof ReportScheduleBody>;

/** Where a secret is to be found; never the secret itself. */
export const SecretReference = z.union([z.object({ env: z.string() }), z.object({ file: z.string() })]);
export type SecretReference = z.infer<typeof SecretReference>;

/** Entity `channel`. */
export const ChannelBody = z.discriminatedUnion('kind', [
  z.object({
    id: z.string(),
    kind: z.literal('webhook'),
    url: z.url({ protocol: /^https?$/ }),
    secret: SecretReference,
    timeoutMs: ms,
    maxAttempts: z.number().int().min(1).max(1000),
  }),
  z.object({
    id: z.string(),
    kind: z.literal('email'),
    host: z.string(),
    port: z.number().int().min(1).max(65535),
    /** `starttls` and `implicit` refuse to send in clear text; `none` is only for a relay on the same machine. */
    tls: z.enum(['starttls', 'implicit', 'none']),
    ca: SecretReference.nullable(),
    user: z.string().nullable(),
    password: SecretReference.nullable(),
    from: z.string(),
    timeoutMs: ms,
    maxAttempts: z.number().int().min(1).max(1000),
    /** What is done with a mail whose fate is unknown (the connection broke after the last dot). */
    inDoubt: z.enum(['resend', 'leave']),
  }),
]);
export type ChannelBody = z.infer<typeof ChannelBody>;

/** Entity `contact`: a person or a system that is told; `address` is the e-mail address, or null for a webhook. */
export const ContactBody = z.object({
  id: z.string(),
  name: z.string(),
  language: z.enum(['zh', 'en']),
  targets: z.array(z.object({ channel: z.string(), address: z.string().nullable() })).min(1),
});
export type ContactBody = z.infer<typeof ContactBody>;

export const SEVERITIES = ['critical', 'major', 'minor', 'warning'] as const;

/** Entity `route`: events that match every given criterion go to the contacts. All matching routes apply. */
export const RouteBody = z.object({
  id: z.string(),
  match: z.object({
    severities: z.array(z.enum(SEVERITIES)).nullable(),
    classes: z.array(z.enum(OBJECT_CLASSES)).nullable(),
    divisions: z.array(z.string()).nullable(),
    parties: z.array(z.string()).nullable(),
  }),
  contacts: z.array(z.string()).min(1),
});
export type RouteBody = z.infer<typeof RouteBody>;

/** Every sort of entity in the inventory, with its schema. */
export const ENTITY_SCHEMAS = {
  node: NodeBody,
  zone: ZoneBody,
  division: DivisionBody,
  party: PartyBody,
  object: ObjectBody,
  objective: ObjectiveBody,
  channel: ChannelBody,
  contact: ContactBody,
  route: RouteBody,
  credential: CredentialBody,
  'seen-device': SeenDeviceBody,
  calendar: CalendarBody,
  connection: ConnectionBody,
  unit: UnitBody,
  application: ApplicationBody,
  tally: TallyBody,
  'report-schedule': ReportScheduleBody,
} as const;
export type EntityKind = keyof typeof ENTITY_SCHEMAS;
export type EntityBody<K extends EntityKind> = z.infer<(typeof ENTITY_SCHEMAS)[K]>;

/** One desired entity, as the configuration loader hands it to `apply`. */
export type DesiredEntity = { [K in EntityKind]: { readonly entity: K; readonly id: string; readonly body: EntityBody<K> } }[EntityKind];
