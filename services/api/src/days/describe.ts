import { type ObjectiveBody, type ObjectiveDays, timestamp } from '@beacontower/contracts';
import type { DayFigure } from '@beacontower/database';
import { budgetOf, verdictOf } from '@beacontower/domain';

/** What the days of a period are told from. */
export interface DaysAnswer {
  readonly objective: ObjectiveBody;
  readonly from: number;
  readonly to: number;
  readonly asOf: number;
  readonly days: readonly DayFigure[];
  /** Time that counts by the calendar after the last of the days, ms. */
  readonly countedAheadMs: number;
}

/** The days of a period with their verdicts, and the budget used up from day to day: the losses of the days are added up. */
export function describeDays({ objective, from, to, asOf, days, countedAheadMs }: DaysAnswer): ObjectiveDays {
  const countedWholeMs = days.reduce((sum, day) => sum + countedOf(day), countedAheadMs);
  const spent = { consumedMs: 0, consumedLeastMs: 0, consumedMostMs: 0 };
  return {
    objective: objective.id,
    from: timestamp(from),
    to: timestamp(to),
    asOf: timestamp(asOf),
    timeZone: objective.timeZone,
    target: objective.target,
    budgetMs: Math.round((1 - objective.target) * countedWholeMs),
    items: days.map((day) => {
      const { availability, lowest, highest, completeness, account } = day.result;
      const lost = budgetOf({ target: objective.target, result: day.result, countedSoFarMs: countedOf(day), countedWholeMs });
      spent.consumedMs += lost.consumedMs;
      spent.consumedLeastMs += lost.consumedLeastMs;
      spent.consumedMostMs += lost.consumedMostMs;
      return {
        date: day.day,
        from: timestamp(day.from),
        to: timestamp(day.to),
        availability,
        lowest,
        highest,
        completeness,
        verdict: verdictOf(objective.target, day.result),
        downMs: account.downMs,
        unknownMs: account.unknownMs,
        excludedMs: account.excludedMs,
        consumedMs: Math.round(spent.consumedMs),
        consumedLeastMs: Math.round(spent.consumedLeastMs),
        consumedMostMs: Math.round(spent.consumedMostMs),
      };
    }),
  };
}

/** Counted time of an average member. */
function countedOf({ members, result: { account } }: DayFigure): number {
  return members === 0 ? 0 : (account.totalMs - account.excludedMs) / members;
}
