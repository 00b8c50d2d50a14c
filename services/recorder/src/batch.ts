import type { IcmpSampleBatch } from '@beacontower/contracts';
import { type SampleRecord, unpackUint16, unpackUint32 } from '@beacontower/queue';
import { IcmpColumns, type Increments, InterfaceColumns } from '@beacontower/samples';
import type { WriteBatch } from '@beacontower/timeseries';

/** What was read of the streams and goes to the store in one write. Its memory is used again for the next one. */
export class Batch {
  readonly #interfaces = new InterfaceColumns();
  readonly #icmp = new IcmpColumns();
  /** Entries taken, by what they held. */
  readonly entries = { interfaces: 0, icmp: 0, undecodable: 0 };

  get rows(): number {
    return this.#interfaces.count + this.#icmp.count;
  }

  /** Adds an entry's rows. An entry that is no batch is counted, and changes nothing. */
  take({ batch }: SampleRecord, increments: Increments): void {
    try {
      if (batch?.type === 'interfaces') increments.take(batch, this.#interfaces);
      else if (batch?.type === 'icmp') takeIcmp(batch, this.#icmp);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.entries.undecodable++;
      return;
    }
    this.entries[batch === null ? 'undecodable' : batch.type]++;
  }

  /** Forgets everything. What `toWrite` gave must not be used any more. */
  clear(): void {
    this.#interfaces.count = 0;
    this.#icmp.count = 0;
    Object.assign(this.entries, { interfaces: 0, icmp: 0, undecodable: 0 });
  }

  /** The rows, as views. */
  toWrite(offsets: ReadonlyMap<number, string>): WriteBatch {
    return { interfaces: this.#interfaces.rows(), icmp: this.#icmp.rows(), offsets };
  }
}

function takeIcmp(batch: IcmpSampleBatch, into: IcmpColumns): void {
  const check = unpackUint32(batch.checks);
  const columns = [
    unpackUint16(batch.sent),
    unpackUint16(batch.received),
    ...[batch.rttMin, batch.rttAvg, batch.rttMax, batch.jitter].map(unpackUint32),
  ];
  if (columns.some(({ length }) => length !== check.length))
    throw new RangeError('the columns of a batch of ICMP samples differ in length');
  const [sent, received, rttMin, rttAvg, rttMax, jitter] = columns as [
    Uint16Array,
    Uint16Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  into.reserve(check.length);
  const { count } = into;
  into.check.set(check, count);
  into.at.fill(batch.startedAt, count, count + check.length);
  into.sent.set(sent, count);
  into.received.set(received, count);
  into.rttMin.set(rttMin, count);
  into.rttAvg.set(rttAvg, count);
  into.rttMax.set(rttMax, count);
  into.jitter.set(jitter, count);
  into.count += check.length;
}
