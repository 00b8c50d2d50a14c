import type { SelfFacts } from '@beacontower/contracts';
import type { Increases } from '../increases.ts';
import type { Readings } from './metrics-reading.ts';

/** What the recorder's metrics tell of the store of samples; null when no recorder has spoken. `now` is Redis's time. */
export function storeFacts(readings: Readings, increases: Increases, now: number): SelfFacts['store'] {
  const gauge = (name: string) => readings.gauges.filter((reading) => reading.name === `beacontower_recorder_${name}`);
  const counted = readings.counters.some((reading) => reading.name.startsWith('beacontower_recorder_'));
  if (!counted && gauge('stored_at_milliseconds').length === 0) return null;
  const writes = Math.round(increases.sum('beacontower_recorder_write_seconds_count'));
  const seconds = increases.sum('beacontower_recorder_write_seconds_sum');
  const storedAt = Math.max(0, ...gauge('stored_at_milliseconds').map(({ value }) => value));
  const bytes = gauge('store_bytes')[0]?.value;
  return {
    engine: gauge('store')[0]?.labels.engine ?? null,
    writes,
    writeMeanMs: writes === 0 ? null : (seconds * 1_000) / writes,
    failures: Math.round(increases.sum('beacontower_recorder_failures_total')),
    dropped: Math.round(increases.sum('beacontower_samples_dropped_total')),
    lastSuccessAgeMs: storedAt === 0 ? null : Math.max(0, Math.round(now - storedAt)),
    bytes: bytes === undefined ? null : Math.round(bytes),
  };
}
