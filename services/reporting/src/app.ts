import { leasedParts } from '@beacontower/database';
import { resolveSecret } from '@beacontower/mail';
import { type Component, componentOf } from '@beacontower/runtime';
import { REPORTING_DEFAULTS, type ReportingConfig } from './config.ts';
import { createReportBus } from './jobs/bus.ts';
import { ReportSweeper } from './jobs/sweeper.ts';
import { ReportWorker } from './jobs/worker.ts';
import { ReportMailer } from './mails/mailer.ts';
import { createReportingMetrics } from './metrics.ts';
import type { ReportingDependencies } from './ports.ts';
import { ReportScheduler } from './schedules/scheduler.ts';

/** Makes reports: takes their jobs, asks for those that are scheduled, and sends them. Inert until started. */
export function createReporting(config: Partial<ReportingConfig> & { readonly instance: string }, deps: ReportingDependencies): Component {
  const settings: ReportingConfig = { ...REPORTING_DEFAULTS, ...config };
  const { database, clock, logger, redisUrl, bullPrefix, secrets = resolveSecret, random = Math.random } = deps;
  const metrics = createReportingMetrics(deps.registry);
  const bus = createReportBus({
    redisUrl,
    bullPrefix,
    onError: (error) => logger.warn({ err: error }, 'the queue of reports has trouble'),
  });
  const worker = new ReportWorker(settings, { database, bus, redisUrl, bullPrefix, clock, logger, metrics });
  const { claimant } = worker;
  const works = [
    new ReportSweeper(settings, { database, bus, clock, logger, metrics, claimant }),
    new ReportScheduler(settings, { database, clock, logger, metrics }),
    new ReportMailer(settings, { database, secrets, clock, logger, metrics, random, claimant }),
  ];
  const leased = leasedParts(works, {
    slot: settings.instance,
    ttlMs: settings.leaseTtlMs,
    database,
    logger,
    onFailure: (part) => metrics.failures.inc({ part }),
  });
  return componentOf('reporting', [worker, ...leased], { close: () => bus.close() });
}
