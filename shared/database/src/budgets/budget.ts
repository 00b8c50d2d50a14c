import type { ObjectiveBody } from '@beacontower/contracts';
import {
  type Budget,
  budgetOf,
  DEFAULT_BURN_WINDOWS,
  type Forecast,
  forecastExhaustion,
  type Interval,
  length,
  periodContaining,
  rollingPeriod,
} from '@beacontower/domain';
import { countedBy, readCalendar } from '../accounting/index.ts';
import { type Figure, type FigureGroup, readFigure } from '../figures/index.ts';
import type { Queryable } from '../pool.ts';
import type { Scope } from '../queries/conditions.ts';
import { BurnReader } from './burn.ts';

/** The period of an objective that runs at a moment; of a rolling one, that of the last whole days, which has no label. */
export interface RunningPeriod extends Interval {
  readonly label: string | null;
}

/** What is left of an objective's budget at a moment, and until when. */
export interface BudgetStatus {
  readonly period: RunningPeriod;
  readonly figure: Figure;
  readonly budget: Budget;
  readonly forecast: Forecast & { readonly rate: number | null; readonly windowMs: number };
  /** Of the same moment, for further windows. */
  readonly burn: BurnReader;
}

export interface BudgetQuestion {
  readonly objective: ObjectiveBody;
  /** Epoch ms. */
  readonly at: number;
  readonly now: number;
  readonly scope: Scope;
}

/** Throws RangeError on a time zone or a calendar that nobody knows. */
export function runningPeriod(objective: ObjectiveBody, at: number): RunningPeriod {
  const { period, rollingDays, timeZone } = objective;
  if (period === 'rolling') return { ...rollingPeriod(rollingDays ?? 30, at, timeZone), label: null };
  return periodContaining(period, at, timeZone);
}

/** The longest window of the objective's warnings, at least the slow one: what a forecast is made from. */
export function forecastWindow({ warnings }: ObjectiveBody): number {
  return Math.max(DEFAULT_BURN_WINDOWS.slow.longMs, ...warnings.map(({ longMs }) => longMs));
}

/** Reads the figure of the running period so far, and what that makes of its budget. */
export async function readBudget(db: Queryable, { objective, at, now, scope }: BudgetQuestion): Promise<BudgetStatus> {
  const period = runningPeriod(objective, at);
  const figure = await readFigure(db, { objective, from: period.from, to: Math.min(period.to, at), scope, now });
  const burn = new BurnReader(db, objective, { at, now, scope });
  const result = figure.whole[objective.basis];
  const countedSoFarMs = countedOf(figure.whole, objective);
  const counted = await countedAhead(db, objective);
  const budget = budgetOf({
    target: objective.target,
    result,
    countedSoFarMs,
    // What has not been judged yet is still to come; a rolling period is over when its last day is.
    countedWholeMs: countedSoFarMs + (objective.period === 'rolling' ? 0 : length(counted(figure.to, period.to))),
  });
  const windowMs = forecastWindow(objective);
  const { rate } = await burn.over(windowMs);
  const horizon = objective.period === 'rolling' ? at + (period.to - period.from) : period.to;
  const forecast =
    budget.budgetMs > 0
      ? forecastExhaustion({ target: objective.target, leftMs: budget.leftMs, rate, ahead: counted(at, horizon) })
      : { exhaustedAt: null, reason: 'not-observed' as const };
  return { period, figure, budget, forecast: { ...forecast, rate, windowMs }, burn };
}

/** Counted time of an average member. */
function countedOf({ members, ...group }: FigureGroup, { basis }: ObjectiveBody): number {
  const { totalMs, excludedMs } = group[basis].account;
  return members === 0 ? 0 : (totalMs - excludedMs) / members;
}

/** The time that counts by the calendar of the objective, in order. */
export async function countedAhead(
  db: Queryable,
  { calendar, timeZone }: ObjectiveBody,
): Promise<(from: number, to: number) => Interval[]> {
  const versions = await readCalendar(db, calendar);
  return (from, to) => (to > from ? countedBy(versions, timeZone, { from, to }) : []);
}
