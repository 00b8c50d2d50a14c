import { type Counter, counter, durations, type Histogram, type Registry } from '@beacontower/runtime';

/** What every collector counts, whatever it asks: its rounds, its samples and its clock. */
export interface CollectorMetrics {
  readonly rounds: Counter<'result' | 'zone'>;
  readonly looks: Counter<'result'>;
  readonly samples: Counter;
  readonly sampleBytes: Counter;
  readonly samplesDropped: Counter;
  readonly sampleFailures: Counter;
  readonly clockSteps: Counter;
  readonly roundTime: Histogram;
  readonly startDelay: Histogram;
}

/** Registers them under the collector's own name: `icmp_rounds`, `snmp_rounds`, … */
export function collectorMetrics(registry: Registry, kind: 'icmp' | 'snmp'): CollectorMetrics {
  return {
    rounds: counter(registry, `${kind}_rounds`, 'Rounds by how they ended: taken, late, no-plan, blind, failed', ['result', 'zone']),
    looks: counter(registry, `${kind}_looks`, 'Extra looks between rounds, by how they ended', ['result']),
    samples: counter(registry, `${kind}_samples`, 'Rows of samples appended'),
    sampleBytes: counter(registry, `${kind}_sample_bytes`, 'Bytes of samples appended'),
    samplesDropped: counter(registry, `${kind}_sample_batches_dropped`, 'Older batches of samples that the byte budget took'),
    sampleFailures: counter(registry, `${kind}_sample_failures`, 'Batches of samples that could not be appended'),
    clockSteps: counter(registry, `${kind}_clock_steps`, 'Steps of the time seen by this collector'),
    roundTime: durations(registry, `${kind}_round`, 'How long a round took'),
    startDelay: durations(registry, `${kind}_start_delay`, 'From a tick to the start of its round'),
  };
}
