import { CONFIRMED, type ObservationBatch, type StreamEntry, type TickClosed, VERDICT } from '@beacontower/contracts';
import {
  type CheckDefinition,
  type CheckState,
  type CheckTransition,
  combineChecks,
  evaluateClosedTick,
  evaluateObservation,
  exactEdge,
  type IcmpPolicy,
  INITIAL_CHECK_STATE,
  type MonitoredObject,
  moveCheck,
  type Observation,
  objectTransitions,
  rewindCheck,
  type State,
  shardId,
  type Transition,
} from '@beacontower/domain';
import { unpackInt32, unpackUint32 } from '@beacontower/queue';

/** A transition to be recorded, of an object (`check` null) or of one of its checks. */
export interface RecordedTransition {
  readonly objectId: string;
  readonly check: string | null;
  readonly transition: Transition;
  readonly resolutionMs: number;
  /** Whether the ordered log tells it: every object's, and a check's only where it says more than its object's. */
  readonly told: boolean;
}

/** Answer to a look request. */
export interface Looked {
  readonly object: string;
  readonly state: State;
  readonly observedAt: number;
  readonly after: number;
}

/** What a partition's entries led to since the last commit. */
export interface Effects {
  readonly transitions: RecordedTransition[];
  readonly looked: Looked[];
}

/** What happened to observations, for the counters. */
export interface Tally {
  observations: number;
  stale: number;
  strangers: number;
  blindBatches: number;
}

interface CheckRecord {
  readonly key: number;
  readonly definition: CheckDefinition;
  readonly shard: string;
  readonly object: ObjectRecord;
  readonly index: number;
  state: CheckState;
}

interface ObjectRecord {
  object: MonitoredObject;
  checks: CheckRecord[];
  state: State;
  /** Edge of the last transition of the object. */
  since: number;
  /** Look requests not yet answered: report the first observation at or after each. */
  looks: number[];
}

/** What a partition is made of: its objects and the keys of their checks. */
export interface PartitionInventory {
  readonly objects: readonly MonitoredObject[];
  readonly keys: ReadonlyMap<string, number>;
}

/** A partition's memory as plain values, to be packed. */
export interface PartitionSnapshot {
  readonly checks: readonly [key: number, state: CheckState][];
  readonly objects: readonly [id: string, state: State, since: number, looks: readonly number[]][];
  readonly shards: readonly [shard: string, closedUntil: number, blindTick: number][];
}

/**
 * The state of one partition, moved by the entries of its stream in their order. No I/O and no clock: the same entries on
 * the same snapshot give the same effects.
 */
export class Partition {
  readonly number: number;
  readonly tally: Tally = { observations: 0, stale: 0, strangers: 0, blindBatches: 0 };
  #checks = new Map<number, CheckRecord>();
  #objects = new Map<string, ObjectRecord>();
  #byShard = new Map<string, CheckRecord[]>();
  #closedUntil = new Map<string, number>();
  #blindTick = new Map<string, number>();
  #effects: Effects = { transitions: [], looked: [] };
  /** Objects of the snapshot that left the inventory while nobody judged: to be said retired. */
  #orphans: { id: string; state: State; since: number }[] = [];

  constructor(number: number, inventory: PartitionInventory, snapshot: PartitionSnapshot | null) {
    this.number = number;
    const states = new Map(snapshot?.checks);
    const objects = new Map(snapshot?.objects.map(([id, state, since, looks]) => [id, { state, since, looks }]));
    this.#closedUntil = new Map(snapshot?.shards.map(([shard, closed]) => [shard, closed]));
    this.#blindTick = new Map(snapshot?.shards.map(([shard, , blind]) => [shard, blind]));
    const known = new Set(inventory.objects.map((object) => object.id));
    for (const [id, { state, since }] of objects) if (!known.has(id) && state !== 'unknown') this.#orphans.push({ id, state, since });
    this.#rebuild(
      inventory,
      (key) => states.get(key),
      (id) => objects.get(id),
    );
  }

  /** Takes over a changed inventory; what left it is said to be retired at `now`. */
  adopt(inventory: PartitionInventory, now: number): void {
    const { checks, objects } = { checks: this.#checks, objects: this.#objects };
    const stays = new Set(inventory.objects.map((object) => object.id));
    for (const [id, record] of objects)
      if (!stays.has(id) && record.state !== 'unknown') this.#retire(id, record.state, record.since, record.checks, now);
    for (const { id, state, since } of this.#orphans.splice(0)) this.#retire(id, state, since, [], now);
    this.#rebuild(
      inventory,
      (key, shard, to) => {
        const known = checks.get(key);
        return known && known.shard !== shard ? moveCheck(known.state, known.definition.policy, to) : known?.state;
      },
      (id) => objects.get(id),
    );
    for (const record of this.#objects.values()) this.#reconsider(record, now);
    // Of a shard that is new there is nothing to judge before now.
    for (const shard of this.#byShard.keys()) if (!this.#closedUntil.has(shard)) this.#closedUntil.set(shard, now);
  }

  /** Moves the partition by one entry. `InventoryChanged` is the caller's to act on, by `adopt`. */
  process(entry: StreamEntry): void {
    if (entry.type === 'observations') this.#observe(entry);
    else if (entry.type === 'closed') this.#close(entry);
    else if (entry.type === 'look') this.#objects.get(entry.object)?.looks.push(entry.after);
  }

  /** Hands over what is to be recorded, and forgets it. */
  takeEffects(): Effects {
    const effects = this.#effects;
    this.#effects = { transitions: [], looked: [] };
    return effects;
  }

  get hasEffects(): boolean {
    return this.#effects.transitions.length > 0 || this.#effects.looked.length > 0;
  }

  /** Event time before which everything has been judged; without a check to judge there is no such limit. */
  get watermark(): number {
    let lowest = Number.MAX_SAFE_INTEGER;
    for (const shard of this.#byShard.keys()) lowest = Math.min(lowest, this.#closedUntil.get(shard) ?? 0);
    return lowest;
  }

  /** Check keys whose last verdict is not "up", for the collectors. */
  verdicts(): Map<number, State> {
    const result = new Map<number, State>();
    for (const check of this.#checks.values()) {
      if (check.state.state === 'down' || check.state.state === 'unknown') result.set(check.key, check.state.state);
    }
    return result;
  }

  snapshot(): PartitionSnapshot {
    return {
      checks: [...this.#checks.values()].map((check) => [check.key, check.state]),
      objects: [...this.#objects.values()].map((record) => [record.object.id, record.state, record.since, record.looks]),
      shards: [...this.#byShard.keys()].map((shard) => [shard, this.#closedUntil.get(shard) ?? 0, this.#blindTick.get(shard) ?? 0]),
    };
  }

  #observe(batch: ObservationBatch): void {
    if (batch.vantage === 'blind') {
      this.tally.blindBatches++;
      if (batch.tick !== null) this.#blindTick.set(batch.shard, Math.max(batch.tick, this.#blindTick.get(batch.shard) ?? 0));
      return;
    }
    const keys = unpackUint32(batch.checks);
    const first = unpackInt32(batch.first);
    const last = unpackInt32(batch.last);
    const touched = new Map<ObjectRecord, CheckTransition[]>();
    for (let row = 0; row < keys.length; row++) {
      const check = this.#checks.get(keys[row] as number);
      if (!check) {
        this.tally.strangers++;
        continue;
      }
      const code = batch.verdicts[row] as number;
      this.#observeOne(check, observationOf(batch, code, first[row] as number, last[row] as number), touched);
    }
    for (const [record, changes] of touched) this.#settle(record, changes, batch.startedAt);
  }

  #observeOne(check: CheckRecord, observation: Observation, touched: Map<ObjectRecord, CheckTransition[]>): void {
    this.tally.observations++;
    const { state, transition, stale } = evaluateObservation(check.state, observation, check.definition.policy);
    if (stale) {
      this.tally.stale++;
      return;
    }
    check.state = state;
    const changes = touched.get(check.object);
    if (transition) {
      if (changes) changes.push({ check: check.index, transition });
      else touched.set(check.object, [{ check: check.index, transition }]);
    } else if (!changes && check.object.looks.length > 0) {
      touched.set(check.object, []);
    }
  }

  #close(entry: TickClosed): void {
    if (entry.clockStepBack) this.#rewind(entry);
    const blind = (this.#blindTick.get(entry.shard) ?? 0) >= entry.fromTick;
    const touched = new Map<ObjectRecord, CheckTransition[]>();
    for (const check of this.#byShard.get(entry.shard) ?? []) {
      const { state, transition } = evaluateClosedTick(
        check.state,
        entry.toTick,
        entry.intervalMs,
        check.definition.policy.unknownAfter,
        blind,
      );
      if (!transition) continue;
      check.state = state;
      touched.set(check.object, [...(touched.get(check.object) ?? []), { check: check.index, transition }]);
    }
    for (const [record, changes] of touched) this.#settle(record, changes, 0);
    this.#closedUntil.set(entry.shard, entry.toTick + entry.intervalMs);
  }

  #rewind({ shard, toTick }: TickClosed): void {
    for (const check of this.#byShard.get(shard) ?? []) check.state = rewindCheck(check.state, toTick);
    this.#blindTick.set(shard, Math.min(toTick - 1, this.#blindTick.get(shard) ?? 0));
  }

  /** Draws the object's conclusion from its checks' changes, records both, and answers looks with what was seen at `observedAt`. */
  #settle(record: ObjectRecord, changes: readonly CheckTransition[], observedAt: number): void {
    const states = record.checks.map((check) => check.state.state);
    for (const { check, transition } of [...changes].reverse()) states[check] = transition.from;
    const { servingRule } = record.object;
    const own = objectTransitions(servingRule, states, changes, { state: record.state, notBefore: record.since });
    const resolutionMs = resolutionOf(record.object);
    for (const { check, transition } of changes) {
      const definition = (record.checks[check] as CheckRecord).definition;
      this.#effects.transitions.push({
        objectId: record.object.id,
        check: definition.id,
        transition,
        resolutionMs,
        told: record.checks.length > 1,
      });
    }
    for (const transition of own) {
      this.#effects.transitions.push({ objectId: record.object.id, check: null, transition, resolutionMs, told: true });
      record.state = transition.to;
      record.since = transition.edge.at;
    }
    this.#answerLooks(record, observedAt);
  }

  // A look is answered once every check of the object that can be seen has been seen since.
  #answerLooks(record: ObjectRecord, observedAt: number): void {
    if (record.looks.length === 0 || observedAt === 0) return;
    const seenSince = Math.min(
      ...record.checks.filter((check) => check.state.state !== 'unknown').map((check) => (unsettled(check.state) ? 0 : check.state.lastAt)),
    );
    const answered = record.looks.filter((after) => seenSince >= after);
    if (answered.length === 0) return;
    record.looks = record.looks.filter((after) => seenSince < after);
    for (const after of answered) this.#effects.looked.push({ object: record.object.id, state: record.state, observedAt, after });
  }

  #retire(id: string, from: State, since: number, checks: readonly CheckRecord[], now: number): void {
    const transition: Transition = { from, to: 'unknown', edge: exactEdge(Math.max(now, since)), reason: 'retired', decidedAt: now };
    this.#effects.transitions.push({ objectId: id, check: null, transition, resolutionMs: 0, told: true });
    for (const check of checks) {
      if (check.state.state === 'unknown') continue;
      const own: Transition = { ...transition, from: check.state.state };
      this.#effects.transitions.push({ objectId: id, check: check.definition.id, transition: own, resolutionMs: 0, told: false });
    }
  }

  /** A changed rule or set of checks can change what is said of an object at once. */
  #reconsider(record: ObjectRecord, now: number): void {
    const to = combineChecks(
      record.object.servingRule,
      record.checks.map((check) => check.state.state),
    );
    if (to === record.state) return;
    const at = Math.max(now, record.since);
    const reason =
      record.checks.length === 0 ? 'not-monitored' : to === 'unknown' ? 'not-looked-at' : to === 'down' ? 'no-reply' : 'replied';
    const transition: Transition = { from: record.state, to, edge: exactEdge(at), reason, decidedAt: now };
    this.#effects.transitions.push({
      objectId: record.object.id,
      check: null,
      transition,
      resolutionMs: resolutionOf(record.object),
      told: true,
    });
    record.state = to;
    record.since = at;
  }

  #rebuild(
    inventory: PartitionInventory,
    stateOf: (key: number, shard: string, policy: IcmpPolicy) => CheckState | undefined,
    objectOf: (id: string) => { state: State; since: number; looks: readonly number[] } | undefined,
  ): void {
    const checks = new Map<number, CheckRecord>();
    const objects = new Map<string, ObjectRecord>();
    const byShard = new Map<string, CheckRecord[]>();
    for (const object of inventory.objects) {
      const known = objectOf(object.id);
      const record: ObjectRecord = {
        object,
        checks: [],
        state: known?.state ?? 'unknown',
        since: known?.since ?? 0,
        looks: [...(known?.looks ?? [])],
      };
      objects.set(object.id, record);
      for (const definition of object.checks) {
        const key = inventory.keys.get(definition.id);
        if (key === undefined) continue;
        const shard = shardId(this.number, definition.zone, definition.kind, definition.policy.intervalMs);
        const check: CheckRecord = {
          key,
          definition,
          shard,
          object: record,
          index: record.checks.length,
          state: stateOf(key, shard, definition.policy) ?? INITIAL_CHECK_STATE,
        };
        record.checks.push(check);
        checks.set(key, check);
        const members = byShard.get(shard);
        if (members) members.push(check);
        else byShard.set(shard, [check]);
      }
    }
    this.#checks = checks;
    this.#objects = objects;
    this.#byShard = byShard;
  }
}

/** Bad was seen but is not believed yet: what is said of the check is not what was last seen. */
function unsettled(state: CheckState): boolean {
  return state.state !== 'down' && state.bad.count > 0;
}

function observationOf(batch: ObservationBatch, code: number, first: number, last: number): Observation {
  const bare = code & ~CONFIRMED;
  const verdict = bare === VERDICT.down ? 'down' : bare === VERDICT.degraded ? 'degraded' : 'up';
  return {
    at: batch.startedAt,
    tick: batch.tick,
    verdict,
    confirmed: (code & CONFIRMED) !== 0,
    first: batch.startedAt + first + batch.clockUncertaintyMs,
    last: batch.startedAt + last - batch.clockUncertaintyMs,
  };
}

/** The longest gap between two good probes that the object's checks leave: ticks that may be covered by their neighbours included. */
function resolutionOf(object: MonitoredObject): number {
  return object.checks.reduce((longest, { policy }) => Math.max(longest, policy.intervalMs * policy.unknownAfter), 0);
}
