import type { Coverage } from '@beacontower/contracts';
import { useQueries } from '@tanstack/react-query';
import { get } from '../../api/client.ts';
import { formatPercent } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import '../../parts/tables.css';
import type { NamedDivision } from '../availability/use-divisions.ts';
import './coverage.css';
import { relative, signed } from './growth.ts';
import { CoverageBar } from './levels.tsx';
import { COVERAGE } from './words.ts';

interface ByDivisionProps {
  readonly divisions: readonly NamedDivision[];
  readonly corps: 'withCorps' | 'withoutCorps';
  readonly query: { readonly at: string | undefined; readonly from: string | undefined };
  readonly onChoose: (division: string) => void;
}

/** Each province on its own, the least covered first. */
export function ByDivision({ divisions, corps, query: { at, from }, onChoose }: ByDivisionProps) {
  const words = useWords(COVERAGE);
  const common = useWords(COMMON);
  const read = useQueries({
    queries: divisions.map(({ division }) => ({
      queryKey: ['/coverage', { division, at, from }],
      queryFn: ({ signal }: { signal: AbortSignal }) => get<Coverage>('/coverage', { division, at, from }, signal),
      staleTime: 600_000,
    })),
  });
  const rows = divisions
    .map((each, index) => ({ ...each, coverage: read[index]?.data?.[corps], failed: read[index]?.error != null }))
    .sort((a, b) => (a.coverage?.county.fraction ?? 2) - (b.coverage?.county.fraction ?? 2));
  return (
    <section className="card" aria-label={words.byDivision}>
      <div className="card-head">
        <h2>{words.byDivision}</h2>
        <span className="soft">{words.byDivisionHint}</span>
      </div>
      <div className="table-wrap">
        <table className="data-table">
          <thead>
            <tr>
              <th scope="col">{words.province}</th>
              <th scope="col">{words.levels.city}</th>
              <th scope="col">{words.levels.county}</th>
              <td />
              <th scope="col">{words.growth}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ division, name, coverage, failed }) => (
              <tr key={division}>
                <th scope="row">
                  <button type="button" className="link-button" onClick={() => onChoose(division)}>
                    {name}
                  </button>
                </th>
                {coverage === undefined ? (
                  <td colSpan={4} className="soft">
                    {failed ? common.failed : common.loading}
                  </td>
                ) : (
                  <Cells coverage={coverage} />
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cells({ coverage: { city, county } }: { coverage: Coverage['withCorps'] }) {
  const share = ({ connected, total, fraction }: typeof city) =>
    fraction === null ? '—' : `${formatPercent(fraction, 1)} (${connected}/${total})`;
  return (
    <>
      <td className="figures nowrap">{share(city)}</td>
      <td className="figures nowrap">{share(county)}</td>
      <td className="bar">{county.fraction === null ? null : <CoverageBar fraction={county.fraction} />}</td>
      <td className="figures nowrap">
        {[signed(county.growth) ?? '—', relative(county.growth)].filter((text) => text !== null).join(' · ')}
      </td>
    </>
  );
}
