import type { ObjectiveBody } from '@beacontower/contracts';
import { runningPeriod, type Scope, scopeCovers } from '@beacontower/database';
import { divisionCovers, type Interval } from '@beacontower/domain';
import { badField } from '../http/problem.ts';

const DAY = 86_400_000;

/** A year and a month, looked at day by day. */
export const LONGEST_DAYS = 400;

/** The period that was asked for, or the running one. Throws a problem when only one of its ends is given, or it is too long. */
export function periodAsked(
  query: { from?: number | undefined; to?: number | undefined },
  objective: ObjectiveBody,
  now: number,
): Interval {
  const { from, to } = query;
  if (from === undefined && to === undefined) {
    const running = runningPeriod(objective, now);
    return { from: running.from, to: running.to };
  }
  if (from === undefined || to === undefined)
    throw badField('query', from === undefined ? 'from' : 'to', 'is missing beside the other', 'both ends of the period, or neither');
  if (to - from > LONGEST_DAYS * DAY)
    throw badField('query', 'to', `the period is longer than ${LONGEST_DAYS} days`, `at most ${LONGEST_DAYS} days`);
  return { from, to };
}

/** The part of a scope that lies in a division; all of it when none is named. */
export function narrowed(scope: Scope, division: string | undefined): Scope {
  if (division === undefined) return scope;
  return scopeCovers(scope, division) ? [division] : scope.filter((each) => divisionCovers(division, each));
}
