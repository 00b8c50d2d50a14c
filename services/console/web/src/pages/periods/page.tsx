import type { ClosedPeriodSummary, Page as Listed, Objective } from '@beacontower/contracts';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { get } from '../../api/client.ts';
import { useLive } from '../../api/live.tsx';
import { useMay } from '../../api/session.tsx';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { nameOf } from '../../i18n/name-of.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { OneOf } from '../../parts/one-of.tsx';
import { Page } from '../../parts/page.tsx';
import '../../parts/tables.css';
import { CloseDialog } from './close-dialog.tsx';
import { Comparison } from './comparison.tsx';
import { PeriodTable } from './period-table.tsx';
import './periods.css';
import { groupVersions } from './versions.ts';
import { PERIODS } from './words.ts';

const A_PAGE = 100;

/** Closed periods with their versions, and two versions held against each other. */
export default function PeriodsPage() {
  const words = useWords(PERIODS);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const mayClose = useMay('duty-manager');
  const [search, setSearch] = useSearchParams();
  const [closing, setClosing] = useState(false);
  const objective = search.get('objective');
  const objectives = useQuery({
    queryKey: ['/objectives'],
    queryFn: ({ signal }) => get<Listed<Objective>>('/objectives', { limit: 500 }, signal),
  });
  const periods = useInfiniteQuery({
    queryKey: ['/periods', objective],
    queryFn: ({ signal, pageParam }) =>
      get<Listed<ClosedPeriodSummary>>('/periods', { objective, limit: A_PAGE, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
  const again = () => void queries.invalidateQueries({ queryKey: ['/periods'] });
  useLive(['figure'], again, again);
  const items = groupVersions(periods.data?.pages.flatMap((page) => page.items) ?? []);
  const known = objectives.data?.items ?? [];
  const names = new Map(known.map((each) => [each.id, { name: nameOf(each, language), basis: each.basis }]));
  const shown = items.find((each) => each.objective === (search.get('of') ?? objective) && each.from === search.get('from')) ?? items[0];
  return (
    <Page
      title={words.title}
      actions={
        <>
          <OneOf
            label={words.filter}
            any={words.allObjectives}
            of={known.map((each) => ({ value: each.id, text: nameOf(each, language) }))}
            value={objective}
            onChange={(chosen) => setSearch(chosen === null ? {} : { objective: chosen }, { replace: true })}
          />
          {mayClose ? (
            <button type="button" className="button" onClick={() => setClosing(true)}>
              {words.close}
            </button>
          ) : null}
        </>
      }
    >
      {periods.isPending ? <Loading /> : null}
      {periods.error && items.length === 0 ? <Failure error={periods.error} onRetry={() => void periods.refetch()} /> : null}
      {periods.error && items.length > 0 ? <p className="stale-note">{words.stale}</p> : null}
      {periods.data && items.length === 0 ? <EmptyState title={words.none}>{words.noneHint}</EmptyState> : null}
      {items.length === 0 ? null : (
        <div className="card-column">
          <p className="soft">{words.intro}</p>
          <PeriodTable
            items={items}
            objectives={names}
            chosen={shown?.key ?? null}
            onChoose={(period) => {
              const next: { of: string; from: string; objective?: string } = { of: period.objective, from: period.from };
              if (objective !== null) next.objective = objective;
              setSearch(next, { replace: true });
            }}
            more={periods.hasNextPage ? () => void periods.fetchNextPage() : null}
          />
          {shown === undefined ? null : (
            <Comparison key={shown.key} period={shown} name={names.get(shown.objective)?.name ?? shown.objective} />
          )}
        </div>
      )}
      {closing ? <CloseDialog objectives={known} chosen={objective} onClose={() => setClosing(false)} /> : null}
    </Page>
  );
}
