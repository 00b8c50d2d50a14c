import { counter, durations, gauge, type Registry } from '@beacontower/runtime';

/** Reporting's own figures. */
export function createReportingMetrics(registry: Registry) {
  return {
    made: counter(registry, 'reporting_reports', 'Attempts at reports, by how they ended', ['outcome']),
    duration: durations(registry, 'reporting_report_duration', 'From the beginning of an attempt to the finished report'),
    waiting: gauge(registry, 'reporting_reports_waiting', 'Reports that wait to be begun'),
    requeued: counter(registry, 'reporting_reports_requeued', 'Reports the sweeper queued again'),
    lost: counter(registry, 'reporting_reports_lost', 'Reports whose worker ended before they did'),
    scheduled: counter(registry, 'reporting_reports_scheduled', 'Reports that schedules asked for'),
    mails: counter(registry, 'reporting_mail_attempts', 'Attempts to send a report, by outcome', ['outcome']),
    failures: counter(registry, 'reporting_failures', 'Passes that failed and are tried again', ['part']),
  };
}

export type ReportingMetrics = ReturnType<typeof createReportingMetrics>;
