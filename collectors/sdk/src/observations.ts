import { CONFIRMED, NO_REASON, type ObservationBatch, type ShardPlan, type VerdictCode } from '@beacontower/contracts';
import { REASONS, type Reason } from '@beacontower/domain';
import { packInt32, packUint8, packUint32 } from '@beacontower/queue';

/** What every batch of one round has in common. */
export interface RoundStamp<P extends ShardPlan = ShardPlan> {
  readonly plan: P;
  readonly tick: number | null;
  /** Corrected epoch ms at the round's start, and the monotonic ms at the same moment. */
  readonly startedAt: number;
  readonly startedMonotonic: number;
  readonly clockUncertaintyMs: number;
  readonly collector: string;
}

const REASON_CODES: Readonly<Record<string, number>> = Object.fromEntries(REASONS.map((reason, code) => [reason, code]));

/** Rows of one observation batch, gathered in columns. */
export class Observations {
  readonly #stamp: RoundStamp;
  readonly #checks: number[] = [];
  readonly #verdicts: number[] = [];
  readonly #first: number[] = [];
  readonly #last: number[] = [];
  readonly #began: number[] = [];
  readonly #reasons: number[] = [];
  #reasoned = false;
  #dated = false;

  constructor(stamp: RoundStamp) {
    this.#stamp = stamp;
  }

  get count(): number {
    return this.#checks.length;
  }

  /**
   * @param check its key. @param first,last monotonic ms; widened to whole ms, outwards.
   * @param reason when more is known than the verdict says. @param began monotonic ms, where the first evidence lies well before `first`.
   */
  add(check: number, verdict: VerdictCode, confirmed: boolean, first: number, last: number, reason?: Reason, began?: number): void {
    const { startedMonotonic } = this.#stamp;
    this.#checks.push(check);
    this.#verdicts.push(verdict | (confirmed ? CONFIRMED : 0));
    this.#first.push(Math.ceil(first - startedMonotonic));
    this.#last.push(Math.floor(last - startedMonotonic));
    this.#began.push(began === undefined ? Math.ceil(first - startedMonotonic) : Math.round(began - startedMonotonic));
    this.#reasons.push(reason === undefined ? NO_REASON : (REASON_CODES[reason] ?? NO_REASON));
    this.#reasoned ||= reason !== undefined;
    this.#dated ||= began !== undefined;
  }

  batch(endedMonotonic: number): ObservationBatch {
    return {
      ...head(this.#stamp, endedMonotonic),
      vantage: 'seeing',
      checks: packUint32(this.#checks),
      verdicts: packUint8(this.#verdicts),
      first: packInt32(this.#first),
      last: packInt32(this.#last),
      ...(this.#dated ? { began: packInt32(this.#began) } : {}),
      ...(this.#reasoned ? { reasons: packUint8(this.#reasons) } : {}),
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
