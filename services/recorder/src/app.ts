import { type Database, LeaseKeeper } from '@beacontower/database';
import type { Keys } from '@beacontower/queue';
import type { Clock, Component, Logger, Registry } from '@beacontower/runtime';
import type { TimeSeriesStore } from '@beacontower/timeseries';
import type { Redis } from 'ioredis';
import { RECORDER_DEFAULTS, type RecorderConfig } from './config.ts';
import { createRecorderMetrics } from './metrics.ts';
import { RECORDER_LEASE, Recorder } from './recorder.ts';

export interface RecorderDependencies {
  readonly database: Database;
  readonly redis: Redis;
  /** A further connection to Redis, for a reader that blocks on it. */
  readonly connectRedis: (purpose: string) => Redis;
  readonly keys: Keys;
  /** Number of partitions of this node; never changes. */
  readonly partitions: number;
  /** Where samples are kept; opened and closed by the recorder, which alone uses it. */
  readonly store: TimeSeriesStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
}

/** The role `recorder`: the one owner of the sample store, which fills it and answers for it. Inert until started. */
export function createRecorder(config: Partial<RecorderConfig> & { instance: string }, deps: RecorderDependencies): Component {
  const settings: RecorderConfig = { ...RECORDER_DEFAULTS, ...config };
  const { database, logger } = deps;
  const leases = new LeaseKeeper({ names: [RECORDER_LEASE], slot: settings.instance, ttlMs: settings.leaseTtlMs, database, logger });
  const recorder = new Recorder(settings, {
    ...deps,
    blockingRedis: deps.connectRedis('recorder'),
    answeringRedis: deps.connectRedis('recorder answers'),
    leases,
    metrics: createRecorderMetrics(deps.registry),
  });
  return {
    name: 'recorder',
    async start() {
      await leases.start();
      await recorder.start();
    },
    async stop() {
      await recorder.stop();
      await leases.stop();
    },
    health: () => recorder.health(),
  };
}
