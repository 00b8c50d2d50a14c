import { counter, durations, gauge, type Registry } from '@beacontower/runtime';

/** The recorder's own figures; the watchdog reads some of them. */
export function createRecorderMetrics(registry: Registry) {
  return {
    rows: counter(registry, 'recorder_rows', 'Rows of samples given to the store', ['samples']),
    batches: counter(registry, 'recorder_batches', 'Batches of samples read from the streams', ['samples']),
    undecodable: counter(registry, 'recorder_entries_undecodable', 'Stream entries that could not be decoded'),
    unknown: counter(registry, 'recorder_increments_unknown', 'Increments that are not known although the counter was answered', ['cause']),
    first: counter(registry, 'recorder_readings_first', 'Readings without one before, which make no row'),
    stale: counter(registry, 'recorder_readings_stale', 'Readings not newer than the one before: seen already, or overtaken'),
    dropped: counter(registry, 'samples_dropped', 'Batches of samples that the byte budget took before they were stored'),
    refused: counter(registry, 'recorder_rows_refused', 'Rows left out: too old to be kept, or of a time to come'),
    failures: counter(registry, 'recorder_failures', 'Times the store (or Redis) refused; what was read is kept and tried again'),
    write: durations(registry, 'recorder_write', 'Time of a write to the store'),
    maintain: durations(registry, 'recorder_maintain', 'Time of rolling up, compacting and letting go'),
    answer: durations(registry, 'recorder_answer', 'Time to answer a question', ['kind', 'result']),
    lag: gauge(registry, 'recorder_lag_milliseconds', 'Age of the oldest entry that is not stored, by stream', ['partition']),
    behind: gauge(registry, 'recorder_entries_behind', 'Entries that are not stored, by stream', ['partition']),
    storedAt: gauge(registry, 'recorder_stored_at_milliseconds', 'When the store last took samples, epoch ms'),
    engine: gauge(registry, 'recorder_store', '1 for the engine of the store', ['engine']),
    bytes: gauge(registry, 'recorder_store_bytes', 'Bytes of the store on disk', ['engine']),
    rawRows: gauge(registry, 'recorder_store_raw_rows', 'Rows held at raw resolution', ['engine']),
    holds: gauge(registry, 'recorder_holds_store', '1 while this process owns the store of samples'),
  };
}

export type RecorderMetrics = ReturnType<typeof createRecorderMetrics>;
