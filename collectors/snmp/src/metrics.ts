import { type Counter, counter, durations, type Gauge, gauge, type Histogram, type Registry } from '@beacontower/runtime';

/** What the SNMP collector counts. The wire counts what it sends, takes and drops by itself. */
export interface SnmpMetrics {
  readonly rounds: Counter<'result' | 'zone'>;
  readonly looks: Counter<'result'>;
  readonly polls: Counter<'reason'>;
  readonly retries: Counter;
  readonly walksRepeated: Counter;
  readonly tablesRead: Counter<'why'>;
  readonly rows: Counter;
  readonly observations: Counter;
  readonly withheld: Counter;
  readonly batches: Counter<'vantage'>;
  readonly samples: Counter;
  readonly sampleBytes: Counter;
  readonly samplesDropped: Counter;
  readonly sampleFailures: Counter;
  readonly devicesTold: Counter;
  readonly clockSteps: Counter;
  readonly repetitions: Gauge;
  readonly sessions: Gauge;
  readonly waiting: Gauge;
  readonly roundTime: Histogram;
  readonly pollTime: Histogram;
  readonly startDelay: Histogram;
}

export function createMetrics(registry: Registry): SnmpMetrics {
  return {
    rounds: counter(registry, 'snmp_rounds', 'Rounds by how they ended: taken, late, no-plan, blind, failed', ['result', 'zone']),
    looks: counter(registry, 'snmp_looks', 'Extra looks between rounds, by how they ended', ['result']),
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
    samples: counter(registry, 'snmp_samples', 'Rows of samples appended'),
    sampleBytes: counter(registry, 'snmp_sample_bytes', 'Bytes of samples appended'),
    samplesDropped: counter(registry, 'snmp_sample_batches_dropped', 'Older batches of samples that the byte budget took'),
    sampleFailures: counter(registry, 'snmp_sample_failures', 'Batches of samples that could not be appended'),
    devicesTold: counter(registry, 'snmp_devices_told', 'Interface tables told of because the inventory does not know them'),
    clockSteps: counter(registry, 'snmp_clock_steps', 'Steps of the time seen by this collector'),
    repetitions: gauge(registry, 'snmp_repetitions', 'Rows asked for at once, mean over the devices of the last round'),
    sessions: gauge(registry, 'snmp_sessions', 'Devices remembered'),
    waiting: gauge(registry, 'snmp_requests_waiting', 'Questions that waited for room at the end of the last batch'),
    roundTime: durations(registry, 'snmp_round', 'How long a round took'),
    pollTime: durations(registry, 'snmp_poll', 'How long the poll of a device took'),
    startDelay: durations(registry, 'snmp_start_delay', 'From a tick to the start of its round'),
  };
}
