import type { AnswerPool } from './answers.ts';
import { BerReader } from './ber-reader.ts';
import { readBulk, readGet } from './columns.ts';
import type { TransportMetrics } from './metrics.ts';
import type { Oid } from './oid.ts';
import {
  type AskOptions,
  type BulkAnswer,
  type BulkRequest,
  type Conversation,
  type Failed,
  type GetAnswer,
  type ListAnswer,
  MOST_REPETITIONS,
} from './port.ts';
import { afterRow, beforeScalar, exactly } from './requests.ts';
import { bulkByNext } from './rows.ts';
import { malformed, refusalOf, type Session } from './session.ts';
import { readVarbinds } from './varbinds.ts';
import { VariableReader } from './variables.ts';

/** What conversations share. */
export interface ConversationDependencies {
  readonly pool: AnswerPool;
  readonly metrics: TransportMetrics;
  readonly monotonic: () => number;
}

const variables = new VariableReader(new BerReader());

/** Puts questions into PDUs and answers into columns, the same for every version. */
export class AgentConversation implements Conversation {
  readonly #session: Session;
  readonly #dependencies: ConversationDependencies;

  constructor(session: Session, dependencies: ConversationDependencies) {
    this.#session = session;
    this.#dependencies = dependencies;
  }

  async get(oids: readonly Oid[], { timeoutMs }: AskOptions): Promise<GetAnswer | Failed> {
    const wanted = oids.map(exactly);
    const received = await this.#session.ask({ pdu: 'get', nonRepeaters: 0, maxRepetitions: 0, wanted }, timeoutMs);
    const refusal = received.ok ? refusalOf(received, wanted.length) : received;
    if (!received.ok || refusal !== null) return this.#counted(refusal as Failed);
    const answer = this.#dependencies.pool.get(oids.length);
    if (!readGet(variables, received.bytes, received.pdu, oids, answer)) {
      answer.release();
      return this.#counted(malformed(received));
    }
    answer.sentAt = received.sentAt;
    answer.receivedAt = received.receivedAt;
    return this.#counted(answer);
  }

  async bulk(request: BulkRequest, options: AskOptions): Promise<BulkAnswer | Failed> {
    return this.#counted(await (this.#session.version === '1' ? this.#bulkByNext(request, options) : this.#bulk(request, options)));
  }

  async list(oids: readonly Oid[], maxRepetitions: number, { timeoutMs }: AskOptions): Promise<ListAnswer | Failed> {
    const wanted = oids.map(exactly);
    const pdu = this.#session.version === '1' ? 'next' : 'bulk';
    const received = await this.#session.ask({ pdu, nonRepeaters: 0, maxRepetitions: repetitions(maxRepetitions), wanted }, timeoutMs);
    const refusal = received.ok ? refusalOf(received, wanted.length) : received;
    if (!received.ok || refusal !== null) return this.#counted(refusal as Failed);
    const varbinds = readVarbinds(variables, received.bytes, received.pdu);
    if (varbinds === null) return this.#counted(malformed(received));
    const { sentAt, receivedAt, truncated } = received;
    return this.#counted({ ok: true, sentAt, receivedAt, varbinds, truncated });
  }

  end(): void {
    this.#session.end();
  }

  async #bulk(request: BulkRequest, { timeoutMs }: AskOptions): Promise<BulkAnswer | Failed> {
    const { scalars, columns } = request;
    const asked = repetitions(request.maxRepetitions);
    const wanted = scalars.map(beforeScalar);
    for (const { oid, after } of columns) wanted.push(afterRow(oid, after));
    const received = await this.#session.ask({ pdu: 'bulk', nonRepeaters: scalars.length, maxRepetitions: asked, wanted }, timeoutMs);
    if (!received.ok) return received;
    const refusal = refusalOf(received, wanted.length);
    if (refusal !== null) return refusal;
    const answer = this.#dependencies.pool.bulk(scalars.length, columns.length, asked);
    if (!readBulk(variables, received.bytes, received.pdu, request, answer)) {
      answer.release();
      return malformed(received);
    }
    answer.truncated = received.truncated;
    answer.size = received.size;
    answer.sentAt = received.sentAt;
    answer.receivedAt = received.receivedAt;
    return answer;
  }

  async #bulkByNext(request: BulkRequest, { timeoutMs }: AskOptions): Promise<BulkAnswer | Failed> {
    const { pool, monotonic } = this.#dependencies;
    const answer = pool.bulk(request.scalars.length, request.columns.length, 1);
    const failure = await bulkByNext(this.#session, request, { timeoutMs, monotonic, variables }, answer);
    if (failure === null) return answer;
    answer.release();
    return failure;
  }

  #counted<T extends { readonly ok: true } | Failed>(outcome: T): T {
    this.#dependencies.metrics.outcomes.inc({ outcome: outcome.ok ? 'answered' : outcome.failure });
    return outcome;
  }
}

function repetitions(wanted: number): number {
  return Math.max(1, Math.min(Math.trunc(wanted), MOST_REPETITIONS));
}
