import { type Component, type Health, type Logger, Loop, type LoopResult } from '@beacontower/runtime';
import { FencedOut, type Lease } from './lease.ts';
import { LeaseKeeper, type LeaseKeeperOptions } from './lease-keeper.ts';

/** What one pass is given. */
export interface Turn {
  readonly lease: Lease;
  /** Aborted when the pass under way is the last one. */
  readonly signal: AbortSignal;
  /** Counts and tells of a failure that does not end the pass; until the next whole pass the work is not well. */
  fault(error: unknown): void;
}

/** Work that one process of the whole node does at a time. */
export interface LeasedWork {
  readonly name: string;
  /** The lease without which no pass is made. */
  readonly lease: string;
  /** Pause between passes, ms; what wakes the work and gaining the lease end it early. */
  readonly pauseMs: number;
  /** Pause after a pass that failed, ms; as a `Loop` has it unless told. */
  readonly failurePauseMs?: number;
  /** Done once, before the first pass, with or without the lease: what an earlier process of this slot left is for this one to settle. */
  settleInherited?(): Promise<void>;
  /** One pass. What it rejects with is counted and told, and it is tried again; after `FencedOut` only once the lease is held anew. */
  pass(turn: Turn): Promise<LoopResult>;
  /** Throws away what is remembered of the record: another may have written since, or a pass was left half done. */
  forget?(): void;
  /** Begins to listen for what ends a pause; resolves to what ends the listening. */
  listen?(wake: () => void): Promise<() => Promise<void>>;
  /** What is said of work that goes well, for people. */
  detail?(): string;
}

export interface LeasedLoopOptions {
  readonly leases: Pick<LeaseKeeper, 'held' | 'lost' | 'whenGained'>;
  readonly logger: Logger;
  /** Called for every failure with the name of the work, to count it. */
  readonly onFailure: (work: string) => void;
}

/** Passes of a work, never two at once, made only while its lease is held; let go of as soon as another was faster. */
export class LeasedLoop implements Component {
  readonly name: string;
  readonly #work: LeasedWork;
  readonly #options: LeasedLoopOptions;
  readonly #loop: Loop;
  /** Of the lease under which the last pass was made. */
  #epoch: number | undefined;
  #isSettled = false;
  #failure: string | undefined;
  #ends: (() => Promise<void> | void)[] = [];

  constructor(work: LeasedWork, options: LeasedLoopOptions) {
    this.name = work.name;
    this.#work = work;
    this.#options = options;
    const { pauseMs, failurePauseMs } = work;
    this.#loop = new Loop({
      name: work.name,
      logger: options.logger,
      pauseMs,
      ...(failurePauseMs === undefined ? {} : { failurePauseMs }),
      pass: (signal) => this.#pass(signal),
      onFailure: (error) => {
        this.#forget();
        this.#failure = this.#failed(error);
      },
    });
  }

  async start(): Promise<void> {
    const wake = () => this.#loop.wake();
    this.#ends = [this.#options.leases.whenGained(this.#work.lease, wake)];
    if (this.#work.listen) this.#ends.push(await this.#work.listen(wake));
    this.#loop.start();
  }

  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) await end();
    await this.#loop.stop();
    this.#forget();
  }

  health(): Health {
    if (this.#failure !== undefined) return { status: 'degraded', detail: this.#failure };
    if (this.#epoch === undefined) return { status: 'ok', detail: 'another process holds the lease' };
    const detail = this.#work.detail?.();
    return detail === undefined ? { status: 'ok' } : { status: 'ok', detail };
  }

  async #pass(signal: AbortSignal): Promise<LoopResult> {
    if (!this.#isSettled) await this.#work.settleInherited?.();
    this.#isSettled = true;
    const lease = this.#options.leases.held(this.#work.lease);
    // Lost and gained again between two passes: another may have acted meanwhile.
    if (lease?.epoch !== this.#epoch) this.#forget();
    this.#epoch = lease?.epoch;
    return lease === undefined ? 'pause' : this.#passUnder(lease, signal);
  }

  async #passUnder(lease: Lease, signal: AbortSignal): Promise<LoopResult> {
    let failure: string | undefined;
    const fault = (error: unknown) => {
      failure = this.#failed(error);
    };
    try {
      const result = await this.#work.pass({ lease, signal, fault });
      this.#failure = failure;
      return result;
    } catch (error) {
      if (!(error instanceof FencedOut)) throw error;
      this.#options.leases.lost(this.#work.lease);
      this.#forget();
      return 'pause';
    }
  }

  #failed(error: unknown): string {
    this.#options.onFailure(this.name);
    return error instanceof Error ? error.message : String(error);
  }

  #forget(): void {
    this.#epoch = undefined;
    this.#work.forget?.();
  }
}

export interface LeasedPartsOptions extends Omit<LeaseKeeperOptions, 'names'>, Pick<LeasedLoopOptions, 'onFailure'> {}

/** The keeper of the leases of works and a loop for each, in the order in which they start. */
export function leasedParts(works: readonly LeasedWork[], options: LeasedPartsOptions): readonly Component[] {
  const leases = new LeaseKeeper({ ...options, names: works.map(({ lease }) => lease) });
  return [leases, ...works.map((work) => new LeasedLoop(work, { ...options, leases }))];
}
