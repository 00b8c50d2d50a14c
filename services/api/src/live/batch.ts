import type { LiveType } from '@beacontower/contracts';
import type { Scope } from '@beacontower/database';
import { type TailEvent, textFor } from './events.ts';

/** Who is told the same: a scope, and the types wanted (null: all). */
export interface Audience {
  readonly scope: Scope;
  readonly types: ReadonlySet<LiveType> | null;
  readonly key: string;
}

export function audienceOf(scope: Scope, types: ReadonlySet<LiveType> | null): Audience {
  return { scope, types, key: `${[...scope].sort().join(' ')}|${types === null ? '' : [...types].sort().join(' ')}` };
}

/** What an audience is told of an event; undefined when it is none of its concern. */
export function toldOf(event: TailEvent, { scope, types }: Audience): string | undefined {
  return types !== null && !types.has(event.type) ? undefined : textFor(event, scope);
}

/** Events as they are written to a client at once. */
export interface Piece {
  /** Of the last of them. */
  readonly sequence: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Events that followed one another in the log, in order: put together and encoded once for each audience, not for each client. */
export class TailBatch {
  readonly events: readonly TailEvent[];
  readonly #pieces = new Map<string, Piece | null>();

  constructor(events: readonly TailEvent[]) {
    this.events = events;
  }

  get first(): number {
    return this.events[0]?.sequence ?? 0;
  }

  /** Null when nothing of it is the audience's concern. */
  pieceFor(audience: Audience): Piece | null {
    const known = this.#pieces.get(audience.key);
    if (known !== undefined) return known;
    const piece = this.#make(audience);
    this.#pieces.set(audience.key, piece);
    return piece;
  }

  #make(audience: Audience): Piece | null {
    const texts: string[] = [];
    let sequence = 0;
    for (const event of this.events) {
      const text = toldOf(event, audience);
      if (text === undefined) continue;
      texts.push(text);
      sequence = event.sequence;
    }
    return texts.length === 0 ? null : { sequence, count: texts.length, bytes: Buffer.from(texts.join('')) };
  }
}
