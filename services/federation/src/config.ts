import type { ListenAddress } from '@beacontower/runtime';

const DAY_MS = 86_400_000;

/** How nodes below are listened to. */
export interface FederationConfig {
  readonly instance: string;
  readonly version: string;
  /** Null: nobody reports here. */
  readonly listen: ListenAddress | null;
  /** Host names and addresses by which nodes below reach the listener; the first stands in invitations. */
  readonly names: readonly string[];
  readonly leaseTtlMs: number;
  /** A clock that is further off is not believed. */
  readonly maxOffsetMs: number;
  /** How often the states of this moment are wanted of a node below. */
  readonly snapshotEveryMs: number;
  /** How long nothing of a node may be taken before it counts as silent; null: five snapshots. */
  readonly silenceMs: number | null;
  /** How long the certificate of a node below is good. */
  readonly certificateLifeMs: number;
  /** How often the listener looks whether its own has to be renewed. */
  readonly lookMs: number;
}

export const FEDERATION_DEFAULTS = {
  leaseTtlMs: 10_000,
  maxOffsetMs: 30_000,
  snapshotEveryMs: 2_000,
  silenceMs: null,
  certificateLifeMs: 90 * DAY_MS,
  lookMs: 3_600_000,
} as const;

/** How this node reports to the one above. */
export interface UplinkConfig {
  readonly instance: string;
  readonly version: string;
  readonly leaseTtlMs: number;
  readonly snapshotEveryMs: number;
  /** What a thin line carries for the log and the snapshots; null: as much as it can. */
  readonly bytesPerSecond: number | null;
}

export const UPLINK_DEFAULTS = { leaseTtlMs: 10_000, snapshotEveryMs: 2_000, bytesPerSecond: null } as const;
