import type { SeenDeviceBody } from '@beacontower/contracts';

/** Devices that wait to be settled, in the order in which they were told of. No clock: `now` is monotonic ms. */
export class Waiting {
  readonly #gatherMs: number;
  readonly #mostDevices: number;
  readonly #seen = new Map<string, SeenDeviceBody>();
  readonly #again = new Set<string>();
  #since: number | null = null;

  constructor({ gatherMs, mostDevices }: { readonly gatherMs: number; readonly mostDevices: number }) {
    this.#gatherMs = gatherMs;
    this.#mostDevices = mostDevices;
  }

  get size(): number {
    return this.#seen.size + this.#again.size;
  }

  /** How many tables wait; while it is not null, entries that told of them must stay in the stream. */
  get tables(): number {
    return this.#seen.size;
  }

  /** The last that was seen of a device counts. */
  see(table: SeenDeviceBody, now: number): void {
    this.#seen.set(table.id, table);
    this.#again.delete(table.id);
    this.#since ??= now;
  }

  /** To be settled again with what is known of it. */
  settleAgain(device: string, now: number): void {
    if (!this.#seen.has(device)) this.#again.add(device);
    this.#since ??= now;
  }

  due(now: number): boolean {
    return this.#since !== null && (this.size >= this.#mostDevices || now - this.#since >= this.#gatherMs);
  }

  /** Takes out as many as are settled at once, those told of first. */
  take(): { seen: Map<string, SeenDeviceBody>; again: string[] } {
    const seen = new Map([...this.#seen].slice(0, this.#mostDevices));
    const again = [...this.#again].slice(0, this.#mostDevices - seen.size);
    for (const device of seen.keys()) this.#seen.delete(device);
    for (const device of again) this.#again.delete(device);
    // What is left has waited long enough.
    if (this.size === 0) this.#since = null;
    return { seen, again };
  }

  clear(): void {
    this.#seen.clear();
    this.#again.clear();
    this.#since = null;
  }
}
