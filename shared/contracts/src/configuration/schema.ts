/** The YAML sections, strict: a key that is not known is a fault. Values are normalised; references are looked at later. */
import { OBJECT_CLASSES, type OBJECT_KINDS, SERVING_RULES } from '@beacontower/domain';
import { z } from 'zod';
import { CalendarYaml, HolidaysYaml } from './calendar-schema.ts';
import { ChannelYaml } from './channel-schema.ts';
import { ConditionYaml } from './condition-schema.ts';
import { ApplicationYaml, ConnectionYaml, TallyYaml, UnitYaml } from './connected-schema.ts';
import { ObjectiveYaml, ReportScheduleYaml } from './objective-schema.ts';
import { CredentialYaml, DefaultSnmpYaml, SnmpYaml } from './snmp-schema.ts';
import { ClockYaml, ContactYaml, EscalationYaml, RotaYaml, RouteYaml, TemplateYaml } from './telling-schema.ts';
import { AnyAddress, DivisionId, Duration, Id, Ipv4, Ipv6, Reference, Share, WebLink, Words, ZoneId } from './values.ts';

const language = z.enum(['zh', 'en']);
const count = (least: number, most: number) => z.number().int().min(least).max(most);

/** How checks are taken and judged; whatever is left out comes from `defaults`, then from the built-in policy of the pace. */
export const PolicyYaml = z.strictObject({
  interval: Duration.optional(),
  probes: count(1, 20).optional(),
  period: Duration.optional(),
  timeout: Duration.optional(),
  confirm: count(0, 5).optional(),
  downAfter: count(1, 100).optional(),
  upAfter: count(1, 100).optional(),
  unconfirmedDownAfter: count(1, 100).optional(),
  degradedLoss: Share.optional(),
  degradedAfter: count(1, 100).optional(),
  unknownAfter: count(2, 100).optional(),
});
export type PolicyYaml = z.infer<typeof PolicyYaml>;

export const NodeYaml = z.strictObject({
  id: Id,
  name: Words,
  division: DivisionId,
  timeZone: z.string().default('Asia/Shanghai'),
  language: language.default('zh'),
  /** Fixed by the first apply, for ever. */
  partitions: count(1, 1024).optional(),
});
export const DefaultsYaml = z.strictObject({
  policy: PolicyYaml.optional(),
  zone: Reference.optional(),
  division: DivisionId.optional(),
  party: Reference.optional(),
  snmp: DefaultSnmpYaml.optional(),
});
export type DefaultsYaml = z.infer<typeof DefaultsYaml>;

const PartyYaml = z.strictObject({
  id: Id,
  name: Words,
  nameEn: Words.optional(),
  tier: z.enum(['national', 'province', 'city', 'county', 'carrier', 'other']),
});
const ZoneYaml = z.strictObject({ id: ZoneId, name: Words.optional(), anchors: z.array(AnyAddress).min(1) });

const references = z.array(Reference);
/** `core-1`, `[core-1, core-2]`, `{any: […]}`, `{all: […]}` or `{atLeast: 2, of: […]}`; the short forms mean any. */
const ParentsYaml = z.union([
  Reference,
  references,
  z.strictObject({ any: references }),
  z.strictObject({ all: references }),
  z.strictObject({ atLeast: z.number().int().min(1), of: references }),
]);

const DivisionYaml = z.strictObject({
  id: DivisionId,
  name: Words,
  nameEn: Words.optional(),
  code: Words.optional(),
  /** What everything in it hangs on that does not say. */
  parents: ParentsYaml.optional(),
});
export type DivisionYaml = z.infer<typeof DivisionYaml>;

/** What a composite is made of: in long form only, since it must say whether one member is enough. */
const CombinesYaml = z.union([
  z.strictObject({ any: references.min(1) }),
  z.strictObject({ all: references.min(1) }),
  z.strictObject({ atLeast: z.number().int().min(1), of: references.min(1) }),
]);

const common = {
  id: Id,
  name: Words,
  nameEn: Words.optional(),
  division: DivisionId.optional(),
  party: Reference.optional(),
  class: z.enum(OBJECT_CLASSES).optional(),
  zone: Reference.optional(),
  weight: z.number().nonnegative().optional(),
  runbook: WebLink.optional(),
  addresses: z.strictObject({ ipv4: Ipv4.optional(), ipv6: Ipv6.optional() }).optional(),
  parents: ParentsYaml.optional(),
  servingRule: z.enum(SERVING_RULES).optional(),
  policy: PolicyYaml.optional(),
  /** Further facts, shown as they are. */
  facts: z.record(z.string(), Words).optional(),
};
const line = { carrier: Words.optional(), circuitNumber: Words.optional(), hotline: Words.optional(), bandwidth: Words.optional() };
/** One end of a circuit: an object of the inventory (and an interface of it), or a place in words. */
const EndYaml = z.union([z.strictObject({ object: Reference, interface: Words.optional() }), z.strictObject({ place: Words })]);

const DeviceYaml = z.strictObject({
  ...common,
  vendor: Words.optional(),
  model: Words.optional(),
  role: Words.optional(),
  /** `true`, the id of a credential, or a mapping. */
  snmp: SnmpYaml.optional(),
});
const composite = { combines: CombinesYaml.optional() };
const CircuitYaml = z.strictObject({ ...common, ...composite, ...line, ends: z.tuple([EndYaml, EndYaml]).optional() });
const AccessLineYaml = z.strictObject({ ...common, ...composite, ...line, unit: Words, unitCode: Words.optional() });
const InternetExitYaml = z.strictObject({ ...common, ...composite, ...line });
const ServiceYaml = z.strictObject({ ...common, ...composite, owner: Words.optional() });
const SiteYaml = z.strictObject({ ...common, ...composite, location: Words.optional() });

/** What all sorts of objects have in common once their own facts are told apart. */
export type ObjectYaml = z.infer<typeof DeviceYaml> & Partial<z.infer<typeof CircuitYaml>> & Readonly<Record<string, unknown>>;

/** Every list section with the schema of its items. */
export const LISTS = {
  divisions: DivisionYaml,
  parties: PartyYaml,
  zones: ZoneYaml,
  credentials: CredentialYaml,
  devices: DeviceYaml,
  circuits: CircuitYaml,
  accessLines: AccessLineYaml,
  internetExits: InternetExitYaml,
  services: ServiceYaml,
  sites: SiteYaml,
  calendars: CalendarYaml,
  holidays: HolidaysYaml,
  objectives: ObjectiveYaml,
  channels: ChannelYaml,
  templates: TemplateYaml,
  contacts: ContactYaml,
  rotas: RotaYaml,
  escalations: EscalationYaml,
  routes: RouteYaml,
  clocks: ClockYaml,
  conditions: ConditionYaml,
  connections: ConnectionYaml,
  units: UnitYaml,
  applications: ApplicationYaml,
  tallies: TallyYaml,
  reportSchedules: ReportScheduleYaml,
} as const;
export type ListSection = keyof typeof LISTS;
export type ListItem<S extends ListSection> = z.infer<(typeof LISTS)[S]>;
export const LIST_SECTIONS = Object.keys(LISTS) as ListSection[];
export const SECTIONS: readonly string[] = ['node', 'defaults', ...LIST_SECTIONS];

/** The sections whose items are objects, in the order of the domain's kinds. */
export const OBJECT_SECTIONS = {
  devices: 'device',
  circuits: 'circuit',
  accessLines: 'access-line',
  internetExits: 'internet-exit',
  services: 'service',
  sites: 'site',
} as const satisfies Partial<Record<ListSection, (typeof OBJECT_KINDS)[number]>>;
export type ObjectSection = keyof typeof OBJECT_SECTIONS;

/** Keys of a kind's own, kept as attributes. */
export const ATTRIBUTE_KEYS = [
  'nameEn',
  'vendor',
  'model',
  'role',
  'carrier',
  'circuitNumber',
  'hotline',
  'bandwidth',
  'unit',
  'unitCode',
  'owner',
  'location',
] as const;
