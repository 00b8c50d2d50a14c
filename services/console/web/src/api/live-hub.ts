import type { LiveSink } from './live-source.ts';

/** What a page says to the hub. `key` is its session: two sessions never share a stream. */
export type ToHub = { readonly kind: 'follow'; readonly key: string } | { readonly kind: 'here' } | { readonly kind: 'leave' };
/** What the hub says to a page. */
export type FromHub =
  | { readonly kind: 'event'; readonly type: string; readonly data: string }
  | { readonly kind: 'status'; readonly connected: boolean; readonly since: number }
  | { readonly kind: 'refused' }
  | { readonly kind: 'resync' };

export interface HubPort {
  postMessage(message: FromHub): void;
}

interface Stream {
  readonly close: () => void;
  readonly pages: Set<HubPort>;
  connected: boolean;
  since: number;
}

/** A browser slows the timers of a tab nobody looks at to one a minute; who is silent for longer than two is gone. */
export const GONE_MS = 150_000;

/**
 * One stream of live events for all tabs of a browser: six tabs would otherwise hold the six connections a browser makes to one
 * host, and nothing else would come through.
 */
export class LiveHub {
  readonly #open: (sink: LiveSink) => () => void;
  readonly #now: () => number;
  readonly #streams = new Map<string, Stream>();
  readonly #pages = new Map<HubPort, { key: string; seenAt: number }>();
  /** The session a page that was taken for gone had: it may come back. */
  readonly #gone = new WeakMap<HubPort, string>();

  constructor(open: (sink: LiveSink) => () => void, now: () => number) {
    this.#open = open;
    this.#now = now;
  }

  receive(page: HubPort, message: ToHub): void {
    const known = this.#pages.get(page);
    if (message.kind === 'leave') this.#leave(page);
    else if (message.kind === 'follow') {
      this.#leave(page);
      this.#join(page, message.key);
    } else if (known) known.seenAt = this.#now();
    else this.#comeBack(page);
  }

  /** Lets go of pages that were not heard of for long: a tab that crashed says no good-bye. */
  sweep(): void {
    for (const [page, { key, seenAt }] of this.#pages) {
      if (this.#now() - seenAt < GONE_MS) continue;
      this.#leave(page);
      this.#gone.set(page, key);
    }
  }

  #comeBack(page: HubPort): void {
    const key = this.#gone.get(page);
    if (key === undefined) return;
    this.#join(page, key);
    page.postMessage({ kind: 'resync' });
  }

  #join(page: HubPort, key: string): void {
    this.#gone.delete(page);
    this.#pages.set(page, { key, seenAt: this.#now() });
    const stream = this.#streams.get(key) ?? this.#begin(key);
    stream.pages.add(page);
    page.postMessage({ kind: 'status', connected: stream.connected, since: stream.since });
  }

  #begin(key: string): Stream {
    const pages = new Set<HubPort>();
    const tell = (message: FromHub) => {
      for (const page of pages) page.postMessage(message);
    };
    const close = this.#open({
      event: (type, data) => tell({ kind: 'event', type, data }),
      refused: () => tell({ kind: 'refused' }),
      resync: () => tell({ kind: 'resync' }),
      status: (connected) => {
        if (stream.connected === connected) return;
        stream.connected = connected;
        stream.since = this.#now();
        tell({ kind: 'status', connected, since: stream.since });
      },
    });
    const stream: Stream = { close, pages, connected: false, since: this.#now() };
    this.#streams.set(key, stream);
    return stream;
  }

  #leave(page: HubPort): void {
    const known = this.#pages.get(page);
    if (!known) return;
    this.#pages.delete(page);
    const stream = this.#streams.get(known.key);
    stream?.pages.delete(page);
    if (stream?.pages.size !== 0) return;
    stream.close();
    this.#streams.delete(known.key);
  }
}
