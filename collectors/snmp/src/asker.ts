import { SNMP_TIMEOUT_GROWTH } from '@beacontower/domain';
import type { Gate, Pass } from './gate.ts';
import type { SnmpMetrics } from './metrics.ts';
import type { Oid } from './wire/oid.ts';
import type { BulkAnswer, BulkRequest, Conversation, Failed, GetAnswer } from './wire/port.ts';

/** A refusal by the operating system comes at once; asking again at once would prove nothing. Ms. */
const PAUSE_AFTER_REFUSAL_MS = 250;
/** So many cells weigh as much as one small question. */
const CELLS_A_WEIGHT = 100;

export interface AskerOptions {
  readonly conversation: Conversation;
  readonly gate: Gate;
  readonly metrics: SnmpMetrics;
  readonly monotonic: () => number;
  readonly timeoutMs: number;
  readonly retries: number;
  /** Monotonic ms at which the device's time in this round is over. */
  readonly deadline: number;
  /** Time that a question must be given at least, ms: with less, silence would prove nothing. */
  readonly leastMs: number;
}

/** What a poll has shown by when, monotonic ms; see `ObservationBatch` for what `first` and `last` must hold. */
export interface Evidence {
  /** When the first answer had surely come; null: none came. */
  firstAnswerBy: number | null;
  /** When the last question that was answered was sent. */
  lastAnsweredFrom: number;
  /** When the first question had surely failed (null: none did), when it was sent, and when the last that failed was sent. */
  firstFailureBy: number | null;
  firstFailureFrom: number;
  lastFailureFrom: number;
}

/** Asks one device within one poll: repeats what was lost, minds the gate and the deadline, and keeps the evidence. */
export class Asker {
  readonly #options: AskerOptions;
  readonly evidence: Evidence = { firstAnswerBy: null, lastAnsweredFrom: 0, firstFailureBy: null, firstFailureFrom: 0, lastFailureFrom: 0 };
  /** Requests of this poll, whatever became of them. */
  requests = 0;
  readonly #began: number;
  /** Spent before the gate, ms. */
  #waited = 0;

  constructor(options: AskerOptions) {
    this.#options = options;
    this.#began = options.monotonic();
  }

  /** The agent answered something in this poll. */
  get answered(): boolean {
    return this.evidence.firstAnswerBy !== null;
  }

  /** The device's time in this round does not suffice for another question. */
  get outOfTime(): boolean {
    return this.#timeLeft < this.#options.leastMs;
  }

  get #timeLeft(): number {
    return this.#options.deadline - this.#options.monotonic();
  }

  /** One small question. @param attempts how often at most; each but the last is followed by a longer one. */
  get(oids: readonly Oid[], attempts = 1 + this.#options.retries): Promise<GetAnswer | Failed> {
    const { conversation } = this.#options;
    return this.#ask(attempts, 1, (timeoutMs) => conversation.get(oids, { timeoutMs }));
  }

  /** The one small question to who was silent before: waited for as long as a last attempt is. */
  getOnce(oids: readonly Oid[]): Promise<GetAnswer | Failed> {
    const { conversation, retries } = this.#options;
    const patience = this.#timeout(retries);
    return this.#ask(1, 1, () => conversation.get(oids, { timeoutMs: this.#bounded(patience) }));
  }

  /** @param request makes the request of an attempt (from 0): one that got no answer is better asked for less. */
  bulk(request: (attempt: number, last: boolean) => BulkRequest): Promise<BulkAnswer | Failed> {
    const { conversation, retries } = this.#options;
    const attempts = 1 + retries;
    const weight = (made: BulkRequest) => 1 + Math.floor((made.columns.length * made.maxRepetitions) / CELLS_A_WEIGHT);
    let next = request(0, attempts === 1);
    return this.#ask(
      attempts,
      () => weight(next),
      (timeoutMs) => conversation.bulk(next, { timeoutMs }),
      (attempt) => {
        next = request(attempt, attempt === attempts - 1);
      },
    );
  }

  /** Asks until an answer comes, or a refusal that will not pass. */
  async #ask<A extends { readonly ok: true; readonly sentAt: number; readonly receivedAt: number }>(
    attempts: number,
    weight: number | (() => number),
    send: (timeoutMs: number) => Promise<A | Failed>,
    prepare: (attempt: number) => void = () => undefined,
  ): Promise<A | Failed> {
    const { metrics } = this.#options;
    for (let attempt = 0; ; attempt++) {
      if (attempt > 0) prepare(attempt);
      const pass = await this.#enter(typeof weight === 'number' ? weight : weight());
      if (!pass) return this.#outOfTime();
      this.requests++;
      const answer = await send(this.#bounded(this.#timeout(attempt)));
      pass.done();
      this.#note(answer);
      if (answer.ok || attempt + 1 >= attempts || !worthRepeating(answer) || this.outOfTime) return answer;
      metrics.retries.inc();
      if (answer.failure === 'send-failed') await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_REFUSAL_MS));
    }
  }

  /** Null: there is not time enough left to ask. */
  async #enter(weight: number): Promise<Pass | null> {
    const { gate, monotonic } = this.#options;
    const entering = gate.enter(weight, this.requests > 0);
    if (!(entering instanceof Promise)) return this.#inTime(entering);
    const before = monotonic();
    const pass = await entering;
    this.#waited += monotonic() - before;
    return this.#inTime(pass);
  }

  #inTime(pass: Pass): Pass | null {
    if (!this.outOfTime) return pass;
    pass.done();
    return null;
  }

  /** A device that used up its time is slow; when we kept it waiting, or never asked, nothing is said of it. */
  #outOfTime(): Failed {
    const now = this.#options.monotonic();
    const ours = this.requests === 0 || this.#waited > (now - this.#began) / 2;
    return { ok: false, failure: ours ? 'stopped' : 'timeout', text: 'no time left in this round', index: null, sentAt: now, endedAt: now };
  }

  #note(answer: Failed | { readonly ok: true; readonly sentAt: number; readonly receivedAt: number }): void {
    const { evidence } = this;
    if (answer.ok) {
      evidence.firstAnswerBy ??= answer.receivedAt;
      evidence.lastAnsweredFrom = answer.sentAt;
      return;
    }
    if (evidence.firstFailureBy === null) [evidence.firstFailureBy, evidence.firstFailureFrom] = [answer.endedAt, answer.sentAt];
    evidence.lastFailureFrom = answer.sentAt;
  }

  #timeout(attempt: number): number {
    return this.#options.timeoutMs * SNMP_TIMEOUT_GROWTH ** attempt;
  }

  #bounded(timeoutMs: number): number {
    return Math.max(1, Math.min(timeoutMs, this.#timeLeft));
  }
}

/** A lost or broken datagram may come whole the next time; what an agent said in so many words it will say again. */
function worthRepeating({ failure }: Failed): boolean {
  return failure === 'timeout' || failure === 'malformed' || failure === 'send-failed' || failure === 'not-in-time-window';
}
