/** The four tiers of responsibility an object can belong to, and the class its availability is published under. */
export const OBJECT_KINDS = ['device', 'circuit', 'access-line', 'internet-exit', 'service', 'site', 'interface'] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** Classes of published figures: 广域骨干网, 用户接入, 互联网出口; `other` is watched but in no published figure. */
export const OBJECT_CLASSES = ['backbone', 'user-access', 'internet-exit', 'other'] as const;
export type ObjectClass = (typeof OBJECT_CLASSES)[number];

/**
 * When an object with several checks serves: `any` of them is enough (degraded while some fail), or `all` are needed.
 */
export const SERVING_RULES = ['any', 'all'] as const;
export type ServingRule = (typeof SERVING_RULES)[number];

const SLASH = 0x2f;

/** How many of an object's parents must serve for it to be reachable. */
export type ParentRule =
  | { readonly require: 'any' }
  | { readonly require: 'all' }
  | { readonly require: 'at-least'; readonly count: number };

/** What other objects make of a composite: redundant uplinks (`any`), a series (`all`), or at least so many of them. */
export interface Combination {
  readonly rule: ParentRule;
  readonly of: readonly string[];
}

/** What an object needs in order to be reachable. An object without parents hangs on its vantage alone. */
export interface Dependency {
  readonly parents: readonly string[];
  readonly rule: ParentRule;
}

/** How the observations of a check become what is said of it; the same for every kind of check. All times are milliseconds. */
export interface JudgingPolicy {
  readonly intervalMs: number;
  /** Consecutive confirmed bad observations before "down" is said. */
  readonly downAfter: number;
  /** Consecutive good observations before "up" is said. */
  readonly upAfter: number;
  /** Consecutive bad observations before "down" is said when none could be confirmed (the token bucket was empty). */
  readonly unconfirmedDownAfter: number;
  /** Consecutive degraded (or clean) rounds before "degraded" is said (or taken back). */
  readonly degradedAfter: number;
  /** Closed ticks without an observation after which the state is unknown; one less is covered by its neighbours. */
  readonly unknownAfter: number;
}

/**
 * How an ICMP check is taken and judged. One round sends `probes` echo requests `periodMs` apart and waits `timeoutMs` for each.
 */
export interface IcmpPolicy extends JudgingPolicy {
  readonly probes: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  /** Extra looks taken within the round when the verdict would change. */
  readonly confirmPasses: number;
  /** Loss, as a fraction, at or above which a round that still had a reply counts as degraded. */
  readonly degradedLoss: number;
}

/**
 * How a device is asked by SNMP. A request is sent up to `1 + retries` times, `timeoutMs` apart at first and longer with each
 * time: a device that stays silent through all of them is confirmed silent, so its observations need no further look.
 */
export interface SnmpPolicy extends JudgingPolicy {
  readonly timeoutMs: number;
  readonly retries: number;
}

/** How an ICMP check is taken and judged where the configuration says nothing else. */
export const DEFAULT_ICMP_POLICY: IcmpPolicy = {
  intervalMs: 10_000,
  probes: 3,
  periodMs: 300,
  timeoutMs: 1_000,
  confirmPasses: 1,
  downAfter: 1,
  upAfter: 1,
  unconfirmedDownAfter: 2,
  degradedLoss: 0.3,
  degradedAfter: 3,
  unknownAfter: 2,
};

/** How a device is asked by SNMP where the configuration says nothing else. A refusal is said at once: it will not pass by itself. */
export const DEFAULT_SNMP_POLICY: SnmpPolicy = {
  intervalMs: 60_000,
  timeoutMs: 2_000,
  retries: 2,
  downAfter: 1,
  upAfter: 1,
  unconfirmedDownAfter: 2,
  degradedAfter: 1,
  unknownAfter: 3,
};

/** A request that is sent again waits so many times as long as the one before it. */
export const SNMP_TIMEOUT_GROWTH = 1.5;

export type AddressFamily = 4 | 6;

/** One ICMP check on one object: IPv4 and IPv6 are separate checks. `id` is `<objectId>/icmp4` or `/icmp6`. */
export interface IcmpCheck {
  readonly id: string;
  readonly objectId: string;
  readonly kind: 'icmp';
  readonly family: AddressFamily;
  readonly address: string;
  readonly zone: string;
  readonly policy: IcmpPolicy;
}

/** The SNMP agent of a device: does it answer, and with what. `id` is `<objectId>/snmp`. */
export interface SnmpCheck {
  readonly id: string;
  readonly objectId: string;
  readonly kind: 'snmp';
  readonly family: AddressFamily;
  readonly address: string;
  readonly port: number;
  readonly zone: string;
  /** Id of the credential it is asked with. */
  readonly credential: string;
  readonly policy: SnmpPolicy;
  /** Which of the device's interfaces become objects, and which of those open incidents. */
  readonly interfaces: InterfaceSelection;
}

/** Patterns over ifName, ifDescr or (with `alias:` before it) ifAlias; `*` stands for any characters. */
export interface InterfaceSelection {
  /** Trouble of these opens incidents; of all others it is recorded alone. */
  readonly watch: readonly string[];
  /** These do not become objects. */
  readonly ignore: readonly string[];
}

/**
 * The status of one interface (ifAdminStatus, ifOperStatus) of a device that has an SNMP check; where, how often and with what
 * it is asked is said there (`probeOf`). `id` is `<objectId>/status` for an interface, `<objectId>/end1`, `/end2` for a circuit.
 */
export interface InterfaceCheck {
  readonly id: string;
  readonly objectId: string;
  readonly kind: 'interface';
  /** Id of the device. */
  readonly device: string;
  /** ifName, or ifDescr where the device names none: ifIndex is renumbered, names stay. */
  readonly ifName: string;
}

export type CheckDefinition = IcmpCheck | SnmpCheck | InterfaceCheck;
export type CheckKind = CheckDefinition['kind'];
export const CHECK_KINDS = ['icmp', 'snmp', 'interface'] as const satisfies readonly CheckKind[];

/** Where a check is taken from and how it is judged. `kind` is that of the rounds which take it. */
export interface Probe {
  readonly kind: 'icmp' | 'snmp';
  readonly zone: string;
  readonly policy: JudgingPolicy;
}

/** The SNMP checks of an inventory by the device they belong to. */
export function snmpChecks(objects: Iterable<MonitoredObject>): Map<string, SnmpCheck> {
  const found = new Map<string, SnmpCheck>();
  for (const object of objects) for (const check of object.checks) if (check.kind === 'snmp') found.set(object.id, check);
  return found;
}

/** Null when the device of an interface is not asked by SNMP (any more): then nobody looks at the interface. */
export function probeOf(check: CheckDefinition, agents: ReadonlyMap<string, SnmpCheck>): Probe | null {
  const asked = check.kind === 'interface' ? agents.get(check.device) : check;
  return asked === undefined ? null : { kind: asked.kind, zone: asked.zone, policy: asked.policy };
}

/**
 * An object as the inventory knows it at one moment. `id` is `<node>:<local id>`, unique across nodes; an interface's is that of
 * its device, a slash, and the name it was first seen with.
 */
export interface MonitoredObject {
  readonly id: string;
  readonly kind: ObjectKind;
  readonly name: string;
  /** Dotted path such as `cn.gd.guangzhou`; a scope covers its own path and everything below it. */
  readonly division: string;
  readonly class: ObjectClass;
  /** Id of the responsible party; an outage is charged to it. */
  readonly party: string | null;
  readonly servingRule: ServingRule;
  readonly dependency: Dependency;
  readonly checks: readonly CheckDefinition[];
  /** Users behind the object, for weighted means. */
  readonly weight: number;
  readonly runbook: string | null;
  /** Its trouble is recorded and opens no incident: a port nobody said to watch may be down for good reason. */
  readonly quiet?: true;
  /** A composite has no checks: it is what its members make of it (decision 0013). */
  readonly combines?: Combination;
  /** It is of another node, which judges it (decision 0026). */
  readonly remote?: { readonly node: string };
  /** Kind-specific facts: carrier, circuitNumber, hotline, unit, … */
  readonly attributes: Readonly<Record<string, string>>;
}

/** True when `scope` is the division itself or one of its ancestors; the empty scope covers everything. */
export function divisionCovers(scope: string, division: string): boolean {
  return scope === '' || division === scope || division.startsWith(`${scope}.`);
}

/**
 * The partition that owns an object: FNV-1a (32 bit) of its id up to the first slash, modulo the fixed number of partitions; so
 * a device's interfaces lie with it, and what one poll saw goes to one partition. It decides the order of events for ever: never change it without draining every stream.
 */
export function partitionOf(objectId: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < objectId.length; i++) {
    if (objectId.charCodeAt(i) === SLASH) break;
    hash ^= objectId.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % partitions;
}

/** Whether a list of objects names this one, or the device whose interface it is: work on a device is work on its interfaces. */
export function objectsCover(objects: readonly string[], objectId: string): boolean {
  if (objects.includes(objectId)) return true;
  const slash = objectId.indexOf('/');
  return slash !== -1 && objects.includes(objectId.slice(0, slash));
}

/** The name of a shard: one batch of work of one kind, zone and interval within one partition. */
export function shardId(partition: number, zone: string, kind: string, intervalMs: number): string {
  return `${partition}.${zone}.${kind}.${intervalMs}`;
}
