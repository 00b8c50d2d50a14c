import { type Counter, counter, durations, type Histogram, type Registry } from '@beacontower/runtime';

/** What the ICMP collector counts. */
export interface IcmpMetrics {
  readonly rounds: Counter<'result' | 'zone'>;
  readonly looks: Counter<'result'>;
  readonly passes: Counter<'kind'>;
  readonly failedPasses: Counter<'reason'>;
  readonly probes: Counter;
  readonly replies: Counter;
  readonly observations: Counter<'verdict'>;
  readonly batches: Counter<'vantage'>;
  readonly confirmations: Counter<'result'>;
  readonly withheld: Counter;
  readonly refused: Counter<'reason'>;
  readonly samples: Counter;
  readonly sampleBytes: Counter;
  readonly samplesDropped: Counter;
  readonly sampleFailures: Counter;
  readonly clockSteps: Counter;
  readonly roundTime: Histogram;
  readonly startDelay: Histogram;
}

export function createMetrics(registry: Registry): IcmpMetrics {
  return {
    rounds: counter(registry, 'icmp_rounds', 'Rounds by how they ended: taken, late, no-plan, blind, failed', ['result', 'zone']),
    looks: counter(registry, 'icmp_looks', 'Extra looks between rounds, by how they ended', ['result']),
    passes: counter(registry, 'icmp_passes', 'Passes of fping by kind: first, fallen, confirm', ['kind']),
    failedPasses: counter(registry, 'icmp_passes_failed', 'Passes that showed nothing, by reason', ['reason']),
    probes: counter(registry, 'icmp_probes_sent', 'Echo requests sent, anchors included'),
    replies: counter(registry, 'icmp_replies', 'Echo replies that came in time'),
    observations: counter(registry, 'icmp_observations', 'Observations appended, by verdict', ['verdict']),
    batches: counter(registry, 'icmp_batches', 'Observation batches appended, by vantage', ['vantage']),
    confirmations: counter(registry, 'icmp_confirmations', 'Targets that seemed to have gone down: confirmed, recanted, no-token', [
      'result',
    ]),
    withheld: counter(registry, 'icmp_observations_withheld', 'Targets without a reply that were not believed down for want of an anchor'),
    refused: counter(registry, 'icmp_targets_refused', 'Targets fping could not send to, by its reason', ['reason']),
    samples: counter(registry, 'icmp_samples', 'Rows of samples appended'),
    sampleBytes: counter(registry, 'icmp_sample_bytes', 'Bytes of samples appended'),
    samplesDropped: counter(registry, 'icmp_sample_batches_dropped', 'Older batches of samples that the byte budget took'),
    sampleFailures: counter(registry, 'icmp_sample_failures', 'Batches of samples that could not be appended'),
    clockSteps: counter(registry, 'icmp_clock_steps', 'Steps of the time seen by this collector'),
    roundTime: durations(registry, 'icmp_round', 'How long a round took'),
    startDelay: durations(registry, 'icmp_start_delay', 'From a tick to the start of its round'),
  };
}
