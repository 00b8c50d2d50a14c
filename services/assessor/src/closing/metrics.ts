import { counter, durations, gauge, type Registry } from '@beacontower/runtime';

export function createClosingMetrics(registry: Registry) {
  return {
    closed: counter(registry, 'assessor_periods_closed', 'Versions of closed periods that were made', ['change']),
    closing: durations(registry, 'assessor_period_closing', 'Time to close one period, its evidence included'),
    touched: gauge(registry, 'assessor_late_objects', 'Objects about whose closed past something was recorded, as last looked for'),
    failures: counter(registry, 'assessor_closing_failures', 'Periods that could not be closed or looked through; they are taken up again'),
  };
}
export type ClosingMetrics = ReturnType<typeof createClosingMetrics>;
