import { type BurnWindow, type ErrorBudget, type ObjectiveBody, timestamp, timestampOrNull } from '@beacontower/contracts';
import type { BudgetStatus, BurnReader } from '@beacontower/database';
import { type BurnWarningRule, burnRate, DEFAULT_BURN_WINDOWS, judgeBurn } from '@beacontower/domain';

/** An objective's own warnings, then the windows shown of every objective; with their rates at the reader's moment. */
export async function readWindows(burn: BurnReader, { warnings }: ObjectiveBody): Promise<BurnWindow[]> {
  const shown: readonly { name: BurnWindow['name']; rule: BurnWarningRule }[] = [
    ...warnings.map((rule) => ({ name: null, rule })),
    { name: 'fast', rule: DEFAULT_BURN_WINDOWS.fast },
    { name: 'slow', rule: DEFAULT_BURN_WINDOWS.slow },
  ];
  const windows: BurnWindow[] = [];
  for (const { name, rule } of shown) {
    const [long, short] = [await burn.over(rule.longMs), await burn.over(rule.shortMs)];
    const verdict = judgeBurn(rule, { longRate: long.rate, shortRate: short.rate, resolutionMs: short.resolutionMs });
    const { severity, rate: limit, longMs, shortMs } = rule;
    windows.push({ name, severity, limit, longMs, longRate: long.rate, shortMs, shortRate: short.rate, verdict });
  }
  return windows;
}

export interface BudgetAnswer {
  readonly objective: ObjectiveBody;
  readonly at: number;
  readonly status: BudgetStatus;
  readonly windows: BurnWindow[];
  /** Id of the early warning under way. */
  readonly incident: string | null;
}

export function describeBudget({ objective, at, status, windows, incident }: BudgetAnswer): ErrorBudget {
  const { period, figure, budget, forecast } = status;
  const { availability, lowest, highest, completeness } = figure.whole[objective.basis];
  return {
    objective: objective.id,
    at: timestamp(at),
    period: objective.period,
    label: period.label,
    from: timestamp(period.from),
    to: timestamp(period.to),
    timeZone: objective.timeZone,
    asOf: timestamp(figure.asOf),
    target: objective.target,
    basis: objective.basis,
    members: figure.whole.members,
    availability,
    lowest,
    highest,
    completeness,
    resolutionMs: figure.whole.resolutionMs,
    budgetMs: Math.round(budget.budgetMs),
    consumedMs: Math.round(budget.consumedMs),
    consumedLeastMs: Math.round(budget.consumedLeastMs),
    consumedMostMs: Math.round(budget.consumedMostMs),
    leftMs: Math.round(budget.leftMs),
    leftFraction: budget.leftFraction,
    burnRate: burnRate(objective.target, { availability, completeness }),
    windows,
    firing: windows.filter(({ name, verdict }) => name === null && verdict === 'fires').map(({ severity }) => severity),
    incident,
    forecast: {
      exhaustedAt: timestampOrNull(forecast.exhaustedAt),
      reason: forecast.reason,
      rate: forecast.rate,
      windowMs: forecast.windowMs,
    },
  };
}
