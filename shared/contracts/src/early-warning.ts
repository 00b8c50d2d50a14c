import type { ForecastReason } from '@beacontower/domain';
import { z } from 'zod';
import { SEVERITIES } from './words.ts';

/** Why there is, or is not, a moment at which the budget runs out. */
export const FORECAST_REASONS = [
  'exhausted',
  'forecast',
  'lasts',
  'not-burning',
  'not-observed',
] as const satisfies readonly ForecastReason[];

const epochMs = z.number().int().nonnegative();

/**
 * What an early warning is about: kept with the incident's events (`opened`, `escalated`, `resolved`) as it was then, and told in its
 * messages. Budgets are ms of an average member; rates are multiples of what would use up exactly the budget.
 */
export const EarlyWarning = z.object({
  objective: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
  target: z.number(),
  /** The rules that fired, with the rates that were seen; empty when it is over. */
  firing: z.array(
    z.object({
      severity: z.enum(SEVERITIES),
      longMs: epochMs,
      shortMs: epochMs,
      limit: z.number(),
      longRate: z.number(),
      shortRate: z.number(),
    }),
  ),
  periodFrom: epochMs,
  periodTo: epochMs,
  budgetMs: z.number(),
  /** Negative when overdrawn. */
  leftMs: z.number(),
  leftFraction: z.number().nullable(),
  exhaustedAt: epochMs.nullable(),
  forecast: z.enum(FORECAST_REASONS),
});
export type EarlyWarning = z.infer<typeof EarlyWarning>;

/** The title of an early warning. */
export function warningTitle(language: 'zh' | 'en', { name, nameEn }: Pick<EarlyWarning, 'name' | 'nameEn'>): string {
  return language === 'zh' ? `可用率目标 ${name} 误差预算消耗过快` : `Objective ${nameEn ?? name} burns its error budget too fast`;
}
