import { type EarlyWarning, FORECAST_REASONS, SEVERITIES } from '@beacontower/contracts';
import { z } from 'zod';

/** What a message tells of an early warning. Budgets are ms of an average member; rates are multiples of what uses up exactly the budget. */
export const WarningPart = z.object({
  objective: z.string(),
  target: z.number(),
  /** The rules that fired: over both windows it burned at least `limit` times as fast as it may. */
  firing: z.array(
    z.object({
      severity: z.enum(SEVERITIES),
      limit: z.number(),
      longMs: z.number().int(),
      longRate: z.number(),
      shortMs: z.number().int(),
      shortRate: z.number(),
    }),
  ),
  periodFrom: z.string(),
  periodTo: z.string(),
  budgetMs: z.number().int(),
  /** Negative when overdrawn. */
  leftMs: z.number().int(),
  leftFraction: z.number().nullable(),
  /** RFC 3339; null unless `forecast` is `forecast`. */
  exhaustedAt: z.string().nullable(),
  forecast: z.enum(FORECAST_REASONS),
});
export type WarningPart = z.infer<typeof WarningPart>;

export function warningPart(warning: EarlyWarning): WarningPart {
  const { objective, target, firing, leftFraction, forecast } = warning;
  const iso = (at: number) => new Date(at).toISOString();
  return {
    objective,
    target,
    firing,
    periodFrom: iso(warning.periodFrom),
    periodTo: iso(warning.periodTo),
    budgetMs: Math.round(warning.budgetMs),
    leftMs: Math.round(warning.leftMs),
    leftFraction,
    exhaustedAt: warning.exhaustedAt === null ? null : iso(warning.exhaustedAt),
    forecast,
  };
}
