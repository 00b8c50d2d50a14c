import type { HeartbeatSettings } from '@beacontower/runtime';

/** From when on something counts as wrong. Times in ms, sizes in bytes. */
export interface SelfLimits {
  /** A shard whose tick is this much past the time at which it should have been closed. */
  readonly tickOverdueMs: number;
  /** No judge has committed for so long; a quiet one commits every ten seconds. */
  readonly commitAgeMs: number;
  /** The oldest observation that nobody has judged and committed. */
  readonly observationsLagMs: number;
  /** The oldest sample that is not stored. */
  readonly samplesLagMs: number;
  /** A change that has no place in the log, or a delivery that nobody sends. */
  readonly alertsLagMs: number;
  /** Rounds waiting in a queue, for each shard it carries. */
  readonly waitingPerShard: number;
  readonly clockMs: number;
  readonly diskWarningBytes: number;
  readonly diskCriticalBytes: number;
  /** Part of Redis's memory limit. */
  readonly redisShare: number;
  /** The node above has not answered well for so long. */
  readonly uplinkSilentMs: number;
  /** The oldest line that is not above yet, while it answers; the record of a node below, while it is heard. */
  readonly federationLagMs: number;
  /** A certificate that ends so soon should have been renewed long ago. */
  readonly certificateMs: number;
  readonly nodeClockMs: number;
  /** Lines may take so much room unnoticed. */
  readonly uplinkBytes: number;
}

/** How the watchdog runs. Times in ms. */
export interface WatchdogConfig {
  /** This process's slot, such as `main/serve`. */
  readonly instance: string;
  /** How often everything is looked at. */
  readonly everyMs: number;
  /** Rounds, writes and drops are counted over at least so long, and over three of the longest interval. */
  readonly windowMs: number;
  readonly longestWindowMs: number;
  /** Longest that one part may be waited for. */
  readonly askMs: number;
  /** After its own start the watchdog waits so long for a role that it has not heard yet: a node that starts is not one that has failed. */
  readonly roleGraceMs: number;
  /** Roles this node has; a collector is only asked for when there is a plan of its kind. */
  readonly roles: readonly string[];
  /** Whose disk is looked at; a directory that is not there is not. */
  readonly dataDirectory: string;
  readonly limits: SelfLimits;
  readonly heartbeat: (HeartbeatSettings & { readonly timeoutMs: number }) | null;
}

const MEBIBYTE = 1024 * 1024;

export const WATCHDOG_DEFAULTS: Omit<WatchdogConfig, 'instance' | 'roles' | 'dataDirectory' | 'heartbeat'> = {
  everyMs: 5_000,
  windowMs: 120_000,
  longestWindowMs: 3_600_000,
  askMs: 3_000,
  roleGraceMs: 15_000,
  limits: {
    tickOverdueMs: 15_000,
    commitAgeMs: 60_000,
    observationsLagMs: 60_000,
    samplesLagMs: 180_000,
    alertsLagMs: 60_000,
    waitingPerShard: 2,
    clockMs: 1_000,
    diskWarningBytes: 2_048 * MEBIBYTE,
    diskCriticalBytes: 256 * MEBIBYTE,
    redisShare: 0.9,
    uplinkSilentMs: 60_000,
    federationLagMs: 600_000,
    certificateMs: 14 * 86_400_000,
    nodeClockMs: 5_000,
    uplinkBytes: 1_024 * MEBIBYTE,
  },
};

/** Longest that the receiver of the heartbeat may take. */
export const HEARTBEAT_TIMEOUT_MS = 10_000;
