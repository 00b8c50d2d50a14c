import type { IncomingMessage } from 'node:http';

/** One who waits for word about a key. */
export interface Wait {
  /** Resolves when there is word, after `ms`, when the asker goes, or when everything ends. */
  until(ms: number, request: IncomingMessage): Promise<void>;
  end(): void;
}

function withResolve(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const resolves: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => resolves.push(resolve));
  return { promise, resolve: () => resolves[0]?.() };
}

/** Long polls: one listening on the database for all who wait, however many they are. */
export class Waiting {
  readonly #listen: (onWord: (key: string) => void) => Promise<() => Promise<void>>;
  readonly #waits = new Map<string, Set<() => void>>();
  #listening: Promise<() => Promise<void>> | undefined;
  #isStopped = false;

  constructor(listen: (onWord: (key: string) => void) => Promise<() => Promise<void>>) {
    this.#listen = listen;
  }

  /** From now on word about `key` is not missed. */
  async begin(key: string): Promise<Wait> {
    this.#listening ??= this.#listen((word) => this.#wake(word)).catch((error: unknown) => {
      this.#listening = undefined;
      throw error;
    });
    const { promise: word, resolve: woken } = withResolve();
    const waits = this.#waits.get(key) ?? new Set();
    this.#waits.set(key, waits.add(woken));
    const end = () => {
      waits.delete(woken);
      // Ended twice, it must not end those who came since.
      if (waits.size === 0 && this.#waits.get(key) === waits) this.#waits.delete(key);
    };
    await this.#listening.catch((error: unknown) => {
      end();
      throw error;
    });
    return { end, until: (ms, request) => this.#until(word, woken, ms, request).finally(end) };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const waits of this.#waits.values()) for (const wake of waits) wake();
    const listening = this.#listening;
    this.#listening = undefined;
    await (await listening)?.();
  }

  async #until(word: Promise<void>, wake: () => void, ms: number, request: IncomingMessage): Promise<void> {
    if (this.#isStopped) return;
    const timer = setTimeout(wake, ms);
    request.socket.once('close', wake);
    await word;
    clearTimeout(timer);
    request.socket.off('close', wake);
  }

  // An empty word comes after the connection was lost: whatever was said meanwhile, nobody heard.
  #wake(key: string): void {
    const keys = key === '' ? [...this.#waits.keys()] : [key];
    for (const one of keys) for (const wake of this.#waits.get(one) ?? []) wake();
  }
}
