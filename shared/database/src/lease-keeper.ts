import { type Component, type Health, type Logger, Loop } from '@beacontower/runtime';
import { acquireLeases, holderOf, type Lease, releaseLeases, renewLeases } from './lease.ts';
import type { Database } from './pool.ts';

export interface LeaseKeeperOptions {
  readonly names: readonly string[];
  /** The slot's stable name: a restarted process of the same slot takes its own leases back at once. */
  readonly slot: string;
  readonly ttlMs: number;
  readonly database: Database;
  readonly logger: Logger;
}

/** Keeps as many of the named leases as it can get, renewing at a third of their time to live. */
export class LeaseKeeper implements Component {
  readonly name = 'leases';
  readonly #options: LeaseKeeperOptions;
  readonly #loop: Loop;
  readonly #held = new Map<string, Lease>();
  readonly #gained = new Set<{ readonly name: string; readonly tell: () => void }>();
  readonly #holder: string;
  #renewedAt = 0;
  /** Until it has asked once: its predecessor's leases are its own. */
  #isNew = true;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#holder = holderOf(options.slot);
    this.#loop = new Loop({
      name: `leases ${options.names[0] ?? ''}`,
      logger: options.logger,
      pauseMs: Math.max(50, options.ttlMs / 3),
      failurePauseMs: Math.max(50, options.ttlMs / 6),
      pass: async () => {
        await this.#pass();
        return 'pause';
      },
      onFailure: () => this.#expire(),
    });
  }

  /** The lease if it is held and was renewed within its time to live. */
  held(name: string): Lease | undefined {
    return performance.now() - this.#renewedAt < this.#options.ttlMs ? this.#held.get(name) : undefined;
  }

  async start(): Promise<void> {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    await releaseLeases(this.#options.database, [...this.#held.values()]).catch(() => undefined);
    this.#held.clear();
  }

  health(): Health {
    return { status: 'ok', detail: `${this.#held.size} of ${this.#options.names.length} leases held` };
  }

  /** Calls `tell` each time that the lease is gained, from when on it may be used. Returns what ends that. */
  whenGained(name: string, tell: () => void): () => void {
    const listener = { name, tell };
    this.#gained.add(listener);
    return () => void this.#gained.delete(listener);
  }

  /** Says that a transaction was fenced out: the lease is dropped at once and asked for again. */
  lost(name: string): void {
    if (this.#held.delete(name)) this.#loop.wake();
  }

  async #pass(): Promise<void> {
    const { database, names, ttlMs } = this.#options;
    const startedAt = performance.now();
    const held = [...this.#held.values()];
    const kept = new Set((await renewLeases(database, held, ttlMs)).map((lease) => lease.name));
    for (const lease of held) if (!kept.has(lease.name)) this.lost(lease.name);
    const missing = names.filter((name) => !this.#held.has(name));
    const gained = missing.length > 0 ? await acquireLeases(database, missing, this.#holder, ttlMs, this.#isNew) : [];
    this.#isNew = false;
    this.#renewedAt = startedAt;
    for (const lease of gained) {
      this.#held.set(lease.name, lease);
      for (const { name, tell } of this.#gained) if (name === lease.name) tell();
    }
  }

  // The database did not answer: once the time to live is over another may have them.
  #expire(): void {
    if (performance.now() - this.#renewedAt < this.#options.ttlMs) return;
    for (const name of [...this.#held.keys()]) this.lost(name);
  }
}
