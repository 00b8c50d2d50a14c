import type { ObjectiveBody } from '@beacontower/contracts';
import type { FigureGroup } from '@beacontower/database';
import { type AggregateResult, verdictOf } from '@beacontower/domain';
import type { ReportFigure } from '../model/model.ts';

/** One basis of a group of members as a report shows it. */
export function reportFigure(result: AggregateResult, target: number, group: Pick<FigureGroup, 'members' | 'resolutionMs'>): ReportFigure {
  const { account, unobserved, ...fractions } = result;
  return {
    ...fractions,
    verdict: verdictOf(target, fractions),
    members: group.members,
    unobserved,
    resolutionMs: group.resolutionMs,
    upMs: account.upMs,
    downMs: account.downMs,
    unknownMs: account.unknownMs,
    excludedMs: account.excludedMs,
    degradedMs: account.degradedMs,
  };
}

/** A group by the basis of its objective. */
export function figureByBasis(group: FigureGroup, objective: Pick<ObjectiveBody, 'basis' | 'target'>): ReportFigure {
  return reportFigure(group[objective.basis], objective.target, group);
}

/** This less that; null when either is not known. */
export function differenceOf(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : now - before;
}
