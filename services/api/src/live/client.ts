import type { ResyncEvent } from '@beacontower/contracts';
import { type Audience, type Piece, type TailBatch, toldOf } from './batch.ts';
import type { TailEvent } from './events.ts';
import type { Follower } from './tail.ts';

/** Where a client's text goes; `write` false means that it waits for `drained`. */
export interface Sink {
  write(text: string | Uint8Array): boolean;
}

export interface ClientOptions {
  readonly audience: Audience;
  /** Events waiting before they are dropped for a resync. */
  readonly queueLimit: number;
  readonly onResync: (reason: ResyncEvent['reason']) => void;
  readonly onEvents: (count: number) => void;
}

/**
 * One client of the live events: a bounded queue before a sink that may be slow. What does not fit is dropped as a whole and
 * the client is told once to read again; it never holds up the tail or another client.
 */
export class LiveClient implements Follower {
  readonly #sink: Sink;
  readonly #options: ClientOptions;
  #queue: Piece[] = [];
  /** Events in the queue. */
  #waiting = 0;
  #blocked = false;
  /** Held back until what came before has been sent. */
  #held = true;
  #lost: number | null = null;
  #sent: number;

  constructor(sink: Sink, after: number, options: ClientOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#sent = after;
  }

  /** Everything up to this sequence was written, or is none of this client's concern. */
  get sent(): number {
    return this.#sent;
  }
  get blocked(): boolean {
    return this.#blocked;
  }
  get idle(): boolean {
    return !this.#blocked && !this.#held && this.#queue.length === 0;
  }

  follow(batch: TailBatch): void {
    // While the past is being sent nobody knows yet where it will end: one by one they can be told apart.
    if (this.#held || batch.first <= this.#sent) {
      for (const event of batch.events) this.#followOne(event);
    } else this.#take(batch.pieceFor(this.#options.audience));
    this.#pump();
  }

  /** Writes an event of the past, before `release`. False: wait for `drained` before the next. */
  replay(event: TailEvent): boolean {
    const text = toldOf(event, this.#options.audience);
    return text === undefined ? true : this.#write({ sequence: event.sequence, count: 1, bytes: Buffer.from(text) });
  }

  /** The past has been sent: from here on what follows is. */
  release(upTo: number): void {
    this.#sent = Math.max(this.#sent, upTo);
    this.#queue = this.#queue.filter((waiting) => waiting.sequence > upTo);
    this.#waiting = this.#queue.reduce((sum, { count }) => sum + count, 0);
    this.#held = false;
    this.#pump();
  }

  /** Tells the client to read again and follow from `sequence`. */
  resync(reason: ResyncEvent['reason'], sequence: number): void {
    const body: ResyncEvent = { reason, sequence };
    this.#options.onResync(reason);
    this.#sent = sequence;
    this.#blocked = !this.#sink.write(`id: ${sequence}\nevent: resync\ndata: ${JSON.stringify(body)}\n\n`);
  }

  /** A sign of life which also moves a quiet client's Last-Event-ID on. */
  beat(position: number): void {
    if (this.#blocked || this.#held) return;
    if (this.idle && position > this.#sent) this.#sent = position;
    this.#blocked = !this.#sink.write(`: beat\nid: ${this.#sent}\n\n`);
  }

  drained(): void {
    this.#blocked = false;
    this.#pump();
  }

  #followOne(event: TailEvent): void {
    if (event.sequence <= this.#sent) return;
    const text = toldOf(event, this.#options.audience);
    if (text !== undefined) this.#take({ sequence: event.sequence, count: 1, bytes: Buffer.from(text) });
  }

  #take(piece: Piece | null): void {
    if (piece === null) return;
    if (this.#lost !== null || this.#waiting + piece.count > this.#options.queueLimit) {
      this.#queue = [];
      this.#waiting = 0;
      this.#lost = piece.sequence;
      return;
    }
    this.#queue.push(piece);
    this.#waiting += piece.count;
  }

  #pump(): void {
    while (!this.#blocked && !this.#held) {
      if (this.#lost !== null) {
        const sequence = this.#lost;
        this.#lost = null;
        this.resync('slow', sequence);
        continue;
      }
      const next = this.#queue.shift();
      if (!next) return;
      this.#waiting -= next.count;
      this.#write(next);
    }
  }

  #write({ sequence, count, bytes }: Piece): boolean {
    this.#sent = sequence;
    this.#options.onEvents(count);
    this.#blocked = !this.#sink.write(bytes);
    return !this.#blocked;
  }
}
