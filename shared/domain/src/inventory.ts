/** The four tiers of responsibility an object can belong to, and the class its availability is published under. */
export const OBJECT_KINDS = ['device', 'circuit', 'access-line', 'internet-exit', 'service', 'site'] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** Classes of published figures: 广域骨干网, 用户接入, 互联网出口; `other` is watched but in no published figure. */
export const OBJECT_CLASSES = ['backbone', 'user-access', 'internet-exit', 'other'] as const;
export type ObjectClass = (typeof OBJECT_CLASSES)[number];

/**
 * When an object with several checks serves: `any` of them is enough (degraded while some fail), or `all` are needed.
 */
export const SERVING_RULES = ['any', 'all'] as const;
export type ServingRule = (typeof SERVING_RULES)[number];

/** How many of an object's parents must serve for it to be reachable. */
export type ParentRule =
  | { readonly require: 'any' }
  | { readonly require: 'all' }
  | { readonly require: 'at-least'; readonly count: number };

/** What an object needs in order to be reachable. An object without parents hangs on its vantage alone. */
export interface Dependency {
  readonly parents: readonly string[];
  readonly rule: ParentRule;
}

/**
 * How an ICMP check is taken and judged. All times are milliseconds.
 * One round sends `probes` echo requests `periodMs` apart and waits `timeoutMs` for each.
 */
export interface IcmpPolicy {
  readonly intervalMs: number;
  readonly probes: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  /** Extra looks taken within the round when the verdict would change. */
  readonly confirmPasses: number;
  /** Consecutive confirmed bad observations before "down" is said. */
  readonly downAfter: number;
  /** Consecutive good observations before "up" is said. */
  readonly upAfter: number;
  /** Consecutive bad observations before "down" is said when none could be confirmed (the token bucket was empty). */
  readonly unconfirmedDownAfter: number;
  /** Loss, as a fraction, at or above which a round that still had a reply counts as degraded. */
  readonly degradedLoss: number;
  /** Consecutive degraded (or clean) rounds before "degraded" is said (or taken back). */
  readonly degradedAfter: number;
  /** Closed ticks without an observation after which the state is unknown; one less is covered by its neighbours. */
  readonly unknownAfter: number;
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

export type AddressFamily = 4 | 6;

/** One check on one object: IPv4 and IPv6 are separate checks. `id` is `<objectId>/icmp4` or `/icmp6`. */
export interface CheckDefinition {
  readonly id: string;
  readonly objectId: string;
  readonly kind: 'icmp';
  readonly family: AddressFamily;
  readonly address: string;
  readonly zone: string;
  readonly policy: IcmpPolicy;
}

/** An object as the inventory knows it at one moment. `id` is `<node>:<local id>`, unique across nodes. */
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
  /** Kind-specific facts: carrier, circuitNumber, hotline, unit, … */
  readonly attributes: Readonly<Record<string, string>>;
}

/** True when `scope` is the division itself or one of its ancestors; the empty scope covers everything. */
export function divisionCovers(scope: string, division: string): boolean {
  return scope === '' || division === scope || division.startsWith(`${scope}.`);
}

/**
 * The partition that owns an object: FNV-1a (32 bit) of its id, modulo the fixed number of partitions.
 * It decides the order of events for ever: never change it without draining every stream.
 */
export function partitionOf(objectId: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < objectId.length; i++) {
    hash ^= objectId.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % partitions;
}

/** The name of a shard: one batch of work of one kind, zone and interval within one partition. */
export function shardId(partition: number, zone: string, kind: string, intervalMs: number): string {
  return `${partition}.${zone}.${kind}.${intervalMs}`;
}
