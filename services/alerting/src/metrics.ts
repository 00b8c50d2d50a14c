import { counter, durations, gauge, type Registry } from '@beacontower/runtime';

/** Alerting's own figures. */
export function createAlertingMetrics(registry: Registry) {
  return {
    dispatched: counter(registry, 'alerting_log_dispatched', 'Log rows given their sequence'),
    dispatchLag: gauge(registry, 'alerting_dispatch_lag_milliseconds', 'Age of the oldest log row when it was given its sequence'),
    correlated: counter(registry, 'alerting_log_correlated', 'Log entries taken into account by the correlator', ['kind']),
    correlationLag: gauge(registry, 'alerting_correlation_lag_milliseconds', 'Age of the newest log entry when its effects were committed'),
    pending: gauge(registry, 'alerting_pending_decisions', 'Outages about which nobody is told yet'),
    active: gauge(registry, 'alerting_incidents_active', 'Incidents under way'),
    notices: counter(registry, 'alerting_notices', 'Notices taken by the router, by step and what became of them', ['step', 'outcome']),
    noticeLag: gauge(registry, 'alerting_notice_lag_milliseconds', 'How overdue the oldest notice was when it was last taken'),
    incidents: counter(registry, 'alerting_incidents', 'What happened to incidents', ['change']),
    looks: counter(registry, 'alerting_looks_requested', 'Fresh looks asked for'),
    captures: counter(registry, 'alerting_captures', 'Looks at the moment of a failure, by what became of them', ['result']),
    lookFailures: counter(registry, 'alerting_looks_failed', 'Requests for fresh looks that could not be made; they are made again'),
    failures: counter(registry, 'alerting_failures', 'Passes that failed and are tried again', ['part']),
    deliveries: gauge(registry, 'alerting_deliveries', 'Deliveries not delivered, by state', ['state']),
    attempts: counter(registry, 'alerting_delivery_attempts', 'Attempts to deliver, by kind of channel and outcome', ['kind', 'outcome']),
    inDoubt: counter(registry, 'alerting_deliveries_in_doubt', 'Attempts whose result is unknown', ['kind']),
    requeued: counter(registry, 'alerting_deliveries_requeued', 'Deliveries the sweeper queued again'),
    released: counter(registry, 'alerting_deliveries_released', 'Withheld messages let go after what withheld them ended'),
    carriers: counter(registry, 'alerting_deliveries_grouped', 'Messages that tell of several incidents at once'),
    firstAttempt: durations(
      registry,
      'alerting_delivery_first_attempt',
      'From the moment routing lets a message go to its first attempt, by kind of channel',
      ['kind'],
    ),
    held: counter(registry, 'alerting_deliveries_held', 'Times a due message was kept back: its channel is down, or has sent enough', [
      'by',
    ]),
    diverted: counter(registry, 'alerting_deliveries_diverted', 'Messages that went on by a fallback, by why', ['why']),
    breakers: counter(registry, 'alerting_channel_breakers', 'Circuit breakers of channels that opened or closed', ['change']),
    channelsDown: gauge(registry, 'alerting_channels_down', 'Channels whose circuit breaker is open'),
    latency: durations(registry, 'alerting_delivery_latency', 'From the complete evidence to the delivered message', ['step']),
  };
}

export type AlertingMetrics = ReturnType<typeof createAlertingMetrics>;
