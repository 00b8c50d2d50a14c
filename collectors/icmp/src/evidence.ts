import { LOST } from '@beacontower/collector-sdk';
import { VERDICT, type VerdictCode } from '@beacontower/contracts';

/** When a pass was taken (monotonic ms) and by which policy. */
export interface PassTimes {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly probes: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
}

/**
 * What one round knows of its targets, in columns; passes are folded in one after the other, in order of time.
 *
 * Bounds. Of a pass we know: no packet left before `startedAt` (taken before fping was started) and nothing was awaited after
 * `endedAt` (taken after it had ended). fping schedules probe i at its start + i * period and never sends before its schedule;
 * it may send later by any delay (pacing, a busy machine), and only its end bounds that. Hence, for probe i of any target:
 *   sent(i) >= startedAt + i * period;
 *   replied: arrived(i) <= endedAt;  lost: sent(i) + time-out <= endedAt, or the send itself failed, before endedAt.
 * A reply shows that the way was open at some moment in [sent, arrived]; a loss that it was cut at some moment in
 * [sent, sent + time-out]. So evidence of probe i lies surely at or after startedAt + i * period and at or before endedAt.
 *
 * Estimate. Of silence `endedAt` lies a whole pass and a time-out behind its first probe, so that the midpoint of bounds would be late.
 * That probe is taken to have been sent when what the pass took beyond its periods and its last time-out (pacing, fping's own start and
 * end) had passed. That may be later than it was, and makes good in part that `last` of the look before is as early as can be.
 */
export class Evidence {
  readonly sent: Uint32Array;
  readonly received: Uint32Array;
  /** Monotonic ms by which the first reply (loss) had surely shown itself; Infinity when there was none. */
  readonly firstReplyBy: Float64Array;
  readonly firstLossBy: Float64Array;
  /** Monotonic ms before which the last reply (loss) cannot have shown itself; -Infinity when there was none. */
  readonly lastReplyFrom: Float64Array;
  readonly lastLossFrom: Float64Array;
  /** Microseconds; `LOST` when there was no reply. */
  readonly rttMin: Uint32Array;
  readonly rttMax: Uint32Array;
  readonly rttSum: Float64Array;
  readonly jitterSum: Float64Array;
  readonly jitterCount: Uint32Array;
  #firstSentAt: number | undefined;

  constructor(rows: number) {
    this.sent = new Uint32Array(rows);
    this.received = new Uint32Array(rows);
    this.firstReplyBy = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
    this.firstLossBy = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
    this.lastReplyFrom = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
    this.lastLossFrom = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
    this.rttMin = new Uint32Array(rows).fill(LOST);
    this.rttMax = new Uint32Array(rows);
    this.rttSum = new Float64Array(rows);
    this.jitterSum = new Float64Array(rows);
    this.jitterCount = new Uint32Array(rows);
  }

  /** Adds what a pass saw of a row; the row's results begin at `offset` of `rtts`. */
  fold(row: number, pass: PassTimes, rtts: Uint32Array, offset: number): void {
    const { startedAt, endedAt, probes, periodMs, timeoutMs } = pass;
    this.#firstSentAt ??= Math.max(startedAt, endedAt - (probes - 1) * periodMs - timeoutMs);
    let previous = LOST;
    let received = 0;
    for (let i = 0; i < probes; i++) {
      const rtt = rtts[offset + i] ?? LOST;
      const sentFrom = startedAt + i * periodMs;
      if (rtt === LOST) {
        this.lastLossFrom[row] = sentFrom;
        if (this.firstLossBy[row] === Number.POSITIVE_INFINITY) this.firstLossBy[row] = endedAt;
        continue;
      }
      received++;
      this.lastReplyFrom[row] = sentFrom;
      if (this.firstReplyBy[row] === Number.POSITIVE_INFINITY) this.firstReplyBy[row] = endedAt;
      this.#foldRtt(row, rtt, previous);
      previous = rtt;
    }
    this.sent[row] = (this.sent[row] ?? 0) + probes;
    this.received[row] = (this.received[row] ?? 0) + received;
  }

  #foldRtt(row: number, rtt: number, previous: number): void {
    if (rtt < (this.rttMin[row] ?? LOST)) this.rttMin[row] = rtt;
    if (rtt > (this.rttMax[row] ?? 0)) this.rttMax[row] = rtt;
    this.rttSum[row] = (this.rttSum[row] ?? 0) + rtt;
    if (previous === LOST) return;
    this.jitterSum[row] = (this.jitterSum[row] ?? 0) + Math.abs(rtt - previous);
    this.jitterCount[row] = (this.jitterCount[row] ?? 0) + 1;
  }

  /** Down without a reply, degraded when the loss reaches the limit, else up. */
  verdict(row: number, degradedLoss: number): VerdictCode {
    return verdictOf(this.sent[row] ?? 0, this.received[row] ?? 0, degradedLoss);
  }

  /**
   * Monotonic ms by which the verdict had surely begun to show. Degraded is shown by a reply and a loss together: the later.
   */
  first(row: number, verdict: VerdictCode): number {
    if (verdict === VERDICT.down) return this.firstLossBy[row] ?? 0;
    if (verdict === VERDICT.up) return this.firstReplyBy[row] ?? 0;
    return Math.max(this.firstReplyBy[row] ?? 0, this.firstLossBy[row] ?? 0);
  }

  /** Monotonic ms at which the verdict is taken to have begun to show, where that is not `first`. Rows begin with the first pass, all of them. */
  began(verdict: VerdictCode): number | undefined {
    return verdict === VERDICT.down ? this.#firstSentAt : undefined;
  }

  /** Monotonic ms before which the verdict's last evidence cannot have shown; of degraded the earlier of its two. */
  last(row: number, verdict: VerdictCode): number {
    if (verdict === VERDICT.down) return this.lastLossFrom[row] ?? 0;
    if (verdict === VERDICT.up) return this.lastReplyFrom[row] ?? 0;
    return Math.min(this.lastReplyFrom[row] ?? 0, this.lastLossFrom[row] ?? 0);
  }
}

export function verdictOf(sent: number, received: number, degradedLoss: number): VerdictCode {
  if (received === 0) return VERDICT.down;
  const lost = sent - received;
  // Multiplied out: 1 of 3 lost against a limit of 1/3 must not hang on rounding.
  return lost > 0 && lost >= degradedLoss * sent - 1e-9 ? VERDICT.degraded : VERDICT.up;
}
