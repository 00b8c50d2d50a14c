import type { LookRequest, ObservationBatch, StreamEntry, TickClosed } from '@beacontower/contracts';
import {
  type CheckState,
  type CheckTransition,
  evaluateClosedTick,
  evaluateObservation,
  evaluatePassedOver,
  type JudgingPolicy,
  moveCheck,
  type Observation,
  objectTransitions,
  rewindCheck,
  type State,
} from '@beacontower/domain';
import { type RecordedTransition, reconsider, retire } from './inventory-changes.ts';
import { observationsOf } from './observations.ts';
import {
  buildRecords,
  type CheckRecord,
  type ObjectRecord,
  type PartitionInventory,
  type RecordMemory,
  type Records,
  unsettled,
} from './records.ts';

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
  #records: Records;
  #closedUntil = new Map<string, number>();
  #blindTick = new Map<string, number>();
  #askedAt = 0;
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
    this.#records = buildRecords(number, inventory, { check: (key) => states.get(key), object: (id) => objects.get(id) });
  }

  /** Takes over a changed inventory; what left it is said to be retired at `now`. */
  adopt(inventory: PartitionInventory, now: number): void {
    const { checks, objects } = this.#records;
    const stays = new Set(inventory.objects.map((object) => object.id));
    for (const [id, record] of objects) if (!stays.has(id) && record.state !== 'unknown') this.#record(retire({ id, ...record }, now));
    for (const orphan of this.#orphans.splice(0)) this.#record(retire({ ...orphan, checks: [] }, now));
    const memory: RecordMemory = {
      check: (key, shard, probe) => {
        const known = checks.get(key);
        if (known?.probe && probe && known.shard !== shard) return moveCheck(known.state, known.probe.policy, probe.policy);
        return known?.state;
      },
      object: (id) => objects.get(id),
    };
    this.#records = buildRecords(this.number, inventory, memory);
    for (const record of this.#records.objects.values()) this.#record(reconsider(record, now));
    // Of a shard that is new there is nothing to judge before now.
    for (const shard of this.#records.byShard.keys()) if (!this.#closedUntil.has(shard)) this.#closedUntil.set(shard, now);
  }

  /** Moves the partition by one entry. `InventoryChanged` is the caller's to act on, by `adopt`. */
  process(entry: StreamEntry): void {
    if (entry.type === 'observations') this.#observe(entry);
    else if (entry.type === 'closed') this.#close(entry);
    else if (entry.type === 'look') this.#ask(entry);
  }

  /** Hands over what is to be recorded, and forgets it. */
  takeEffects(): Effects {
    const effects = this.#effects;
    this.#effects = { transitions: [], looked: [] };
    return effects;
  }

  /** When a look was last asked for, epoch ms; 0: never. */
  get askedAt(): number {
    return this.#askedAt;
  }

  get hasEffects(): boolean {
    return this.effects > 0;
  }

  /** How much there is to be recorded: transitions and answers. */
  get effects(): number {
    return this.#effects.transitions.length + this.#effects.looked.length;
  }

  /**
   * Event time before which everything that is pinged has been judged (everything at all where nothing is), and the same of agents and
   * their interfaces, null where there are none. Without a check to judge there is no such limit.
   */
  get watermarks(): { watermark: number; agentsWatermark: number | null } {
    let pinged = Number.MAX_SAFE_INTEGER;
    let asked = Number.MAX_SAFE_INTEGER;
    for (const [shard, [check]] of this.#records.byShard) {
      const closed = this.#closedUntil.get(shard) ?? 0;
      if (check?.probe?.kind === 'snmp') asked = Math.min(asked, closed);
      else pinged = Math.min(pinged, closed);
    }
    if (asked === Number.MAX_SAFE_INTEGER) return { watermark: pinged, agentsWatermark: null };
    return { watermark: pinged === Number.MAX_SAFE_INTEGER ? asked : pinged, agentsWatermark: asked };
  }

  /** Check keys whose last verdict is not "up", for the collectors. */
  verdicts(): Map<number, State> {
    const result = new Map<number, State>();
    for (const check of this.#records.checks.values()) {
      if (check.state.state === 'down' || check.state.state === 'unknown') result.set(check.key, check.state.state);
    }
    return result;
  }

  snapshot(): PartitionSnapshot {
    return {
      checks: [...this.#records.checks.values()].map((check) => [check.key, check.state]),
      objects: [...this.#records.objects.values()].map((record) => [record.object.id, record.state, record.since, record.looks]),
      shards: [...this.#records.byShard.keys()].map((shard) => [shard, this.#closedUntil.get(shard) ?? 0, this.#blindTick.get(shard) ?? 0]),
    };
  }

  #record(transitions: readonly RecordedTransition[]): void {
    this.#effects.transitions.push(...transitions);
  }

  // At what has no checks of its own (a composite) nobody can look.
  #ask({ object, after, requestedAt }: LookRequest): void {
    this.#askedAt = Math.max(this.#askedAt, requestedAt);
    const record = this.#records.objects.get(object);
    if (record && record.checks.length > 0) record.looks.push(after);
  }

  #observe(batch: ObservationBatch): void {
    if (batch.vantage === 'blind') {
      this.tally.blindBatches++;
      if (batch.tick !== null) this.#blindTick.set(batch.shard, Math.max(batch.tick, this.#blindTick.get(batch.shard) ?? 0));
      return;
    }
    const touched = new Map<ObjectRecord, CheckTransition[]>();
    for (const { key, observation } of observationsOf(batch)) {
      const check = this.#records.checks.get(key);
      if (check?.probe) this.#observeOne(check, check.probe.policy, observation, touched);
      else this.tally.strangers++;
    }
    for (const [record, changes] of touched) this.#settle(record, changes, batch.startedAt);
  }

  #observeOne(check: CheckRecord, policy: JudgingPolicy, observation: Observation, touched: Map<ObjectRecord, CheckTransition[]>): void {
    this.tally.observations++;
    const blind = (this.#blindTick.get(check.shard ?? '') ?? 0) > check.state.lookedTick;
    const passedOver = evaluatePassedOver(check.state, observation, policy, blind);
    const { state, transition, stale } = evaluateObservation(passedOver?.state ?? check.state, observation, policy);
    if (stale) {
      this.tally.stale++;
      return;
    }
    check.state = state;
    if (!passedOver && !transition && check.object.looks.length === 0) return;
    const changes = touched.get(check.object) ?? [];
    touched.set(check.object, changes);
    if (passedOver?.transition) changes.push({ check: check.index, transition: passedOver.transition });
    if (transition) changes.push({ check: check.index, transition });
  }

  #close(entry: TickClosed): void {
    if (entry.clockStepBack) this.#rewind(entry);
    const blind = (this.#blindTick.get(entry.shard) ?? 0) >= entry.fromTick;
    const touched = new Map<ObjectRecord, CheckTransition[]>();
    for (const check of this.#records.byShard.get(entry.shard) ?? []) {
      if (!check.probe) continue;
      const { unknownAfter } = check.probe.policy;
      const { state, transition } = evaluateClosedTick(check.state, entry.toTick, entry.intervalMs, unknownAfter, blind);
      if (!transition) continue;
      check.state = state;
      touched.set(check.object, [...(touched.get(check.object) ?? []), { check: check.index, transition }]);
    }
    for (const [record, changes] of touched) this.#settle(record, changes, 0);
    this.#closedUntil.set(entry.shard, entry.toTick + entry.intervalMs);
  }

  #rewind({ shard, toTick }: TickClosed): void {
    for (const check of this.#records.byShard.get(shard) ?? []) check.state = rewindCheck(check.state, toTick);
    this.#blindTick.set(shard, Math.min(toTick - 1, this.#blindTick.get(shard) ?? 0));
  }

  /** Draws the object's conclusion from its checks' changes, records both, and answers looks with what was seen at `observedAt`. */
  #settle(record: ObjectRecord, changes: readonly CheckTransition[], observedAt: number): void {
    const states = record.checks.map((check) => check.state.state);
    for (const { check, transition } of [...changes].reverse()) states[check] = transition.from;
    const rule = { servingRule: record.object.servingRule, kinds: record.kinds };
    const own = objectTransitions(rule, states, changes, { state: record.state, notBefore: record.since });
    const { resolutionMs } = record;
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
      // That an edge is open changes no state: there is nothing to tell.
      const told = transition.reason !== 'edges-overlap';
      this.#effects.transitions.push({ objectId: record.object.id, check: null, transition, resolutionMs, told });
      record.state = transition.to;
      record.since = transition.edge.at;
    }
    this.#answerLooks(record, observedAt);
  }

  // A look is answered once every check of the object that decides and can be seen has been seen since. Of an object that is pinged
  // the agent does not decide: it is asked far less often, and those who wait want to know whether the object is reached.
  #answerLooks(record: ObjectRecord, observedAt: number): void {
    if (record.looks.length === 0 || observedAt === 0) return;
    const pinged = record.kinds.includes('icmp');
    const deciding = record.checks.filter(({ state, definition }) => state.state !== 'unknown' && !(pinged && definition.kind === 'snmp'));
    const seenSince = Math.min(...deciding.map(({ state }) => (unsettled(state) ? 0 : state.lastAt)));
    const answered = record.looks.filter((after) => seenSince >= after);
    if (answered.length === 0) return;
    record.looks = record.looks.filter((after) => seenSince < after);
    for (const after of answered) this.#effects.looked.push({ object: record.object.id, state: record.state, observedAt, after });
  }
}
