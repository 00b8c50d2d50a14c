import { LeaseKeeper } from '@beacontower/database';
import { resolveSecret } from '@beacontower/mail';
import type { Component, Health } from '@beacontower/runtime';
import { REPORTING_DEFAULTS, type ReportingConfig } from './config.ts';
import { createReportBus } from './jobs/bus.ts';
import { REPORT_SWEEPER_LEASE, ReportSweeper } from './jobs/sweeper.ts';
import { ReportWorker } from './jobs/worker.ts';
import { REPORT_MAIL_LEASE, ReportMailer } from './mails/mailer.ts';
import { createReportingMetrics } from './metrics.ts';
import type { ReportingDependencies } from './ports.ts';
import { REPORT_SCHEDULE_LEASE, ReportScheduler } from './schedules/scheduler.ts';

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
  const wake: (() => void)[] = [];
  const leases = new LeaseKeeper({
    names: [REPORT_SWEEPER_LEASE, REPORT_SCHEDULE_LEASE, REPORT_MAIL_LEASE],
    slot: settings.instance,
    ttlMs: settings.leaseTtlMs,
    database,
    logger,
    onGained: () => {
      for (const part of wake) part();
    },
  });
  const worker = new ReportWorker(settings, { database, bus, redisUrl, bullPrefix, clock, logger, metrics });
  const { claimant } = worker;
  const sweeper = new ReportSweeper(settings, { database, leases, bus, clock, logger, metrics, claimant });
  const scheduler = new ReportScheduler(settings, { database, leases, clock, logger, metrics });
  const mailer = new ReportMailer(settings, { database, leases, secrets, clock, logger, metrics, random, claimant });
  wake.push(
    () => sweeper.wake(),
    () => scheduler.wake(),
    () => mailer.wake(),
  );
  const parts: readonly Component[] = [leases, worker, sweeper, scheduler, mailer];
  return {
    name: 'reporting',
    async start() {
      for (const part of parts) await part.start();
    },
    async stop() {
      for (const part of [...parts].reverse()) await part.stop();
      await bus.close();
    },
    health: (): Health => parts.map((part) => part.health()).find(({ status }) => status !== 'ok') ?? { status: 'ok' },
  };
}
