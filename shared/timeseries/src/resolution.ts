import { MOST_POINTS, SERIES_METRICS, type SeriesAnswer, type SeriesQuestion } from '@beacontower/contracts';
import type { Retention } from './port.ts';

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

export type Source = SeriesAnswer['source'];

/** What is kept beside raw rows: roll-ups by the length of their buckets. */
export const ROLLUPS = [
  { source: '5m', bucketMs: 5 * MINUTE, keep: 'fiveMinutesMs' },
  { source: '1h', bucketMs: HOUR, keep: 'hourMs' },
] as const satisfies readonly { source: Source; bucketMs: number; keep: keyof Retention }[];
export type Rollup = (typeof ROLLUPS)[number];

/** Steps a question without one may get: those a person would choose. */
const LADDER = [10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 7 * DAY, 30 * DAY];
/** How many points a question without a step gets at most. */
const GOOD_POINTS = 1_500;
/** The shortest step that suits: no sample is taken more often by default. */
const SHORTEST = { icmp: 10 * SECOND, interface: MINUTE } as const;

export interface Resolution {
  readonly step: number;
  readonly source: Source;
}

/** The step and the rows that answer a question; a finer one than is kept, or than fits in an answer, is widened. */
export function resolutionOf(question: SeriesQuestion, retention: Retention, now: number): Resolution {
  const period = Math.max(0, question.to - question.from);
  const least = Math.max(finestKept(question.from, retention, now), Math.ceil(period / (MOST_POINTS - 1)));
  const wanted = question.step ?? suitable(period, SHORTEST[SERIES_METRICS[question.metric].of], least);
  const step = Math.max(wanted, least);
  const rollup = ROLLUPS.findLast(({ bucketMs }) => step >= bucketMs);
  if (rollup === undefined) return { step, source: 'raw' };
  return { step: Math.ceil(step / rollup.bucketMs) * rollup.bucketMs, source: rollup.source };
}

/** Bucket length of a source; raw rows stand for themselves. */
export function bucketOf(source: Source): number {
  return ROLLUPS.find((rollup) => rollup.source === source)?.bucketMs ?? 1;
}

/** The buckets that a period touches, whole: roll-ups have no less, and raw rows in their place must say the same. */
export function wholeBuckets(
  { from, to }: { readonly from: number; readonly to: number },
  bucketMs: number,
): { readonly from: number; readonly to: number } {
  return { from: Math.floor(from / bucketMs) * bucketMs, to: Math.ceil(to / bucketMs) * bucketMs };
}

/** Raw rows go by whole days, so the day in which the last of them lies is still whole. */
export function rawSince(retention: Retention, now: number): number {
  return dayOf(now - retention.rawMs);
}

export function dayOf(at: number): number {
  return Math.floor(at / DAY) * DAY;
}

function finestKept(from: number, retention: Retention, now: number): number {
  if (from >= rawSince(retention, now)) return 1;
  return from >= now - retention.fiveMinutesMs ? 5 * MINUTE : HOUR;
}

function suitable(period: number, shortest: number, least: number): number {
  const wanted = Math.max(shortest, least, Math.ceil(period / GOOD_POINTS));
  return LADDER.find((step) => step >= wanted) ?? Math.ceil(wanted / DAY) * DAY;
}
