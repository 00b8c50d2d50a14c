import { LOST, type RoundStamp } from '@beacontower/collector-sdk';
import type { IcmpSampleBatch, IcmpShardPlan } from '@beacontower/contracts';
import { packUint16, packUint32 } from '@beacontower/queue';
import type { Evidence } from './evidence.ts';

const MOST_UINT16 = 0xffff;

/** Samples of the rows at `positions` of the evidence; `rows[position]` is the row of the plan. */
export function sampleBatch(
  stamp: RoundStamp<IcmpShardPlan>,
  evidence: Evidence,
  rows: Uint32Array,
  positions: readonly number[],
): IcmpSampleBatch {
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
