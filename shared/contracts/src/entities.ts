/**
 * The inventory as it is stored (table `inventory`, column `body`), after the YAML configuration has been checked and
 * normalised: every default filled in, every id global (`<node>:<local id>` for objects), every reference resolved.
 * Readers (scheduler, pipeline, alerting, API) parse these; only the configuration loader knows the YAML.
 */
import { OBJECT_CLASSES, OBJECT_KINDS, SERVING_RULES } from '@beacontower/domain';
import { z } from 'zod';
import {
  ApplicationBody,
  CalendarBody,
  ConnectionBody,
  ObjectiveBody,
  ReportScheduleBody,
  TallyBody,
  UnitBody,
} from './figure-entities.ts';
import {
  ChannelBody,
  ClockBody,
  ConditionBody,
  ContactBody,
  EscalationBody,
  RotaBody,
  RouteBody,
  TemplateBody,
} from './telling-entities.ts';

export * from './figure-entities.ts';
export * from './telling-entities.ts';

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
  /** It is of another node, which judges it: nobody here probes, composes or correlates it (decision 0026). */
  remote: z.object({ node: z.string() }).exactOptional(),
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
  rota: RotaBody,
  escalation: EscalationBody,
  condition: ConditionBody,
  clock: ClockBody,
  template: TemplateBody,
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
