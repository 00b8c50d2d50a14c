import { counter, durations, gauge, type Registry } from '@beacontower/runtime';

export function createWarningMetrics(registry: Registry) {
  return {
    objectives: gauge(registry, 'assessor_warning_objectives', 'Objectives with early warnings that were looked at last'),
    verdicts: gauge(registry, 'assessor_warning_rules', 'Rules of early warnings by what was found last', ['verdict']),
    active: gauge(registry, 'assessor_warnings_active', 'Early warnings under way'),
    changes: counter(registry, 'assessor_warning_changes', 'What became of early warnings', ['change']),
    looking: durations(registry, 'assessor_warning_looking', 'Time to look at every objective once'),
    failures: counter(registry, 'assessor_warning_failures', 'Objectives that could not be looked at; they are looked at again'),
  };
}

export type WarningMetrics = ReturnType<typeof createWarningMetrics>;
