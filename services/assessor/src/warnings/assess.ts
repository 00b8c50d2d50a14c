import type { EarlyWarning, ObjectiveBody } from '@beacontower/contracts';
import { BurnReader, type Queryable, readBudget } from '@beacontower/database';
import { type BurnSeen, type BurnVerdict, type BurnWarningRule, holdsWarning, judgeBurn } from '@beacontower/domain';

/** What was found about one objective at one moment. */
export interface Assessment {
  /** The rules that fire, with their rates; worst first. */
  readonly firing: EarlyWarning['firing'];
  /** A rule that does not fire keeps a warning under way from ending. Only looked at when one is. */
  readonly held: boolean;
  readonly verdicts: readonly BurnVerdict[];
}

const EVERYWHERE = [''];
const SEVERITIES = ['critical', 'major', 'minor', 'warning'] as const;

/** Looks at the burn rates of an objective's warnings. The long window is read only where the short one burns: most never do. */
export async function assess(db: Queryable, objective: ObjectiveBody, now: number, isActive: boolean): Promise<Assessment> {
  const burn = new BurnReader(db, objective, { at: now, now, scope: EVERYWHERE });
  const firing: EarlyWarning['firing'] = [];
  const verdicts: BurnVerdict[] = [];
  for (const rule of objective.warnings) {
    const seen = await seeRule(burn, rule);
    const verdict = judgeBurn(rule, seen);
    verdicts.push(verdict);
    if (verdict !== 'fires') continue;
    const { severity, longMs, shortMs, rate } = rule;
    firing.push({ severity, longMs, shortMs, limit: rate, longRate: seen.longRate ?? 0, shortRate: seen.shortRate ?? 0 });
  }
  firing.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  const held = isActive && firing.length === 0 && (await isHeld(burn, objective.warnings));
  return { firing, held, verdicts };
}

async function seeRule(burn: BurnReader, rule: BurnWarningRule): Promise<BurnSeen> {
  const short = await burn.over(rule.shortMs);
  const burns = short.rate !== null && short.rate >= rule.rate && rule.shortMs >= short.resolutionMs;
  const long = burns ? await burn.over(rule.longMs) : { rate: 0 };
  return { shortRate: short.rate, longRate: long.rate, resolutionMs: short.resolutionMs };
}

async function isHeld(burn: BurnReader, rules: readonly BurnWarningRule[]): Promise<boolean> {
  for (const rule of rules) {
    const short = await burn.over(2 * rule.shortMs);
    const long = await burn.over(rule.longMs);
    if (holdsWarning(rule, { shortRate: short.rate, longRate: long.rate, resolutionMs: short.resolutionMs })) return true;
  }
  return false;
}

/** What is told of an objective: what fires, and how its budget stands. */
export async function describeWarning(
  db: Queryable,
  objective: ObjectiveBody,
  firing: EarlyWarning['firing'],
  now: number,
): Promise<EarlyWarning> {
  const { period, budget, forecast } = await readBudget(db, { objective, at: now, now, scope: EVERYWHERE });
  return {
    objective: objective.id,
    name: objective.name,
    nameEn: objective.nameEn,
    target: objective.target,
    firing,
    periodFrom: period.from,
    periodTo: period.to,
    budgetMs: budget.budgetMs,
    leftMs: budget.leftMs,
    leftFraction: budget.leftFraction,
    exhaustedAt: forecast.exhaustedAt,
    forecast: forecast.reason,
  };
}
