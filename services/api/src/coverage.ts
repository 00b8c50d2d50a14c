import { type Coverage, timestamp } from '@beacontower/contracts';
import type { CoverageAnswer } from '@beacontower/database';
import { COVERAGE_LEVELS, type ConnectedCounts, type Coverage as CoverageByLevel, growth, UNIT_LEVELS } from '@beacontower/domain';

/** The answer about coverage: the state at the end of a period, with its growth since the beginning. */
export function describeCoverage({ division, now, before }: CoverageAnswer): Coverage {
  return {
    division,
    at: timestamp(now.at),
    from: timestamp(before.at),
    list: now.list && listOf(now.list),
    listBefore: before.list?.id ?? null,
    corpsList: now.corpsList && listOf(now.corpsList),
    withoutCorps: levelsOf(now.withoutCorps, before.withoutCorps),
    withCorps: levelsOf(now.withCorps, before.withCorps),
    unlisted: [...now.unlisted],
    total: countsOf(now.total, before.total),
    byLevel: byName(UNIT_LEVELS, (level) => countsOf(now.byLevel[level], before.byLevel[level])),
  };
}

function listOf({ kind: _, assumptions, ...list }: NonNullable<CoverageAnswer['now']['list']>): NonNullable<Coverage['list']> {
  return { ...list, assumptions: [...assumptions] };
}

function levelsOf(now: CoverageByLevel, before: CoverageByLevel): Coverage['withCorps'] {
  return byName(COVERAGE_LEVELS, (level) => {
    const known = ({ connected, fraction }: CoverageByLevel[typeof level]) => (fraction === null ? null : connected);
    return { ...now[level], growth: growth(known(now[level]), known(before[level])) };
  });
}

function countsOf(now: ConnectedCounts, before: ConnectedCounts): Coverage['total'] {
  const of = (field: 'units' | 'terminals' | 'applications' | 'internetExitUnits') => growth(now[field], before[field]);
  return {
    ...now,
    growth: {
      units: of('units'),
      terminals: of('terminals'),
      applications: of('applications'),
      internetExitUnits: of('internetExitUnits'),
    },
  };
}

function byName<K extends string, V>(names: readonly K[], value: (name: K) => V): Record<K, V> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<K, V>;
}
