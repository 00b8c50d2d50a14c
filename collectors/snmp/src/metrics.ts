import { type CollectorMetrics, collectorMetrics } from '@beacontower/collector-sdk';
import { type Counter, counter, durations, type Gauge, gauge, type Histogram, type Registry } from '@beacontower/runtime';

/** What the SNMP collector counts beside what every collector does. The wire counts what it sends, takes and drops by itself. */
export interface SnmpMetrics extends CollectorMetrics {
  readonly polls: Counter<'reason'>;
  readonly retries: Counter;
  readonly walksRepeated: Counter;
  readonly tablesRead: Counter<'why'>;
  readonly rows: Counter;
  readonly observations: Counter;
  readonly withheld: Counter;
  readonly batches: Counter<'vantage'>;
  readonly devicesTold: Counter;
  readonly repetitions: Gauge;
  readonly sessions: Gauge;
  readonly waiting: Gauge;
  readonly pollTime: Histogram;
}

/** Registers them. */
export function createMetrics(registry: Registry): SnmpMetrics {
  return {
    ...collectorMetrics(registry, 'snmp'),
    polls: counter(
      registry,
      'snmp_polls',
      'Polls of devices by what they showed of the agent; given-up: we had no time for it; fault: ours',
      ['reason'],
    ),
    retries: counter(registry, 'snmp_retries', 'Questions asked again'),
    walksRepeated: counter(registry, 'snmp_walks_repeated', 'Tables read again because the device restarted meanwhile'),
    tablesRead: counter(registry, 'snmp_tables_read', 'Tables of names read, by why: first, restarted, changed, old', ['why']),
    rows: counter(registry, 'snmp_rows', 'Rows of interface tables read'),
    observations: counter(registry, 'snmp_observations', 'Observations appended'),
    withheld: counter(registry, 'snmp_observations_withheld', 'Silent devices that were not believed down for want of an anchor'),
    batches: counter(registry, 'snmp_batches', 'Observation batches appended, by vantage', ['vantage']),
    devicesTold: counter(registry, 'snmp_devices_told', 'Interface tables told of because the inventory does not know them'),
    repetitions: gauge(registry, 'snmp_repetitions', 'Rows asked for at once, mean over the devices of the last round'),
    sessions: gauge(registry, 'snmp_sessions', 'Devices remembered'),
    waiting: gauge(registry, 'snmp_requests_waiting', 'Questions that waited for room at the end of the last batch'),
    pollTime: durations(registry, 'snmp_poll', 'How long the poll of a device took'),
  };
}
