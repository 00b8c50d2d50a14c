import {
  type CheckDefinition,
  type CheckKind,
  type CheckState,
  INITIAL_CHECK_STATE,
  type MonitoredObject,
  type Probe,
  probeOf,
  type Reason,
  resolutionOf,
  type SnmpCheck,
  type State,
  shardId,
} from '@beacontower/domain';

/** What a partition is made of: its objects, and from the whole inventory the keys of all checks and the agents of all devices. */
export interface PartitionInventory {
  readonly objects: readonly MonitoredObject[];
  readonly keys: ReadonlyMap<string, number>;
  /** By device. An end of a circuit may lie on a device of another partition. */
  readonly agents: ReadonlyMap<string, SnmpCheck>;
}

/** One check in a partition's memory. */
export interface CheckRecord {
  readonly key: number;
  readonly definition: CheckDefinition;
  /** Null when nobody looks: the interface's device is not asked by SNMP (any more). */
  readonly probe: Probe | null;
  readonly shard: string | null;
  readonly object: ObjectRecord;
  readonly index: number;
  state: CheckState;
}

/** One object in a partition's memory. */
export interface ObjectRecord {
  readonly object: MonitoredObject;
  readonly checks: CheckRecord[];
  /** Kinds of the checks, in their order. */
  readonly kinds: CheckKind[];
  /**
   * The longest gap between two good looks that the checks which decide leave: ticks that may be covered by their neighbours included.
   * Of what is pinged the agent does not decide.
   */
  resolutionMs: number;
  state: State;
  /** Edge of the last transition of the object. */
  since: number;
  /** Look requests not yet answered: report the first observation at or after each. */
  looks: number[];
}

/** A partition's objects and checks, by what they are looked up by. */
export interface Records {
  readonly checks: ReadonlyMap<number, CheckRecord>;
  readonly objects: ReadonlyMap<string, ObjectRecord>;
  readonly byShard: ReadonlyMap<string, readonly CheckRecord[]>;
}

/** What was known before of a check (to be taken by this shard from now on) and of an object; undefined: nothing. */
export interface RecordMemory {
  check(key: number, shard: string | null, probe: Probe | null): CheckState | undefined;
  object(id: string): { readonly state: State; readonly since: number; readonly looks: readonly number[] } | undefined;
}

export function buildRecords(partition: number, inventory: PartitionInventory, memory: RecordMemory): Records {
  const checks = new Map<number, CheckRecord>();
  const objects = new Map<string, ObjectRecord>();
  const byShard = new Map<string, CheckRecord[]>();
  for (const object of inventory.objects) {
    const record = objectRecord(object, memory);
    objects.set(object.id, record);
    for (const definition of object.checks) {
      const key = inventory.keys.get(definition.id);
      if (key === undefined) continue;
      const probe = probeOf(definition, inventory.agents);
      const shard = probe && shardId(partition, probe.zone, probe.kind, probe.policy.intervalMs);
      const state = memory.check(key, shard, probe) ?? INITIAL_CHECK_STATE;
      const check: CheckRecord = { key, definition, probe, shard, object: record, index: record.checks.length, state };
      record.checks.push(check);
      record.kinds.push(definition.kind);
      const decides = definition.kind !== 'snmp' || !object.checks.some((other) => other.kind === 'icmp');
      if (probe && decides) record.resolutionMs = Math.max(record.resolutionMs, resolutionOf(probe.policy));
      checks.set(key, check);
      if (shard !== null) addTo(byShard, shard, check);
    }
  }
  return { checks, objects, byShard };
}

function objectRecord(object: MonitoredObject, memory: RecordMemory): ObjectRecord {
  const known = memory.object(object.id);
  return {
    object,
    checks: [],
    kinds: [],
    resolutionMs: 0,
    state: known?.state ?? 'unknown',
    since: known?.since ?? 0,
    looks: [...(known?.looks ?? [])],
  };
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Why an object whose checks are others from now on enters a state. */
export function reasonForChange(record: ObjectRecord, to: State): Reason {
  if (record.checks.every((check) => check.probe === null)) return 'not-monitored';
  if (to === 'unknown') return 'not-looked-at';
  const [good, bad]: [Reason, Reason] = record.kinds.includes('icmp')
    ? ['replied', 'no-reply']
    : record.kinds.includes('snmp')
      ? ['agent-answers', 'no-reply']
      : ['link-up', 'link-down'];
  return to === 'down' ? bad : good;
}

/** Bad was seen but is not believed yet: what is said of the check is not what was last seen. */
export function unsettled(state: CheckState): boolean {
  return state.state !== 'down' && state.bad.count > 0;
}
