/** Dispatcher and correlator alone on a real database: what becomes of transitions, without routing or sending. */
import { type Database, leasedParts } from '@beacontower/database';
import type { Look } from '@beacontower/domain';
import { componentOf, createLogger, createRegistry, SystemClock } from '@beacontower/runtime';
import { ALERTING_DEFAULTS } from '../config.ts';
import { Dispatcher } from '../dispatcher.ts';
import { createAlertingMetrics } from '../metrics.ts';
import { Correlator } from './correlator.ts';

export interface CorrelatorRun {
  /** Looks asked for. */
  readonly looks: Look[];
  /** What the pipeline has still to judge; false at first. */
  backlog: boolean;
  /** Passes that failed. */
  readonly failures: string[];
  stop(): Promise<void>;
}

/** Starts both under the same slot, as after a restart. */
export async function runCorrelator(database: Database): Promise<CorrelatorRun> {
  const looks: Look[] = [];
  const failures: string[] = [];
  const run: CorrelatorRun = { looks, failures, backlog: false, stop: () => component.stop() };
  const clock = new SystemClock();
  const logger = createLogger({ name: 'test', level: process.env.TEST_LOG ?? 'silent' });
  const metrics = createAlertingMetrics(createRegistry({}, false));
  const config = { ...ALERTING_DEFAULTS, instance: 'test/judge' };
  const requester = {
    request: async (wanted: readonly Look[]) => {
      looks.push(...wanted);
    },
    unjudged: async () => run.backlog,
  };
  const works = [
    new Correlator(config, { database, looks: requester, clock, logger, metrics }),
    new Dispatcher(config, { database, clock, metrics }),
  ];
  const options = { slot: config.instance, ttlMs: config.leaseTtlMs, database, logger, onFailure: (part: string) => failures.push(part) };
  const component = componentOf('correlation', leasedParts(works, options));
  await component.start();
  return run;
}
