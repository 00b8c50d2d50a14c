import { applyDiscovery, type Database, type DiscoveryResult, type Lease, type LeasedWork, type Turn } from '@beacontower/database';
import { appendEntries, forgetDevices, type Keys, readDevices } from '@beacontower/queue';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import type { DiscoveryConfig } from './config.ts';
import { InventoryFollower } from './follower.ts';
import type { DiscoveryMetrics, Refused } from './metrics.ts';
import { fitTable } from './table.ts';
import { Waiting } from './waiting.ts';

/** Entries taken in one look. */
const COUNT = 50;

export interface ReaderDependencies {
  readonly database: Database;
  readonly redis: Redis;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: DiscoveryMetrics;
}

/**
 * The one leased reader of the stream `devices`: settles what many devices were seen to have in one change of the inventory. Memory is
 * nothing but what waits: after any failure it is thrown away, and the stream, which is trimmed only behind a commit, read anew.
 */
export class DiscoveryReader implements LeasedWork {
  readonly name = 'discovery';
  readonly lease = 'discovery';
  readonly pauseMs: number;
  readonly failurePauseMs: number;
  readonly #config: DiscoveryConfig;
  readonly #deps: ReaderDependencies;
  readonly #waiting: Waiting;
  readonly #follower: InventoryFollower;
  /** When a table of a device last led to a change, monotonic ms. */
  readonly #writtenAt = new Map<string, number>();
  #offset = '0';

  constructor(config: DiscoveryConfig, deps: ReaderDependencies) {
    this.#config = config;
    this.#deps = deps;
    this.#waiting = new Waiting(config);
    this.#follower = new InventoryFollower(deps.database, deps.clock, config);
    this.pauseMs = config.lookMs;
    this.failurePauseMs = config.lookMs * 2;
  }

  detail(): string {
    return `${this.#waiting.size} devices waiting`;
  }

  forget(): void {
    this.#waiting.clear();
    this.#follower.forget();
    this.#offset = '0';
  }

  async pass({ lease }: Turn): Promise<LoopResult> {
    const { clock, metrics } = this.#deps;
    const read = await this.#read();
    for (const device of await this.#follower.due()) this.#waiting.settleAgain(device, clock.monotonic());
    metrics.waiting.set(this.#waiting.size);
    if (this.#waiting.due(clock.monotonic())) await this.#settle(lease);
    return read === COUNT || this.#waiting.due(clock.monotonic()) ? 'again' : 'pause';
  }

  async #read(): Promise<number> {
    const { redis, keys, metrics, clock } = this.#deps;
    const records = await readDevices(redis, keys, this.#offset, COUNT);
    for (const { id, seen } of records) {
      metrics.seen.inc();
      this.#offset = id;
      const table = seen && fitTable(seen, this.#config.mostInterfaces);
      if (table === null) this.#refuse('malformed');
      else if (this.#rests(table.body.id)) this.#refuse('too-soon', table.body.id);
      else {
        metrics.leftOut.inc(table.leftOut);
        this.#waiting.see(table.body, clock.monotonic());
      }
    }
    return records.length;
  }

  // A table that flaps is told of every round until the plan knows it: dropping it now loses nothing.
  #rests(device: string): boolean {
    return this.#deps.clock.monotonic() - (this.#writtenAt.get(device) ?? Number.NEGATIVE_INFINITY) < this.#config.restMs;
  }

  async #settle(lease: Lease): Promise<void> {
    const { database, clock, metrics, logger } = this.#deps;
    const upTo = this.#offset;
    const { seen, again } = this.#waiting.take();
    const end = metrics.settling.startTimer();
    const options = { now: clock.now(), by: 'discovery', source: this.#config.instance, lease };
    const result = await applyDiscovery(database, { seen, again }, options);
    end();
    for (const device of result.unknown) this.#refuse('unknown-device', device);
    if (result.applied) {
      const { version, changes, changed } = result;
      logger.info({ version, devices: changed.length, interfaces: changes.length }, 'what devices have has changed');
      await this.#applied(result, new Set(seen.keys()));
    }
    if (this.#waiting.tables === 0) await forgetDevices(this.#deps.redis, this.#deps.keys, upTo);
  }

  async #applied({ version, partitions, changes, changed }: DiscoveryResult, seen: ReadonlySet<string>): Promise<void> {
    const { redis, keys, metrics, clock, logger } = this.#deps;
    metrics.versions.inc();
    this.#follower.made(version);
    const now = clock.monotonic();
    for (const [device, at] of this.#writtenAt) if (now - at >= this.#config.restMs) this.#writtenAt.delete(device);
    for (const device of changed) if (seen.has(device)) this.#writtenAt.set(device, now);
    for (const { change } of changes) metrics.changes.inc({ change });
    const tell = Array.from({ length: partitions }, (_, partition) =>
      appendEntries(redis, keys.observations(partition), [{ type: 'inventory', version }]),
    );
    // It is in the record; whoever is not told looks at the version every few seconds.
    await Promise.all(tell).catch((error: unknown) => logger.warn({ err: error }, 'the partitions could not be told of the inventory'));
  }

  #refuse(reason: Refused, device?: string): void {
    this.#deps.metrics.refused.inc({ reason });
    this.#deps.logger.debug({ reason, device }, 'an interface table is not settled');
  }
}
