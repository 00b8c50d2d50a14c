import { type AnchorSight, blindBatch, type RoundResult, type RoundStamp } from '@beacontower/collector-sdk';
import type { LookDetail, SnmpShardPlan } from '@beacontower/contracts';
import type { Logger } from '@beacontower/runtime';
import { ADMIN, OPER } from './columns.ts';
import type { SnmpCollectorConfig } from './config.ts';
import { type EndSeen, pollEnds } from './ends.ts';
import type { Gate } from './gate.ts';
import { mapRows } from './mapping.ts';
import type { DeviceMemory } from './memory.ts';
import type { SnmpMetrics } from './metrics.ts';
import { Outbox, type RoundOutput } from './outbox.ts';
import type { CompiledPlan, PlannedDevice } from './plan.ts';
import { pollDevice } from './poll.ts';
import type { Poll, PollContext } from './poll-result.ts';
import type { Sessions } from './sessions.ts';
import { agentVerdict, interfaceVerdict, type Trouble, VANISHED } from './verdicts.ts';

/** What a round needs from outside. */
export interface RoundDependencies {
  readonly config: SnmpCollectorConfig;
  readonly sessions: Sessions;
  readonly gate: Gate;
  readonly metrics: SnmpMetrics;
  readonly logger: Logger;
  readonly monotonic: () => number;
  readonly output: RoundOutput;
  /** Asks the zone's anchors; null when that showed nothing. */
  readonly lookAtAnchors: () => Promise<AnchorSight | null>;
}

/** A silent device whose silence may be that of the vantage. */
interface Held {
  readonly planned: PlannedDevice;
  readonly poll: Poll;
}

const UNUSABLE: Trouble = {
  reason: 'credential-unusable',
  text: 'the credential cannot be opened with the key of this node: apply the configuration again, or give this collector the right key',
};

/** One round over some devices of a plan: each is a conversation of its own, and what it showed is sent on while others still talk. */
export class Round {
  readonly #dependencies: RoundDependencies;
  readonly #compiled: CompiledPlan;
  readonly #stamp: RoundStamp<SnmpShardPlan>;
  readonly #details: ReadonlyMap<number, LookDetail>;
  readonly #outbox: Outbox;
  readonly #held: Held[] = [];
  readonly #proven = { v4: false, v6: false };
  #failed = false;
  #repetitions = 0;

  /** @param details what was last said of checks of the partition. */
  constructor(
    dependencies: RoundDependencies,
    compiled: CompiledPlan,
    stamp: RoundStamp<SnmpShardPlan>,
    details: ReadonlyMap<number, LookDetail>,
  ) {
    const { config, output, monotonic } = dependencies;
    this.#dependencies = dependencies;
    this.#compiled = compiled;
    this.#stamp = stamp;
    this.#details = details;
    this.#outbox = new Outbox({ stamp, output, monotonic, devices: config.flushDevices, everyMs: config.flushEveryMs });
  }

  /**
   * @param positions of devices in the compiled plan. `blind`: nobody answered, no anchor either. `failed`: some device was not looked
   * at, by a fault of ours. Rejects when Redis does not take what was seen.
   */
  async take(positions: readonly number[]): Promise<RoundResult> {
    const { sessions, metrics, gate } = this.#dependencies;
    const { plan, devices } = this.#compiled;
    sessions.follow(plan.shard, plan.version, devices);
    // Those that answer first: who is silent must not stand before them at the gate. Within both the plan's order, parents first.
    const answers = (position: number) => sessions.answers(plan.shard, devices[position]?.device ?? '');
    const ready = positions.filter(answers);
    const others = positions.filter((position) => !answers(position));
    await Promise.all([...ready, ...others].map((position) => this.#device(devices[position] as PlannedDevice)));
    const blind = await this.#settleHeld();
    await this.#outbox.close();
    metrics.sessions.set(sessions.count);
    metrics.waiting.set(gate.waiting);
    if (positions.length > 0) metrics.repetitions.set(this.#repetitions / positions.length);
    if (blind) {
      await this.#dependencies.output.append(blindBatch(this.#stamp, this.#dependencies.monotonic()));
      return 'blind';
    }
    return this.#failed ? 'failed' : 'taken';
  }

  /** Never rejects: a fault of ours with one device is none of the others'. */
  async #device(planned: PlannedDevice): Promise<void> {
    const { sessions, logger, metrics, monotonic } = this.#dependencies;
    if (!planned.secret) {
      this.#unusable(planned);
      return;
    }
    const began = monotonic();
    try {
      const memory = sessions.get(this.#compiled.plan.shard, planned, planned.secret);
      // Another round may still be asking it: a late one, or an extra look.
      const polling = memory.busy.then(() => this.#poll(memory, planned));
      memory.busy = polling.catch(() => undefined);
      await polling;
    } catch (error) {
      this.#failed = true;
      metrics.polls.inc({ reason: 'fault' });
      logger.error({ err: error, device: planned.device }, 'a device could not be polled');
    } finally {
      metrics.pollTime.observe((monotonic() - began) / 1_000);
      this.#outbox.deviceDone();
    }
  }

  async #poll(memory: DeviceMemory, planned: PlannedDevice): Promise<void> {
    const context = this.#context(planned);
    if (planned.check === null) {
      const { poll, ends } = await pollEnds(memory, planned.interfaces, context);
      if (this.#note(planned, poll)) this.#observeEnds(ends);
      return;
    }
    const poll = await pollDevice(memory, context);
    try {
      this.#repetitions += memory.pace.repetitions(memory.columns.oids.length, null);
      if (!this.#note(planned, poll)) return;
      if (!poll.answered && !poll.provesTheWay && !this.#proven[planned.isV6 ? 'v6' : 'v4']) {
        this.#held.push({ planned, poll });
        return;
      }
      this.#observeAgent(planned, poll);
      this.#observeRows(memory, planned, poll);
    } finally {
      poll.reading?.release();
    }
  }

  #context(planned: PlannedDevice): PollContext {
    const { config, gate, metrics, monotonic } = this.#dependencies;
    const roundMs = this.#compiled.plan.intervalMs * config.deadline;
    return {
      gate,
      metrics,
      monotonic,
      timeoutMs: planned.timeoutMs,
      retries: planned.retries,
      deadline: this.#stamp.startedMonotonic + roundMs,
      leastMs: Math.min(planned.timeoutMs, roundMs / 2),
      mostRows: config.mostRows,
      namesEveryMs: config.namesEveryMs,
    };
  }

  /** What a poll says of the way and of us. False: nothing is to be observed. */
  #note(planned: PlannedDevice, poll: Poll): boolean {
    if (poll.stopped) {
      this.#failed = true;
      this.#dependencies.metrics.polls.inc({ reason: 'given-up' });
      return false;
    }
    this.#dependencies.metrics.polls.inc({ reason: poll.trouble?.reason ?? 'agent-answers' });
    if (poll.provesTheWay) this.#proven[planned.isV6 ? 'v6' : 'v4'] = true;
    return true;
  }

  #observeAgent({ check }: PlannedDevice, poll: Poll): void {
    if (check === null) return;
    const { evidence } = poll.asker;
    const verdict = agentVerdict(poll.trouble, poll.answered);
    const now = this.#dependencies.monotonic();
    if (evidence.firstAnswerBy !== null) this.#outbox.observe(check, verdict, evidence.firstAnswerBy, evidence.lastAnsweredFrom);
    else if (evidence.firstFailureBy === null) this.#outbox.observe(check, verdict, now, evidence.lastFailureFrom || now);
    else this.#outbox.observe(check, verdict, evidence.firstFailureBy, evidence.lastFailureFrom || now, evidence.firstFailureFrom);
    this.#say(check, poll.trouble);
  }

  #observeRows(memory: DeviceMemory, planned: PlannedDevice, poll: Poll): void {
    const { reading, table } = poll;
    if (!reading || !table) return;
    const mapping = mapRows(memory.mapping, planned, table, reading.indexes);
    memory.mapping = mapping;
    const { rows, checks } = mapping;
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] as number;
      const verdict = interfaceVerdict(reading.status(ADMIN, row), reading.status(OPER, row));
      if (!verdict) continue;
      const { sentAt, receivedAt } = reading.answerOf(row);
      this.#outbox.observe(checks[at] as number, verdict, receivedAt, sentAt);
    }
    this.#outbox.sample(reading, mapping);
    if (!poll.whole) return;
    this.#observeMissing(memory.lacking.saw(table.digest, mapping.missing, planned.digest), poll);
    if (table.digest !== planned.digest) this.#tell(memory, planned, table);
  }

  /** Interfaces that the device no longer has (`Lacking`). */
  #observeMissing(missing: readonly number[], poll: Poll): void {
    const { firstAnswerBy, lastAnsweredFrom } = poll.asker.evidence;
    for (const check of missing) this.#outbox.observe(check, VANISHED, firstAnswerBy ?? lastAnsweredFrom, lastAnsweredFrom);
  }

  #observeEnds(ends: readonly EndSeen[]): void {
    for (const { check, verdict, first, last } of ends) this.#outbox.observe(check, verdict, first, last);
  }

  /** Tells of a table that the inventory does not know; again each round, but ever more seldom while nobody listens. */
  #tell(memory: DeviceMemory, planned: PlannedDevice, table: NonNullable<Poll['table']>): void {
    const { monotonic, metrics, config } = this.#dependencies;
    const { intervalMs } = this.#compiled.plan;
    const now = monotonic();
    const told = memory.told?.digest === table.digest ? memory.told : null;
    if (told && now - told.at < told.pauseMs) return;
    const pauseMs = told ? Math.min(told.pauseMs * 2, config.namesEveryMs) : intervalMs / 2;
    memory.told = { digest: table.digest, at: now, pauseMs };
    metrics.devicesTold.inc();
    this.#outbox.tell({
      type: 'device',
      device: planned.device,
      seenAt: this.#epoch(now),
      collector: this.#stamp.collector,
      system: table.system,
      digest: table.digest,
      interfaces: [...table.interfaces],
    });
  }

  #unusable({ check }: PlannedDevice): void {
    this.#dependencies.metrics.polls.inc({ reason: UNUSABLE.reason });
    const now = this.#dependencies.monotonic();
    if (check !== null) {
      this.#outbox.observe(check, agentVerdict(UNUSABLE, false), now, now);
      this.#say(check, UNUSABLE);
    }
    this.#outbox.deviceDone();
  }

  /** Says what is wrong with an agent, or no longer, where that is news. */
  #say(check: number, trouble: Trouble | null): void {
    const said = this.#details.get(check);
    if (said?.reason === trouble?.reason && said?.text === trouble?.text) return;
    this.#outbox.detail(check, trouble ? { ...trouble, at: this.#epoch(this.#dependencies.monotonic()) } : null);
  }

  /** True when nobody answered and no anchor either: then it is we who are cut off. */
  async #settleHeld(): Promise<boolean> {
    const { metrics, lookAtAnchors } = this.#dependencies;
    const proven = this.#proven;
    const doubtful = this.#held.some(({ planned }) => !proven[planned.isV6 ? 'v6' : 'v4']);
    if (this.#held.length === 0 || (this.#failed && !proven.v4 && !proven.v6)) return false;
    const sight = doubtful ? await lookAtAnchors() : null;
    for (const { planned, poll } of this.#held) {
      const family = planned.isV6 ? 'v6' : 'v4';
      if (proven[family] || sight?.[family]) this.#observeAgent(planned, poll);
      else metrics.withheld.inc();
    }
    if (doubtful && !sight) this.#failed = true;
    return sight !== null && !sight.v4 && !sight.v6 && !proven.v4 && !proven.v6;
  }

  #epoch(monotonic: number): number {
    return this.#stamp.startedAt + Math.max(0, Math.round(monotonic - this.#stamp.startedMonotonic));
  }
}
