import { CONFIRMED, type ObservationBatch, type IcmpSampleBatch, type IcmpShardPlan, type VerdictCode } from '@beacontower/contracts';
import { packInt32, packUint8, packUint16, packUint32 } from '@beacontower/queue';
import type { Evidence } from './evidence.ts';
import { LOST } from './fping-output.ts';

/** What every batch of one round has in common. */
export interface RoundStamp {
  readonly plan: IcmpShardPlan;
  readonly tick: number | null;
  /** Corrected epoch ms at the round's start, and the monotonic ms at the same moment. */
  readonly startedAt: number;
  readonly startedMonotonic: number;
  readonly clockUncertaintyMs: number;
  readonly collector: string;
}

/** Rows of one observation batch, gathered in columns. */
export class Observations {
  readonly #stamp: RoundStamp;
  readonly #checks: number[] = [];
  readonly #verdicts: number[] = [];
  readonly #first: number[] = [];
  readonly #last: number[] = [];

  constructor(stamp: RoundStamp) {
    this.#stamp = stamp;
  }

  get count(): number {
    return this.#checks.length;
  }

  /** @param row of the plan. @param first,last monotonic ms; widened to whole ms, outwards. */
  add(row: number, verdict: VerdictCode, confirmed: boolean, first: number, last: number): void {
    const { plan, startedMonotonic } = this.#stamp;
    this.#checks.push(plan.checks[row] ?? 0);
    this.#verdicts.push(verdict | (confirmed ? CONFIRMED : 0));
    this.#first.push(Math.ceil(first - startedMonotonic));
    this.#last.push(Math.floor(last - startedMonotonic));
  }

  batch(endedMonotonic: number): ObservationBatch {
    return {
      ...head(this.#stamp, endedMonotonic),
      vantage: 'seeing',
      checks: packUint32(this.#checks),
      verdicts: packUint8(this.#verdicts),
      first: packInt32(this.#first),
      last: packInt32(this.#last),
    };
  }
}

/** Says that the vantage saw nothing in this round: no row is believed. */
export function blindBatch(stamp: RoundStamp, endedMonotonic: number): ObservationBatch {
  const nothing = new Uint8Array(0);
  return { ...head(stamp, endedMonotonic), vantage: 'blind', checks: nothing, verdicts: nothing, first: nothing, last: nothing };
}

function head(stamp: RoundStamp, endedMonotonic: number) {
  return {
    type: 'observations' as const,
    shard: stamp.plan.shard,
    planVersion: stamp.plan.version,
    tick: stamp.tick,
    startedAt: stamp.startedAt,
    endedAt: stamp.startedAt + Math.max(0, Math.ceil(endedMonotonic - stamp.startedMonotonic)),
    collector: stamp.collector,
    clockUncertaintyMs: stamp.clockUncertaintyMs,
  };
}

const MOST_UINT16 = 0xffff;

/** Samples of the rows at `positions` of the evidence; `rows[position]` is the row of the plan. */
export function sampleBatch(stamp: RoundStamp, evidence: Evidence, rows: Uint32Array, positions: readonly number[]): IcmpSampleBatch {
  const { plan, tick, startedAt } = stamp;
  const column = (value: (position: number) => number) => positions.map(value);
  const ofReplies = (position: number, value: number) => (evidence.received[position] === 0 ? LOST : Math.min(Math.round(value), LOST - 1));
  return {
    type: 'icmp',
    shard: plan.shard,
    tick,
    startedAt,
    checks: packUint32(column((at) => plan.checks[rows[at] ?? 0] ?? 0)),
    sent: packUint16(column((at) => Math.min(evidence.sent[at] ?? 0, MOST_UINT16))),
    received: packUint16(column((at) => Math.min(evidence.received[at] ?? 0, MOST_UINT16))),
    rttMin: packUint32(column((at) => ofReplies(at, evidence.rttMin[at] ?? 0))),
    rttAvg: packUint32(column((at) => ofReplies(at, (evidence.rttSum[at] ?? 0) / (evidence.received[at] || 1)))),
    rttMax: packUint32(column((at) => ofReplies(at, evidence.rttMax[at] ?? 0))),
    jitter: packUint32(column((at) => ofReplies(at, (evidence.jitterSum[at] ?? 0) / (evidence.jitterCount[at] || 1)))),
  };
}
