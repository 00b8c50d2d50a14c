import { z } from 'zod';
import type { CounterReading } from '../increases.ts';

const Metric = z.object({
  name: z.string(),
  type: z.string(),
  values: z.array(
    z.object({
      value: z.number().nullish(),
      labels: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
      metricName: z.string().optional(),
    }),
  ),
});

/** What all processes said of themselves: what only ever grows, and what is so just now. */
export interface Readings {
  readonly counters: readonly CounterReading[];
  readonly gauges: readonly CounterReading[];
}

/** Takes apart what processes published as `prom-client` JSON. Only names that begin with `beacontower_` are kept, without buckets. */
export function readingsOf(processes: readonly (readonly Record<string, unknown>[])[]): Readings {
  const counters: CounterReading[] = [];
  const gauges: CounterReading[] = [];
  for (const raw of processes.flat()) {
    if (typeof raw.name !== 'string' || !raw.name.startsWith('beacontower_')) continue;
    const metric = Metric.safeParse(raw);
    if (!metric.success) continue;
    for (const { value, labels, metricName } of metric.data.values) {
      const name = metricName ?? metric.data.name;
      if (value === null || value === undefined || Number.isNaN(value) || name.endsWith('_bucket')) continue;
      const { process = '', ...rest } = Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, String(text)]));
      (metric.data.type === 'gauge' ? gauges : counters).push({ process, name, labels: rest, value });
    }
  }
  return { counters, gauges };
}
