import { type CoverageState, readCoverage } from '@beacontower/database';
import { COVERAGE_LEVELS } from '@beacontower/domain';
import type { CoverageBlock, CoverageLevel } from '../model/coverage-block.ts';
import type { Bilingual } from '../model/model.ts';
import type { BuildContext } from './context.ts';

/** The coverage at the end of the period, and what is assumed by it; null where nothing is recorded as connected. */
export async function coverageBlock({
  database,
  order,
  now,
}: BuildContext): Promise<{ readonly block: CoverageBlock; readonly assumptions: readonly Bilingual[] } | null> {
  const at = Math.min(order.to, now);
  const read = await readCoverage(database, { division: order.division, at, from: order.from, scope: [order.division] });
  if ('problem' in read) return null;
  const { now: state, before } = read;
  if (!hasData(state)) return null;
  const lists = [state.list, state.corpsList].flatMap((list) => list ?? []);
  return {
    block: {
      at,
      list: {
        zh: lists.map(({ name, date }) => `${name}（${date}）`).join('、'),
        en: lists.map(({ nameEn, date }) => `${nameEn} (${date})`).join(', '),
      },
      levels: COVERAGE_LEVELS.map((level) => levelOf(level, state, before)),
      counts: countsOf(state, before),
    },
    assumptions: lists.flatMap(({ assumptions }) => assumptions.map(({ textZh, textEn }) => ({ zh: textZh, en: textEn }))),
  };
}

function hasData({ withCorps, total }: CoverageState): boolean {
  return COVERAGE_LEVELS.some((level) => withCorps[level].connected > 0) || total.units > 0;
}

function levelOf(level: CoverageLevel['level'], state: CoverageState, before: CoverageState): CoverageLevel {
  const { connected, total, fraction } = state.withoutCorps[level];
  const corps = state.withCorps[level];
  return {
    level,
    connected,
    total,
    fraction,
    withCorps: corps.total === total ? null : { connected: corps.connected, total: corps.total, fraction: corps.fraction },
    previousConnected: hasData(before) ? before.withoutCorps[level].connected : null,
  };
}

function countsOf(state: CoverageState, before: CoverageState): CoverageBlock['counts'] {
  const known = hasData(before);
  const below = ({ byLevel }: CoverageState) => byLevel.province.units + byLevel.city.units + byLevel.county.units;
  const counts = [
    { what: 'central-units', count: state.byLevel.central.units, previous: before.byLevel.central.units },
    { what: 'units', count: below(state), previous: below(before) },
    { what: 'terminals', count: state.total.terminals, previous: before.total.terminals },
    { what: 'applications', count: state.total.applications, previous: before.total.applications },
    { what: 'internet-exit-units', count: state.total.internetExitUnits, previous: before.total.internetExitUnits },
  ] as const;
  // What nobody recorded is left out rather than printed as none.
  return counts.flatMap(({ what, count, previous }) =>
    count === null || (count === 0 && !previous) ? [] : [{ what, count, previous: known ? previous : null }],
  );
}
