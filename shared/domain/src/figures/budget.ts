import { type Interval, length } from '../intervals.ts';
import type { AggregateResult } from './partial.ts';

/** What is to be known for an error budget. Times are those of one (average) member, ms. */
export interface BudgetInput {
  /** A fraction between 0 and 1, both excluded. */
  readonly target: number;
  /** The figure from the beginning of the period until now. */
  readonly result: AggregateResult;
  /** Time of the period that counts (calendar, less what is excluded), until now. */
  readonly countedSoFarMs: number;
  /** The same of the whole period. */
  readonly countedWholeMs: number;
}

/** Downtime that the target allows, and how much of it is used. Ms of an average member, not rounded. */
export interface Budget {
  readonly budgetMs: number;
  /** By what was observed; 0 when nothing was. */
  readonly consumedMs: number;
  /** With every edge at its best, and with every edge at its worst and unknown as down. */
  readonly consumedLeastMs: number;
  readonly consumedMostMs: number;
  /** Negative when overdrawn. */
  readonly leftMs: number;
  readonly leftFraction: number | null;
}

/** Throws RangeError when the target is not between 0 and 1: 1 leaves no budget to speak of. */
export function budgetOf({ target, result, countedSoFarMs, countedWholeMs }: BudgetInput): Budget {
  const allowed = allowedFraction(target);
  const budgetMs = allowed * countedWholeMs;
  const lost = (availability: number | null, ms: number): number => (availability === null ? 0 : (1 - availability) * ms);
  const consumedMs = lost(result.availability, countedSoFarMs * (result.completeness ?? 0));
  return {
    budgetMs,
    consumedMs,
    consumedLeastMs: lost(result.highest, countedSoFarMs),
    consumedMostMs: lost(result.lowest, countedSoFarMs),
    leftMs: budgetMs - consumedMs,
    leftFraction: budgetMs > 0 ? (budgetMs - consumedMs) / budgetMs : null,
  };
}

/**
 * How fast the budget burns: 1 uses up exactly the budget of a period in a period. By what was observed: unknown time burns
 * nothing, so that a minute seen of an hour is not taken for the hour. Null when nothing was observed. Throws RangeError when the
 * target is not between 0 and 1.
 */
export function burnRate(
  target: number,
  { availability, completeness }: { readonly availability: number | null; readonly completeness: number | null },
): number | null {
  const allowed = allowedFraction(target);
  return availability === null ? null : ((1 - availability) * (completeness ?? 0)) / allowed;
}

function allowedFraction(target: number): number {
  if (target > 0 && target < 1) return 1 - target;
  throw new RangeError(`a target of ${target}: expected a fraction between 0 and 1, both excluded`);
}

export type ForecastReason = 'exhausted' | 'forecast' | 'lasts' | 'not-burning' | 'not-observed';

/** When the budget runs out, and why so: `exhausted` already, at this rate (`forecast`), or not in this period. */
export interface Forecast {
  /** Epoch ms; null unless the reason is `forecast`. */
  readonly exhaustedAt: number | null;
  readonly reason: ForecastReason;
}

export interface ForecastInput {
  readonly target: number;
  readonly leftMs: number;
  /** How fast it burns now; null when nothing was observed. */
  readonly rate: number | null;
  /** The time to come that counts, to the end of the period: sorted and disjoint. */
  readonly ahead: readonly Interval[];
}

/** Carries the rate on through the time that counts: nights outside a calendar burn nothing. */
export function forecastExhaustion({ target, leftMs, rate, ahead }: ForecastInput): Forecast {
  if (leftMs <= 0) return { exhaustedAt: null, reason: 'exhausted' };
  if (rate === null) return { exhaustedAt: null, reason: 'not-observed' };
  if (rate <= 0) return { exhaustedAt: null, reason: 'not-burning' };
  let needed = leftMs / (rate * allowedFraction(target));
  if (needed > length(ahead)) return { exhaustedAt: null, reason: 'lasts' };
  for (const span of ahead) {
    if (needed <= span.to - span.from) return { exhaustedAt: Math.round(span.from + needed), reason: 'forecast' };
    needed -= span.to - span.from;
  }
  return { exhaustedAt: null, reason: 'lasts' };
}
