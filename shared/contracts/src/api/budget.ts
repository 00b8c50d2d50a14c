import { z } from 'zod';
import { FORECAST_REASONS } from '../early-warning.ts';
import { BASES, OBJECTIVE_PERIODS } from '../entities.ts';
import { SEVERITIES } from '../words.ts';
import { EARLIEST_MS, Instant, LATEST_MS, Timestamp } from './common.ts';

export const ObjectiveParams = z.strictObject({ id: z.string().min(1).max(256) });

/** `GET /api/v1/objectives/{id}/budget` */
export const BudgetQuery = z.strictObject({
  at: Instant.refine((at) => at >= EARLIEST_MS && at <= LATEST_MS, 'at lies outside the years 2000 to 2100')
    .optional()
    .describe('the period running at this moment, up to it, by what is known now; now when left out'),
});
export type BudgetQuery = z.infer<typeof BudgetQuery>;

const integerMs = z.number().int().nonnegative();
const rate = z.number().nullable().describe('1 uses up exactly the budget of a period in a period; null when nothing was observed');

export const BurnWindow = z
  .object({
    name: z.enum(['fast', 'slow']).nullable().describe('one of the two that are shown of every objective; null: one of its own warnings'),
    severity: z.enum(SEVERITIES),
    limit: z.number().describe('it fires when both windows burn at least so fast'),
    longMs: integerMs,
    longRate: rate,
    shortMs: integerMs,
    shortRate: rate,
    verdict: z
      .enum(['fires', 'quiet', 'not-observed', 'window-below-resolution'])
      .describe('window-below-resolution: the short window is shorter than what the checks can see, and says nothing'),
  })
  .meta({ id: 'BurnWindow' });
export type BurnWindow = z.infer<typeof BurnWindow>;

export const ErrorBudget = z
  .object({
    objective: z.string(),
    at: Timestamp,
    period: z.enum(OBJECTIVE_PERIODS),
    label: z.string().nullable().describe('such as 2018-H1; null for a rolling period'),
    from: Timestamp,
    to: Timestamp,
    timeZone: z.string(),
    asOf: Timestamp.describe('what had happened up to this moment is counted'),
    target: z.number(),
    basis: z.enum(BASES),
    members: z.number().int(),
    availability: z.number().nullable().describe('so far; null when nothing was observed'),
    lowest: z.number().nullable(),
    highest: z.number().nullable(),
    completeness: z.number().nullable(),
    resolutionMs: integerMs,
    budgetMs: integerMs.describe('downtime that the target allows an average member in the period'),
    consumedMs: integerMs.describe('of it, by what was observed'),
    consumedLeastMs: integerMs.describe('with every edge at its best'),
    consumedMostMs: integerMs.describe('with every edge at its worst, and unknown as down'),
    leftMs: z.number().int().describe('negative when overdrawn'),
    leftFraction: z.number().nullable().describe('null when no time of the period counts'),
    burnRate: rate,
    windows: z.array(BurnWindow).describe("the objective's warnings, then the fast and the slow window"),
    firing: z.array(z.enum(SEVERITIES)).describe('severities of its own warnings that fire'),
    incident: z.string().nullable().describe('the early warning under way now'),
    forecast: z.object({
      exhaustedAt: Timestamp.nullable(),
      reason: z
        .enum(FORECAST_REASONS)
        .describe(
          'exhausted: already; forecast: at the present rate; lasts: not in this period; not-burning; not-observed: nothing is known',
        ),
      rate,
      windowMs: integerMs.describe('the window whose rate is carried on'),
    }),
  })
  .meta({ id: 'ErrorBudget' });
export type ErrorBudget = z.infer<typeof ErrorBudget>;
