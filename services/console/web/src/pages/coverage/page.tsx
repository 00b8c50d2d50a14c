import type { Coverage } from '@beacontower/contracts';
import { addDays, localDate, startOfLocalDate } from '@beacontower/domain';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { get } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { Choices } from '../../parts/choices.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../parts/page.tsx';
import { isDate } from '../availability/period.ts';
import { type NamedDivision, useDivisions } from '../availability/use-divisions.ts';
import '../../parts/tables.css';
import { ByDivision } from './by-division.tsx';
import './coverage.css';
import { isEmpty } from './growth.ts';
import { Levels } from './levels.tsx';
import { ListOf } from './list-of.tsx';
import { Numbers } from './numbers.tsx';
import { COVERAGE } from './words.ts';

/** How much of the country is connected, by which list, and how it grew. */
export default function CoveragePage() {
  const words = useWords(COVERAGE);
  const { node } = useSession();
  const [search, setSearch] = useSearchParams();
  const [corps, setCorps] = useState<'withCorps' | 'withoutCorps'>('withCorps');
  const [division, at, from] = ['division', 'at', 'from'].map((name) => search.get(name)) as [string | null, string | null, string | null];
  // A day is told by its end; one to come is now.
  const now = localDate(Date.now(), node.timeZone);
  const query = {
    division,
    at: at !== null && isDate(at) && at < now ? new Date(startOfLocalDate(addDays(at, 1), node.timeZone)).toISOString() : undefined,
    from: from !== null && isDate(from) ? new Date(startOfLocalDate(from, node.timeZone)).toISOString() : undefined,
  };
  const coverage = useQuery({
    queryKey: ['/coverage', query],
    queryFn: ({ signal }) => get<Coverage>('/coverage', query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 600_000,
  });
  const wall = useDivisions();
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value === '') next.delete(name);
    else next.set(name, value);
    setSearch(next, { replace: true });
  };
  const { data } = coverage;
  return (
    <Page
      title={words.title}
      actions={
        <Choices
          label={words.corps}
          value={corps}
          onChange={setCorps}
          of={(['withCorps', 'withoutCorps'] as const).map((value) => ({ value, text: words[value] }))}
        />
      }
    >
      <div className="card-column">
        <Filters division={division} at={at} from={from} today={now} divisions={wall} onSet={set} />
        {coverage.isPending ? <Loading /> : null}
        {coverage.error && data ? <p className="stale-note">{words.stale}</p> : null}
        {coverage.error && !data ? <Failure error={coverage.error} onRetry={() => void coverage.refetch()} /> : null}
        {data === undefined ? null : (
          <>
            {isEmpty(data) ? (
              <div className="card note">
                <strong>{words.nothing}</strong>
                <p className="soft">{words.nothingHint}</p>
              </div>
            ) : null}
            <Levels coverage={data[corps]} />
            <Numbers coverage={data} />
            {division === null && wall.length > 1 && !isEmpty(data) ? (
              <ByDivision divisions={wall} corps={corps} query={query} onChoose={(path) => set('division', path)} />
            ) : null}
            <ListOf coverage={data} />
          </>
        )}
      </div>
    </Page>
  );
}

interface FilterProps {
  readonly division: string | null;
  readonly at: string | null;
  readonly from: string | null;
  readonly today: string;
  readonly divisions: readonly NamedDivision[];
  readonly onSet: (name: string, value: string) => void;
}

function Filters({ division, at, from, today, divisions, onSet }: FilterProps) {
  const words = useWords(COVERAGE);
  return (
    <div className="card plain-form coverage-filters">
      <label>
        {words.division}
        <select value={division ?? ''} onChange={(event) => onSet('division', event.target.value)}>
          <option value="">{words.whole}</option>
          {divisions.map((each) => (
            <option key={each.division} value={each.division}>
              {each.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.at}
        <input type="date" max={today} value={at ?? today} onChange={(event) => onSet('at', event.target.value)} />
      </label>
      <label>
        {words.from}
        <input type="date" max={at ?? today} value={from ?? ''} onChange={(event) => onSet('from', event.target.value)} />
      </label>
    </div>
  );
}
