/** How the discovery runs. Times in ms. */
export interface DiscoveryConfig {
  /** Stable name of this slot: a restarted process takes its own lease back at once. */
  readonly instance: string;
  readonly leaseTtlMs: number;
  /** Pause between looks at the stream. */
  readonly lookMs: number;
  /** After the first table that waits, others are waited for this long, so that one version of the inventory takes them all … */
  readonly gatherMs: number;
  /** … unless so many devices wait already; more than these are never settled at once. */
  readonly mostDevices: number;
  /** A device makes no more than one version of the inventory in this time, however its table flaps. */
  readonly restMs: number;
  /** Interfaces of a device that become objects; what has a higher ifIndex is left out. */
  readonly mostInterfaces: number;
  /** How often the version of the inventory is looked at, for changes that are not our own. */
  readonly inventoryLookMs: number;
  /** How often interfaces that vanished long ago are looked for. */
  readonly sweepMs: number;
}

export const DISCOVERY_DEFAULTS: Omit<DiscoveryConfig, 'instance'> = {
  leaseTtlMs: 6_000,
  lookMs: 500,
  gatherMs: 3_000,
  mostDevices: 200,
  restMs: 60_000,
  mostInterfaces: 5_000,
  inventoryLookMs: 3_000,
  sweepMs: 600_000,
};
