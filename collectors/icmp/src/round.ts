import {
  blindBatch,
  type Fping,
  LOST,
  MOST_PROBES,
  Observations,
  PassFailed,
  type PassResult,
  type ReplyLine,
  type RoundResult,
  type RoundStamp,
} from '@beacontower/collector-sdk';
import { type IcmpSampleBatch, type IcmpShardPlan, type ObservationBatch, VERDICT } from '@beacontower/contracts';
import { sampleBatch } from './batches.ts';
import { Evidence } from './evidence.ts';
import type { IcmpMetrics } from './metrics.ts';
import { Recoveries } from './recoveries.ts';
import { type Sight, sightOf } from './sight.ts';
import { type CompiledPlan, type PassTargets, passesOf } from './targets.ts';

/** What a round needs from outside. */
export interface RoundDependencies {
  readonly fping: Fping;
  readonly metrics: IcmpMetrics;
  readonly monotonic: () => number;
  /** Takes up to `wanted` confirmations from the bucket; returns how many there were. */
  readonly confirmations: (wanted: number) => number;
  /** Appends to the partition's stream; resolves when Redis has it. */
  readonly append: (batch: ObservationBatch) => Promise<void>;
  /** Appends samples; never rejects. */
  readonly appendSamples: (batch: IcmpSampleBatch) => Promise<void>;
}

/**
 * One round over some rows of a plan. Every row gets at most one observation, and gets it as soon as it is certain: unchanged
 * verdicts after the first pass, recoveries while the pass over fallen targets still runs, seeming losses after confirmation.
 */
export class Round {
  readonly #dependencies: RoundDependencies;
  readonly #compiled: CompiledPlan;
  readonly #stamp: RoundStamp<IcmpShardPlan>;

  constructor(dependencies: RoundDependencies, compiled: CompiledPlan, stamp: RoundStamp<IcmpShardPlan>) {
    this.#dependencies = dependencies;
    this.#compiled = compiled;
    this.#stamp = stamp;
  }

  /**
   * @param verdicts check key → last verdict other than up. @param rows ascending. `blind`: no pass saw anything. `failed`: at least
   * one pass showed nothing and its targets were not looked at. Rejects when Redis does not take a batch.
   */
  async take(rows: Uint32Array, verdicts: ReadonlyMap<number, string>): Promise<RoundResult> {
    const { plan } = this.#compiled;
    const isFallen = (row: number) => verdicts.size > 0 && verdicts.get(plan.checks[row] ?? 0) === 'down';
    const standing = verdicts.size === 0 ? rows : rows.filter((row) => !isFallen(row));
    const fallen = verdicts.size === 0 ? new Uint32Array(0) : rows.filter(isFallen);
    const looks = [
      ...passesOf(this.#compiled, standing, MOST_PROBES).map((targets) => this.#lookAt(targets)),
      ...passesOf(this.#compiled, fallen, MOST_PROBES).map((targets) => this.#watchFallen(targets)),
    ];
    const results = await Promise.allSettled(looks);
    const rejected = results.find((result) => result.status === 'rejected' && !(result.reason instanceof PassFailed));
    if (rejected?.status === 'rejected') throw rejected.reason;
    const sights = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    if (sights.length > 0 && sights.every((sight) => sight.blind)) {
      await this.#append(blindBatch(this.#stamp, this.#dependencies.monotonic()));
      return 'blind';
    }
    return sights.length < results.length ? 'failed' : 'taken';
  }

  /** First pass over targets that are not known to be down. */
  async #lookAt(targets: PassTargets): Promise<Sight> {
    const pass = await this.#pass('first', targets);
    const sight = sightOf(targets, pass.rtts);
    if (sight.blind) return sight;
    const evidence = fold(new Evidence(targets.rows.length), targets, pass);
    const certain = new Observations(this.#stamp);
    const positions: number[] = [];
    const suspects: number[] = [];
    targets.rows.forEach((row, position) => {
      if (evidence.received[position] === 0) {
        suspects.push(position);
        return;
      }
      positions.push(position);
      this.#observe(certain, evidence, targets, row, position, true);
    });
    const confirmed = this.#confirm(targets, evidence, this.#believed(suspects, targets, sight));
    await Promise.all([this.#flush(certain), confirmed, this.#flushSamples(evidence, targets, positions)]);
    return sight;
  }

  /** Looks again at targets that seem to have gone down, parents first, as far as the token bucket goes. */
  async #confirm(targets: PassTargets, evidence: Evidence, suspects: readonly number[]): Promise<void> {
    if (suspects.length === 0) return;
    const { metrics, confirmations } = this.#dependencies;
    const { confirmPasses } = targets.policy;
    const granted = confirmPasses === 0 ? suspects.length : confirmations(suspects.length);
    const unconfirmed = suspects.slice(granted);
    metrics.confirmations.inc({ result: 'no-token' }, unconfirmed.length);
    const flushing = [handled(this.#settle(targets, evidence, unconfirmed, false))];
    let remaining = suspects.slice(0, granted);
    for (let pass = 0; pass < confirmPasses && remaining.length > 0; pass++) {
      const { answered, silent } = await this.#lookAgain(targets, evidence, remaining);
      metrics.confirmations.inc({ result: 'recanted' }, answered.length);
      flushing.push(handled(this.#settle(targets, evidence, answered, true)));
      remaining = silent;
    }
    metrics.confirmations.inc({ result: 'confirmed' }, remaining.length);
    await Promise.all([...flushing, this.#settle(targets, evidence, remaining, true)]);
  }

  async #lookAgain(
    targets: PassTargets,
    evidence: Evidence,
    positions: readonly number[],
  ): Promise<{ answered: number[]; silent: number[] }> {
    const rows = Uint32Array.from(positions, (position) => targets.rows[position] ?? 0);
    const answered: number[] = [];
    const silent: number[] = [];
    for (const again of passesOf(this.#compiled, rows, MOST_PROBES)) {
      const pass = await this.#pass('confirm', again);
      const sight = sightOf(again, pass.rtts);
      const suspects: number[] = [];
      again.rows.forEach((row, index) => {
        const position = positionOf(targets.rows, row);
        const { probes } = again.policy;
        const before = evidence.received[position] ?? 0;
        evidence.fold(position, { ...pass, ...again.policy }, pass.rtts, (again.slots[index] ?? 0) * probes);
        if ((evidence.received[position] ?? 0) > before) answered.push(position);
        else suspects.push(position);
      });
      silent.push(...this.#believed(suspects, targets, sight));
    }
    return { answered, silent };
  }

  /** Pass over targets known to be down: a recovery is appended the moment it is certain and waits for nobody's time-out. */
  async #watchFallen(targets: PassTargets): Promise<Sight> {
    const startedAt = this.#dependencies.monotonic();
    const recoveries = new Recoveries(targets, startedAt);
    const appending: Promise<void>[] = [];
    const pass = await this.#pass('fallen', targets, (replies, at) => {
      const batch = new Observations(this.#stamp);
      for (const found of recoveries.hear(replies, at)) batch.add(this.#check(found.row), found.verdict, true, found.first, found.last);
      appending.push(handled(this.#flush(batch)));
    });
    await Promise.all(appending);
    const sight = sightOf(targets, pass.rtts);
    if (sight.blind) return sight;
    const evidence = fold(new Evidence(targets.rows.length), targets, pass);
    const rest = new Observations(this.#stamp);
    const silent: number[] = [];
    const positions: number[] = [];
    targets.rows.forEach((row, position) => {
      if (evidence.received[position] === 0) {
        silent.push(position);
        return;
      }
      positions.push(position);
      if (!recoveries.told(position)) this.#observe(rest, evidence, targets, row, position, true);
    });
    for (const position of this.#believed(silent, targets, sight)) {
      positions.push(position);
      this.#observe(rest, evidence, targets, targets.rows[position] ?? 0, position, true);
    }
    await Promise.all([this.#flush(rest), this.#flushSamples(evidence, targets, positions)]);
    return sight;
  }

  #believed(positions: readonly number[], targets: PassTargets, sight: Sight): number[] {
    const believed = positions.filter((position) =>
      targets.isV6[targets.slots[position] ?? 0] === 1 ? sight.believesV6 : sight.believesV4,
    );
    this.#dependencies.metrics.withheld.inc(positions.length - believed.length);
    return believed;
  }

  async #settle(targets: PassTargets, evidence: Evidence, positions: readonly number[], confirmed: boolean): Promise<void> {
    const batch = new Observations(this.#stamp);
    for (const position of positions) this.#observe(batch, evidence, targets, targets.rows[position] ?? 0, position, confirmed);
    await Promise.all([this.#flush(batch), this.#flushSamples(evidence, targets, positions)]);
  }

  #observe(batch: Observations, evidence: Evidence, targets: PassTargets, row: number, position: number, confirmed: boolean): void {
    const verdict = evidence.verdict(position, targets.policy.degradedLoss);
    const [first, last] = [evidence.first(position, verdict), evidence.last(position, verdict)];
    batch.add(this.#check(row), verdict, confirmed, first, last, undefined, evidence.began(verdict));
  }

  #check(row: number): number {
    return this.#compiled.plan.checks[row] ?? 0;
  }

  async #flush(batch: Observations): Promise<void> {
    if (batch.count > 0) await this.#append(batch.batch(this.#dependencies.monotonic()));
  }

  async #append(batch: ObservationBatch): Promise<void> {
    const { append, metrics } = this.#dependencies;
    await append(batch);
    metrics.batches.inc({ vantage: batch.vantage });
    const counts = [0, 0, 0];
    for (const verdict of batch.verdicts) counts[verdict & 0x0f] = (counts[verdict & 0x0f] ?? 0) + 1;
    for (const [name, code] of Object.entries(VERDICT)) if (counts[code]) metrics.observations.inc({ verdict: name }, counts[code]);
  }

  async #flushSamples(evidence: Evidence, targets: PassTargets, positions: readonly number[]): Promise<void> {
    if (positions.length > 0) await this.#dependencies.appendSamples(sampleBatch(this.#stamp, evidence, targets.rows, positions));
  }

  async #pass(
    kind: 'first' | 'fallen' | 'confirm',
    targets: PassTargets,
    onReplies?: (replies: readonly ReplyLine[], at: number) => void,
  ): Promise<PassResult> {
    const { fping, metrics } = this.#dependencies;
    const { probes, periodMs, timeoutMs } = targets.policy;
    metrics.passes.inc({ kind });
    try {
      const pass = await fping.pass({ list: targets.list, probes, periodMs, timeoutMs, ...(onReplies ? { onReplies } : {}) });
      metrics.probes.inc(pass.rtts.length);
      metrics.replies.inc(pass.rtts.reduce((sum, rtt) => (rtt === LOST ? sum : sum + 1), 0));
      for (const [reason, count] of pass.refused) metrics.refused.inc({ reason }, count);
      return pass;
    } catch (error) {
      if (error instanceof PassFailed) metrics.failedPasses.inc({ reason: error.reason });
      throw error;
    }
  }
}

/** Work that goes on beside other work: should that fail first, this one's failure must not be one that nobody heard of. */
function handled(work: Promise<void>): Promise<void> {
  work.catch(() => undefined);
  return work;
}

function fold(evidence: Evidence, targets: PassTargets, pass: PassResult): Evidence {
  const { probes, periodMs, timeoutMs } = targets.policy;
  const times = { startedAt: pass.startedAt, endedAt: pass.endedAt, probes, periodMs, timeoutMs };
  for (let position = 0; position < targets.rows.length; position++)
    evidence.fold(position, times, pass.rtts, (targets.slots[position] ?? 0) * probes);
  return evidence;
}

/** Binary search: rows ascend. */
function positionOf(rows: Uint32Array, row: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
