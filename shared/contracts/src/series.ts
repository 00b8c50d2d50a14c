/** Samples as they are asked for: metrics, the question that travels to whoever owns the sample store, and its answer. */
import { z } from 'zod';

/** Every metric that can be asked for, with its unit and the samples it comes from. Rates are per second over the sampled span. */
export const SERIES_METRICS = {
  rtt: { unit: 'ms', of: 'icmp' },
  loss: { unit: 'ratio', of: 'icmp' },
  jitter: { unit: 'ms', of: 'icmp' },
  'traffic.in': { unit: 'bit/s', of: 'interface' },
  'traffic.out': { unit: 'bit/s', of: 'interface' },
  'packets.in': { unit: 'packet/s', of: 'interface' },
  'packets.out': { unit: 'packet/s', of: 'interface' },
  'multicast.in': { unit: 'packet/s', of: 'interface' },
  'multicast.out': { unit: 'packet/s', of: 'interface' },
  'broadcast.in': { unit: 'packet/s', of: 'interface' },
  'broadcast.out': { unit: 'packet/s', of: 'interface' },
  'errors.in': { unit: 'error/s', of: 'interface' },
  'errors.out': { unit: 'error/s', of: 'interface' },
  'discards.in': { unit: 'packet/s', of: 'interface' },
  'discards.out': { unit: 'packet/s', of: 'interface' },
  'utilisation.in': { unit: 'ratio', of: 'interface' },
  'utilisation.out': { unit: 'ratio', of: 'interface' },
} as const satisfies Record<string, { unit: string; of: 'icmp' | 'interface' }>;
export type SeriesMetric = keyof typeof SERIES_METRICS;
export const SERIES_METRIC_NAMES = Object.keys(SERIES_METRICS) as [SeriesMetric, ...SeriesMetric[]];

/** Most points one answer has; a finer step is widened to fit. */
export const MOST_POINTS = 11_000;

/** A question to the sample store: one check, one metric, `[from, to)` in epoch ms. `step` null takes what suits the period. */
export const SeriesQuestion = z.object({
  check: z.number().int().positive(),
  metric: z.enum(SERIES_METRIC_NAMES),
  from: z.number().int().nonnegative(),
  to: z.number().int().nonnegative(),
  step: z.number().int().positive().nullable(),
});
export type SeriesQuestion = z.infer<typeof SeriesQuestion>;

/**
 * Its answer. `points` are `[epoch ms of the bucket's start, min, avg, max]`, ascending; a bucket without a sample is left out
 * (a gap is a gap, never a zero). `avg` is weighted by the time the samples cover. `source` says which resolution it came from.
 */
export const SeriesAnswer = z.object({
  step: z.number().int().positive(),
  source: z.enum(['raw', '5m', '1h']),
  points: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
});
export type SeriesAnswer = z.infer<typeof SeriesAnswer>;

/** What an export writes: raw rows of `[from, to)`, of all checks or of some. */
export const ExportOrder = z.object({
  samples: z.enum(['interfaces', 'icmp']),
  format: z.enum(['parquet', 'csv']),
  from: z.number().int().nonnegative(),
  to: z.number().int().nonnegative(),
  checks: z.array(z.number().int().positive()).nullable(),
  /** Check key → id of its object, for a column `object`; without it there is no such column. */
  objects: z.record(z.string().regex(/^\d+$/), z.string()).exactOptional(),
  /** Absolute path of the file to write; an existing one is refused. */
  file: z.string(),
});
export type ExportOrder = z.infer<typeof ExportOrder>;

/** A question to the sample store: the first slice of raw rows in `[from, to)`, for a migration. */
export const RowsQuestion = z.object({ from: z.number().int().nonnegative(), to: z.number().int().nonnegative() });

const rowColumns = z.object({ count: z.number().int().nonnegative(), columns: z.record(z.string(), z.instanceof(Uint8Array)) });
/** Its answer: columns by name as bytes, little-endian; null when there are no rows (any more). Ask again from `to`. */
export const RowsAnswer = z.object({ from: z.number(), to: z.number(), interfaces: rowColumns, icmp: rowColumns }).nullable();
export type RowsAnswer = z.infer<typeof RowsAnswer>;

/** A question to the sample store: the newest increments of some interfaces. */
export const LatestQuestion = z.object({ checks: z.array(z.number().int().positive()).max(10_000) });

/** Its answer: only checks that had a reading before their newest one. */
export const LatestAnswer = z.array(
  z.object({
    check: z.number(),
    at: z.number(),
    span: z.number(),
    speed: z.number(),
    status: z.number(),
    /** In the order of `INTERFACE_COUNTERS`; null: not known. */
    increments: z.array(z.number().nullable()),
  }),
);
export type LatestAnswer = z.infer<typeof LatestAnswer>;
