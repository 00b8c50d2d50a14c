import { type Counter, counter, durations, type Gauge, gauge, type Histogram, type Registry } from '@beacontower/runtime';

/** What the API counts. */
export interface ApiMetrics {
  readonly requests: Histogram<'method' | 'route' | 'status'>;
  readonly auditFailures: Counter;
  readonly auditWaiting: Gauge;
  readonly liveClients: Gauge;
  readonly liveEvents: Counter;
  readonly liveResyncs: Counter<'reason'>;
  readonly liveRefused: Counter;
}

export function createMetrics(registry: Registry): ApiMetrics {
  return {
    requests: durations(registry, 'api_request', 'Time to answer a request', ['method', 'route', 'status']),
    auditFailures: counter(registry, 'api_audit_failures', 'Audit rows that could not be written'),
    auditWaiting: gauge(registry, 'api_audit_waiting', 'Audit rows that wait for the database; nothing is done meanwhile'),
    liveClients: gauge(registry, 'api_live_clients', 'Clients following live events'),
    liveEvents: counter(registry, 'api_live_events', 'Live events written to clients'),
    liveResyncs: counter(registry, 'api_live_resyncs', 'Times a client was told to read again', ['reason']),
    liveRefused: counter(registry, 'api_live_refused', 'Clients refused because there were too many'),
  };
}
