import { type Database, readDevicesWithVanished, readDiscoveryBasis, readInventoryVersion } from '@beacontower/database';
import { VANISHED_STAYS_MS } from '@beacontower/domain';
import type { Clock } from '@beacontower/runtime';
import type { DiscoveryConfig } from './config.ts';

/** Finds the devices whose interfaces may have to be others though nothing new was seen of them. */
export class InventoryFollower {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #config: Pick<DiscoveryConfig, 'inventoryLookMs' | 'sweepMs'>;
  /** What each device's interfaces followed from when they were settled last. */
  #basis = new Map<string, string>();
  #version = -1;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(database: Database, clock: Clock, config: Pick<DiscoveryConfig, 'inventoryLookMs' | 'sweepMs'>) {
    this.#database = database;
    this.#clock = clock;
    this.#config = config;
  }

  /** A version of our own making changes nothing that interfaces follow from; one in between by another is found all the same. */
  made(version: number): void {
    if (version === this.#version + 1) this.#version = version;
  }

  /** Forgets what was settled: everything is looked at again. */
  forget(): void {
    this.#basis = new Map();
    this.#version = -1;
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    this.#sweptAt = Number.NEGATIVE_INFINITY;
  }

  async due(): Promise<string[]> {
    const now = this.#clock.monotonic();
    if (now - this.#lookedAt < this.#config.inventoryLookMs) return [];
    this.#lookedAt = now;
    return [...(await this.#changed()), ...(await this.#expired(now))];
  }

  async #changed(): Promise<string[]> {
    const version = await readInventoryVersion(this.#database);
    if (version === this.#version) return [];
    const basis = await readDiscoveryBasis(this.#database);
    const changed = [...basis].filter(([device, text]) => this.#basis.get(device) !== text).map(([device]) => device);
    this.#basis = basis;
    this.#version = version;
    return changed;
  }

  async #expired(now: number): Promise<string[]> {
    if (now - this.#sweptAt < this.#config.sweepMs) return [];
    this.#sweptAt = now;
    return readDevicesWithVanished(this.#database, this.#clock.now() - VANISHED_STAYS_MS);
  }
}
