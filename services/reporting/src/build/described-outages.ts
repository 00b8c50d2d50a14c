import { causeCategoryWords } from '@beacontower/contracts';
import type { CauseRow, Named, ObjectiveReport, OutageRow, PartyRow, ReportPeriod } from '../model/model.ts';
import type { NameBook } from './names.ts';
import type { CountedOutage, OutageSums, Share } from './outages.ts';

const MOST_CAUSES = 50;

/** The longest outages, and the downtime by cause and by charged party, with names. */
export async function describeOutages(
  names: NameBook,
  sums: OutageSums,
  period: Pick<ReportPeriod, 'to'>,
): Promise<Pick<ObjectiveReport, 'outages' | 'causes' | 'parties'>> {
  const { longest, total } = sums;
  const objectOf = await names.of(
    'object',
    longest.map(({ object }) => object.id),
  );
  const divisionOf = await names.of(
    'division',
    longest.map(({ object }) => object.division),
  );
  const partyOf = await names.of(
    'party',
    [...sums.parties.keys()].flatMap((party) => party ?? []),
  );
  const row = (outage: CountedOutage): OutageRow => ({
    object: objectOf(outage.object.id),
    division: divisionOf(outage.object.division),
    from: outage.from,
    to: Math.min(outage.to, period.to),
    ongoing: outage.ongoing,
    countedMs: outage.countedMs,
    uncertaintyMs: Math.max(0, outage.from - outage.earliest) + Math.max(0, outage.latest - outage.to),
    reason: outage.reason,
    cause: categoryName(outage.category),
    party: outage.party === null ? null : partyOf(outage.party),
    incident: outage.number,
    reclassification: outage.reclassification,
  });
  return {
    outages: { items: longest.map(row), total },
    causes: causeRows(sums.causes),
    parties: shares(sums.parties).map(([key, share]): PartyRow => ({ party: key === null ? null : partyOf(key), ...share })),
  };
}

// Imported history has words of its own, which stay as they are.
function categoryName(category: string | null): Named | null {
  return category === null ? null : { id: category, name: causeCategoryWords(category) };
}

/** The largest causes, and all the others in one row, so that a report stays readable where everybody typed another, and adds up. */
function causeRows(causes: OutageSums['causes']): CauseRow[] {
  const rows = shares(causes).map(([key, share]): CauseRow => ({ cause: categoryName(key), ...share }));
  if (rows.length <= MOST_CAUSES) return rows;
  const others = rows.slice(MOST_CAUSES - 1);
  const add = (of: 'outages' | 'downMs' | 'share') => others.reduce((sum, row) => sum + row[of], 0);
  const cause = { id: '', name: { zh: `其余 ${others.length} 种原因`, en: `${others.length} other causes` } };
  return [...rows.slice(0, MOST_CAUSES - 1), { cause, outages: add('outages'), downMs: add('downMs'), share: add('share') }];
}

function shares(of: ReadonlyMap<string | null, Share>): [string | null, Share & { share: number }][] {
  const whole = [...of.values()].reduce((sum, { downMs }) => sum + downMs, 0);
  return [...of]
    .sort(([, a], [, b]) => b.downMs - a.downMs)
    .map(([key, share]) => [key, { ...share, share: whole === 0 ? 0 : share.downMs / whole }]);
}
