import { INTERFACE_COUNTERS, type InterfaceCounter } from '@beacontower/contracts';

const FIRST_CAPACITY = 4_096;
export const COUNTERS = INTERFACE_COUNTERS.length;

type Growing = Uint8Array | Uint16Array | Uint32Array | Float64Array;

function grown<T extends Growing>(column: T, capacity: number): T {
  const larger = new (column.constructor as new (length: number) => T)(capacity);
  larger.set(column as never);
  return larger;
}

/** Interface rows under collection, in columns that grow. */
export class InterfaceColumns {
  count = 0;
  capacity = FIRST_CAPACITY;
  check = new Uint32Array(FIRST_CAPACITY);
  at = new Float64Array(FIRST_CAPACITY);
  span = new Uint32Array(FIRST_CAPACITY);
  speed = new Uint32Array(FIRST_CAPACITY);
  status = new Uint8Array(FIRST_CAPACITY);
  readonly increments: Float64Array[] = Array.from({ length: COUNTERS }, () => new Float64Array(FIRST_CAPACITY));

  /** Makes room for so many further rows. */
  reserve(rows: number): void {
    if (this.count + rows <= this.capacity) return;
    while (this.capacity < this.count + rows) this.capacity *= 2;
    this.check = grown(this.check, this.capacity);
    this.at = grown(this.at, this.capacity);
    this.span = grown(this.span, this.capacity);
    this.speed = grown(this.speed, this.capacity);
    this.status = grown(this.status, this.capacity);
    for (let i = 0; i < COUNTERS; i++) this.increments[i] = grown(this.increments[i] as Float64Array, this.capacity);
  }

  rows() {
    const { count } = this;
    const increments = Object.fromEntries(
      INTERFACE_COUNTERS.map((name, i) => [name, (this.increments[i] as Float64Array).subarray(0, count)]),
    ) as Record<InterfaceCounter, Float64Array>;
    return {
      count,
      check: this.check.subarray(0, count),
      at: this.at.subarray(0, count),
      span: this.span.subarray(0, count),
      speed: this.speed.subarray(0, count),
      status: this.status.subarray(0, count),
      increments,
    };
  }
}

/** ICMP rows under collection, in columns that grow. */
export class IcmpColumns {
  count = 0;
  capacity = FIRST_CAPACITY;
  check = new Uint32Array(FIRST_CAPACITY);
  at = new Float64Array(FIRST_CAPACITY);
  sent = new Uint16Array(FIRST_CAPACITY);
  received = new Uint16Array(FIRST_CAPACITY);
  rttMin = new Uint32Array(FIRST_CAPACITY);
  rttAvg = new Uint32Array(FIRST_CAPACITY);
  rttMax = new Uint32Array(FIRST_CAPACITY);
  jitter = new Uint32Array(FIRST_CAPACITY);

  reserve(rows: number): void {
    if (this.count + rows <= this.capacity) return;
    while (this.capacity < this.count + rows) this.capacity *= 2;
    this.check = grown(this.check, this.capacity);
    this.at = grown(this.at, this.capacity);
    this.sent = grown(this.sent, this.capacity);
    this.received = grown(this.received, this.capacity);
    this.rttMin = grown(this.rttMin, this.capacity);
    this.rttAvg = grown(this.rttAvg, this.capacity);
    this.rttMax = grown(this.rttMax, this.capacity);
    this.jitter = grown(this.jitter, this.capacity);
  }

  rows() {
    const { count } = this;
    return {
      count,
      check: this.check.subarray(0, count),
      at: this.at.subarray(0, count),
      sent: this.sent.subarray(0, count),
      received: this.received.subarray(0, count),
      rttMin: this.rttMin.subarray(0, count),
      rttAvg: this.rttAvg.subarray(0, count),
      rttMax: this.rttMax.subarray(0, count),
      jitter: this.jitter.subarray(0, count),
    };
  }
}
