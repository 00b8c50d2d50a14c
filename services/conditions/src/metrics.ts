import { counter, durations, gauge, type Registry } from '@beacontower/runtime';

export function createConditionMetrics(registry: Registry) {
  return {
    configured: gauge(registry, 'conditions_configured', 'Conditions in the configuration'),
    subjects: gauge(registry, 'conditions_subjects', 'Objects that conditions are judged on, each condition by itself'),
    rising: gauge(registry, 'conditions_rising', 'Conditions that hold on an object, and not long enough yet'),
    raised: gauge(registry, 'conditions_raised', 'Conditions that are raised on an object'),
    changes: counter(registry, 'conditions_changes', 'Conditions raised and ended', ['change']),
    values: counter(registry, 'conditions_values', 'Values of samples by what became of them', ['result']),
    undecodable: counter(registry, 'conditions_entries_undecodable', 'Entries of the sample streams that could not be read'),
    lost: counter(registry, 'conditions_batches_lost', 'Batches of samples that were gone before conditions were judged on them'),
    lag: gauge(registry, 'conditions_lag_milliseconds', 'Age of the oldest entry of the sample streams that is not judged'),
    pass: durations(registry, 'conditions_pass', 'Time of a pass, without waiting for samples'),
    failures: counter(registry, 'conditions_failures', 'Passes, or parts of them, that failed; they are tried again'),
  };
}

export type ConditionMetrics = ReturnType<typeof createConditionMetrics>;
