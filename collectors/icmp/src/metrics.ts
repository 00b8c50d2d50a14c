import { type CollectorMetrics, collectorMetrics } from '@beacontower/collector-sdk';
import { type Counter, counter, type Registry } from '@beacontower/runtime';

/** What the ICMP collector counts beside what every collector does. */
export interface IcmpMetrics extends CollectorMetrics {
  readonly passes: Counter<'kind'>;
  readonly failedPasses: Counter<'reason'>;
  readonly probes: Counter;
  readonly replies: Counter;
  readonly observations: Counter<'verdict'>;
  readonly batches: Counter<'vantage'>;
  readonly confirmations: Counter<'result'>;
  readonly withheld: Counter;
  readonly refused: Counter<'reason'>;
  readonly traces: Counter<'result'>;
}

/** Registers them. */
export function createMetrics(registry: Registry): IcmpMetrics {
  return {
    ...collectorMetrics(registry, 'icmp'),
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
    traces: counter(registry, 'icmp_traces', 'Ways to addresses that were asked for: answered, refused', ['result']),
  };
}
