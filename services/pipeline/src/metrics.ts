import { counter, durations, gauge, type Registry } from '@beacontower/runtime';

/** The pipeline's own figures. */
export function createPipelineMetrics(registry: Registry) {
  return {
    observations: counter(registry, 'pipeline_observations', 'Observations judged'),
    stale: counter(
      registry,
      'pipeline_observations_stale',
      'Observations not newer than the last one of their check: replays and overtaken rounds',
    ),
    strangers: counter(registry, 'pipeline_observations_unknown_check', 'Observations of checks the inventory does not know'),
    blindBatches: counter(registry, 'pipeline_blind_batches', 'Batches from a vantage that could not prove that it sees'),
    undecodable: counter(registry, 'pipeline_entries_undecodable', 'Stream entries that could not be decoded'),
    transitions: counter(registry, 'pipeline_transitions', 'Transitions recorded, by the state entered', ['to']),
    commits: durations(registry, 'pipeline_commit', 'Time to commit what was judged'),
    failures: counter(registry, 'pipeline_failures', 'Passes that failed and were begun again from the last commit'),
    partitions: gauge(registry, 'pipeline_partitions_held', 'Partitions this process judges'),
    lag: gauge(registry, 'pipeline_lag_milliseconds', 'Age of the newest entry judged when it was committed, by stream', ['partition']),
    composed: counter(registry, 'pipeline_composed', 'Transitions of composite objects superseded or written'),
    accounts: counter(registry, 'pipeline_accounts', 'Object days accounted'),
  };
}

export type PipelineMetrics = ReturnType<typeof createPipelineMetrics>;
