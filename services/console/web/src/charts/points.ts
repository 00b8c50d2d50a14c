/** One point: epoch ms of the start of what it covers, least, mean, most. A null mean is a gap. */
export type Point = readonly [at: number, min: number | null, avg: number | null, max: number | null];

type Answered = readonly [string, number, number, number];

/**
 * Points of an answer with a gap wherever something is missing, so that no line is drawn over what nobody saw. Before the first and
 * after the last nothing is added.
 */
export function withGaps(points: readonly Answered[], step: number): Point[] {
  const result: Point[] = [];
  let before: number | null = null;
  for (const [time, min, avg, max] of points) {
    const at = Date.parse(time);
    if (before !== null && at - before > step * 1.5) result.push([before + step, null, null, null]);
    result.push([at, min, avg, max]);
    before = at;
  }
  return result;
}

/**
 * The value that 95 per cent of the values do not exceed (nearest rank: the 95th of a hundred in ascending order), as traffic is billed;
 * null of nothing.
 */
export function percentile95(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const ascending = Float64Array.from(values).sort();
  return ascending[Math.max(0, Math.ceil(values.length * 0.95 - 1e-9) - 1)] ?? null;
}

/** What a series came to: its mean over the points, and the extremes. */
export interface SeriesSummary {
  readonly min: number | null;
  readonly avg: number | null;
  readonly max: number | null;
  readonly p95: number | null;
}

export function summarise(points: readonly Point[]): SeriesSummary {
  let min: number | null = null;
  let max: number | null = null;
  const means: number[] = [];
  for (const [, low, avg, high] of points) {
    if (avg !== null) means.push(avg);
    if (low !== null) min = min === null ? low : Math.min(min, low);
    if (high !== null) max = max === null ? high : Math.max(max, high);
  }
  const avg = means.length === 0 ? null : means.reduce((sum, value) => sum + value, 0) / means.length;
  return { min, avg, max, p95: percentile95(means) };
}
