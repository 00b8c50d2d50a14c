import { Observations, type RoundStamp } from '@beacontower/collector-sdk';
import type { DeviceSeen, InterfaceSampleBatch, LookDetail, ObservationBatch, SnmpShardPlan } from '@beacontower/contracts';
import type { Mapping } from './mapping.ts';
import type { Reading } from './reading.ts';
import { SampleRows } from './samples.ts';
import type { Verdict } from './verdicts.ts';

/** Where what a round saw goes. Only `append` may reject: what the others carry holds up no observation. */
export interface RoundOutput {
  readonly append: (batch: ObservationBatch) => Promise<void>;
  /** Encodes before it returns: the batch is a view of memory that is used again. */
  readonly appendSamples: (batch: InterfaceSampleBatch) => Promise<void>;
  readonly tell: (devices: readonly DeviceSeen[]) => Promise<void>;
  /** Check key → what to say of it, or null to say nothing any more. */
  readonly setDetails: (changes: ReadonlyMap<number, LookDetail | null>) => Promise<void>;
}

export interface OutboxOptions {
  readonly stamp: RoundStamp<SnmpShardPlan>;
  readonly output: RoundOutput;
  readonly monotonic: () => number;
  /** What is there is sent when so many devices are done, or after so long, ms. */
  readonly devices: number;
  readonly everyMs: number;
}

/** Rows are gathered in memory that rounds use one after the other. */
const spare: SampleRows[] = [];
const MOST_SPARE = 4;

/** Gathers what a round sees and sends it while the round goes on, in few large entries: nobody waits for the slowest device. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #samples = spare.pop() ?? new SampleRows();
  readonly #sending: Promise<void>[] = [];
  #observations: Observations;
  #told: DeviceSeen[] = [];
  #details = new Map<number, LookDetail | null>();
  #devices = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#observations = new Observations(options.stamp);
  }

  /** SNMP observations are confirmed: a silence was asked again, and what an agent says need not be said twice. */
  observe(check: number, { verdict, reason }: Verdict, first: number, last: number, began?: number): void {
    this.#observations.add(check, verdict, true, first, last, reason, began);
  }

  sample(reading: Reading, mapping: Mapping): void {
    this.#samples.add(reading, mapping, this.#options.stamp.startedMonotonic);
  }

  tell(device: DeviceSeen): void {
    this.#told.push(device);
  }

  detail(check: number, detail: LookDetail | null): void {
    this.#details.set(check, detail);
  }

  /** A device is done; sends what there is when it is enough, or soon. */
  deviceDone(): void {
    if (++this.#devices >= this.#options.devices) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), this.#options.everyMs);
  }

  /** Sends the rest. Rejects when Redis did not take an observation of this round. */
  async close(): Promise<void> {
    this.#send();
    await Promise.all(this.#sending);
    this.#samples.clear();
    if (spare.length < MOST_SPARE) spare.push(this.#samples);
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#devices = 0;
    const { output, stamp, monotonic } = this.#options;
    const { shard } = stamp.plan;
    if (this.#observations.count > 0) {
      this.#go(output.append(this.#observations.batch(monotonic())));
      this.#observations = new Observations(stamp);
    }
    if (this.#samples.count > 0) {
      this.#go(output.appendSamples(this.#samples.batch({ shard, tick: stamp.tick, startedAt: stamp.startedAt })));
      this.#samples.clear();
    }
    if (this.#told.length > 0) {
      this.#go(output.tell(this.#told));
      this.#told = [];
    }
    if (this.#details.size > 0) {
      this.#go(output.setDetails(this.#details));
      this.#details = new Map();
    }
  }

  /** A failure is heard at the end of the round; until then it must not be one that nobody heard of. */
  #go(work: Promise<void>): void {
    work.catch(() => undefined);
    this.#sending.push(work);
  }
}
