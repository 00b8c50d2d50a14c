import type { LiveType, ResyncEvent } from '@beacontower/contracts';
import type { Scope } from '@beacontower/database';
import { type TailEvent, textFor } from './events.ts';
import type { Follower } from './tail.ts';

/** Where a client's text goes; `write` false means that it waits for `drained`. */
export interface Sink {
  write(text: string): boolean;
}

export interface ClientOptions {
  readonly scope: Scope;
  /** Types wanted; null for all. */
  readonly types: ReadonlySet<LiveType> | null;
  /** Events waiting before they are dropped for a resync. */
  readonly queueLimit: number;
  readonly onResync: (reason: ResyncEvent['reason']) => void;
  readonly onEvent: () => void;
}

/**
 * One client of the live events: a bounded queue before a sink that may be slow. What does not fit is dropped as a whole and
 * the client is told once to read again; it never holds up the tail or another client.
 */
export class LiveClient implements Follower {
  readonly #sink: Sink;
  readonly #options: ClientOptions;
  #queue: { sequence: number; text: string }[] = [];
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

  follow(event: TailEvent): void {
    const { types, scope, queueLimit } = this.#options;
    if (event.sequence <= this.#sent || (types !== null && !types.has(event.type))) return;
    const text = textFor(event, scope);
    if (text === undefined) return;
    if (this.#lost !== null || this.#queue.length >= queueLimit) {
      this.#queue = [];
      this.#lost = event.sequence;
      return;
    }
    this.#queue.push({ sequence: event.sequence, text });
    this.#pump();
  }

  /** Writes an event of the past, before `release`. False: wait for `drained` before the next. */
  replay(event: TailEvent): boolean {
    const { types, scope } = this.#options;
    const text = types !== null && !types.has(event.type) ? undefined : textFor(event, scope);
    if (text === undefined) return true;
    return this.#write(event.sequence, text);
  }

  /** The past has been sent: from here on what follows is. */
  release(upTo: number): void {
    this.#sent = Math.max(this.#sent, upTo);
    this.#queue = this.#queue.filter((waiting) => waiting.sequence > upTo);
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
      this.#write(next.sequence, next.text);
    }
  }

  #write(sequence: number, text: string): boolean {
    this.#sent = sequence;
    this.#options.onEvent();
    this.#blocked = !this.#sink.write(text);
    return !this.#blocked;
  }
}
