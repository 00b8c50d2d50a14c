import type { Page as Listed, Report } from '@beacontower/contracts';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { get } from '../../api/client.ts';
import { useLive } from '../../api/live.tsx';
import { useMay } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { OneOf } from '../../parts/one-of.tsx';
import { Page } from '../../parts/page.tsx';
import '../../parts/tables.css';
import { OrderDialog } from './order-dialog.tsx';
import { ReportCard } from './report-card.tsx';
import './reports.css';
import { REPORTS } from './words.ts';

const STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
const A_PAGE = 30;

/** Reports: asked for, watched while they are made, fetched. */
export default function ReportsPage() {
  const words = useWords(REPORTS);
  const queries = useQueryClient();
  const mayOrder = useMay('operator', 'duty-manager');
  const [search, setSearch] = useSearchParams();
  const [ordering, setOrdering] = useState(false);
  const state = STATES.find((each) => each === search.get('state')) ?? null;
  const reports = useInfiniteQuery({
    queryKey: ['/reports', state],
    queryFn: ({ signal, pageParam }) => get<Listed<Report>>('/reports', { state, limit: A_PAGE, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: 60_000,
  });
  const again = () => void queries.invalidateQueries({ queryKey: ['/reports'] });
  useLive(['report'], again, again);
  const items = reports.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title={words.title}
      actions={
        <>
          <OneOf
            label={words.filter}
            any={words.all}
            of={STATES.map((each) => ({ value: each, text: words.states[each] }))}
            value={state}
            onChange={(chosen) => setSearch(chosen === null ? {} : { state: chosen }, { replace: true })}
          />
          {mayOrder ? (
            <button type="button" className="button primary" onClick={() => setOrdering(true)}>
              {words.order}
            </button>
          ) : null}
        </>
      }
    >
      {reports.isPending ? <Loading /> : null}
      {reports.error && items.length === 0 ? <Failure error={reports.error} onRetry={() => void reports.refetch()} /> : null}
      {reports.error && items.length > 0 ? <p className="stale-note">{words.stale}</p> : null}
      {reports.data && items.length === 0 ? <EmptyState title={words.none}>{words.noneHint}</EmptyState> : null}
      <ul className="reports card-column">
        {items.map((report) => (
          <li key={report.id}>
            <ReportCard report={report} />
          </li>
        ))}
      </ul>
      {reports.hasNextPage ? (
        <p>
          <button type="button" className="button" disabled={reports.isFetching} onClick={() => void reports.fetchNextPage()}>
            {words.more}
          </button>
        </p>
      ) : null}
      {ordering ? <OrderDialog onClose={() => setOrdering(false)} /> : null}
    </Page>
  );
}
