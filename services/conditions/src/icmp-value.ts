import type { IcmpSampleBatch } from '@beacontower/contracts';
import type { SampleMetric } from '@beacontower/domain';
import { unpackUint16, unpackUint32 } from '@beacontower/queue';

const NO_REPLY = 0xffff_ffff;
const MICROSECONDS = 1_000;

/** The columns of a batch that conditions judge, as numbers. */
export interface IcmpColumnsSeen {
  readonly check: Uint32Array;
  readonly sent: Uint16Array;
  readonly received: Uint16Array;
  readonly rtt: Uint32Array;
  readonly jitter: Uint32Array;
}

/** Throws a `RangeError` on columns that differ in length. */
export function icmpColumns(batch: IcmpSampleBatch): IcmpColumnsSeen {
  const columns = {
    check: unpackUint32(batch.checks),
    sent: unpackUint16(batch.sent),
    received: unpackUint16(batch.received),
    rtt: unpackUint32(batch.rttAvg),
    jitter: unpackUint32(batch.jitter),
  };
  if (Object.values(columns).some(({ length }) => length !== columns.check.length))
    throw new RangeError('the columns of a batch of ICMP samples differ in length');
  return columns;
}

/** The value of a metric of one row: ms, or the share that was lost; NaN: there was no reply to tell it. */
export function icmpValue(metric: SampleMetric, { sent, received, rtt, jitter }: IcmpColumnsSeen, row: number): number {
  switch (metric) {
    case 'rtt':
      return replied(rtt[row]);
    case 'jitter':
      return replied(jitter[row]);
    case 'loss': {
      const probes = sent[row] ?? 0;
      return probes > 0 ? (probes - Math.min(probes, received[row] ?? 0)) / probes : Number.NaN;
    }
    default:
      return Number.NaN;
  }
}

function replied(microseconds = NO_REPLY): number {
  return microseconds === NO_REPLY ? Number.NaN : microseconds / MICROSECONDS;
}
