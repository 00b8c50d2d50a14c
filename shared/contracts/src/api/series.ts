import { z } from 'zod';
import { SERIES_METRIC_NAMES, SERIES_METRICS } from '../series.ts';
import { checkPeriod, Instant, Timestamp } from './common.ts';

const UNITS = [...new Set(Object.values(SERIES_METRICS).map(({ unit }) => unit))] as [string, ...string[]];

/**
 * `GET /api/v1/objects/{id}/series`. Metrics of ICMP are those of a check of the object; all others are of an interface: of the
 * object itself when it is one, of one of its ends when it is a circuit.
 */
export const SeriesQuery = z
  .strictObject({
    metric: z.enum(SERIES_METRIC_NAMES),
    from: Instant,
    to: Instant,
    step: z.coerce
      .number()
      .int()
      .min(1)
      .max(366 * 86_400_000)
      .optional()
      .describe('milliseconds a point covers; left out: what suits the period; one that would give more than 11,000 points is widened'),
    family: z
      .enum(['4', '6'])
      .transform((text) => (text === '4' ? 4 : 6))
      .optional()
      .describe('of rtt, loss and jitter: which check of the object; left out: IPv4 where there is one'),
    end: z
      .enum(['1', '2'])
      .transform((text) => (text === '1' ? 1 : 2))
      .optional()
      .describe('of a circuit: whose counters; left out: its first end'),
  })
  .superRefine(checkPeriod);
export type SeriesQuery = z.infer<typeof SeriesQuery>;

export const Series = z
  .object({
    metric: z.enum(SERIES_METRIC_NAMES),
    unit: z.enum(UNITS),
    step: z.number().int().describe('milliseconds a point covers'),
    source: z.enum(['raw', '5m', '1h']).describe('the resolution the points were made from'),
    object: z.string().describe('the object whose samples these are: of a circuit the interface at its end, where that is known'),
    check: z.string(),
    points: z
      .array(z.tuple([Timestamp, z.number(), z.number(), z.number()]))
      .describe('[time, min, avg, max] by time; what was not sampled is left out'),
  })
  .meta({ id: 'Series' });
export type Series = z.infer<typeof Series>;

/** The newest sample of an interface: rates over its span; null what is not known. */
export const LatestTraffic = z
  .object({
    at: Timestamp,
    spanMs: z.number().int().describe('the rates are means of so many milliseconds up to at'),
    speedBps: z.number().nullable().describe('bit/s as the device tells; null when it does not'),
    admin: z.string().describe('ifAdminStatus'),
    oper: z.string().describe('ifOperStatus'),
    inBps: z.number().nullable(),
    outBps: z.number().nullable(),
    inUtilisation: z.number().nullable().describe('fraction of the speed'),
    outUtilisation: z.number().nullable().describe('fraction of the speed'),
    inPacketsPerSecond: z.number().nullable(),
    outPacketsPerSecond: z.number().nullable(),
    inErrorsPerSecond: z.number().nullable(),
    outErrorsPerSecond: z.number().nullable(),
    inDiscardsPerSecond: z.number().nullable(),
    outDiscardsPerSecond: z.number().nullable(),
  })
  .meta({ id: 'LatestTraffic' });
export type LatestTraffic = z.infer<typeof LatestTraffic>;
