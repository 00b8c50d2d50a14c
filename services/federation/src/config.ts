import type { ListenAddress } from '@beacontower/runtime';

/** How nodes below are listened to. */
export interface FederationConfig {
  readonly instance: string;
  /** Null: nobody reports here. */
  readonly listen: ListenAddress | null;
  /** Host names and addresses by which nodes below reach the listener. */
  readonly names: readonly string[];
  /** A clock that is further off is not believed. */
  readonly maxOffsetMs: number;
  /** How often the states of this moment are wanted of a node below. */
  readonly snapshotEveryMs: number;
}

export const FEDERATION_DEFAULTS = { maxOffsetMs: 30_000, snapshotEveryMs: 2_000 } as const;

/** How this node reports to the one above. */
export interface UplinkConfig {
  readonly instance: string;
  readonly version: string;
  readonly leaseTtlMs: number;
  readonly snapshotEveryMs: number;
}

export const UPLINK_DEFAULTS = { leaseTtlMs: 10_000, snapshotEveryMs: 2_000 } as const;
