import type { AuditRow, Page as Paged } from '@beacontower/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { address, get } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../parts/page.tsx';
import '../../parts/cards.css';
import './audit.css';
import { filtersOf, questionOf, searchOf } from './filters.ts';
import { AuditSearch } from './search.tsx';
import { AuditTable } from './table.tsx';
import { Verification } from './verification.tsx';
import { AUDIT } from './words.ts';

/** The audit: found, exported, verified. */
export default function AuditPage() {
  const words = useWords(AUDIT);
  const { node } = useSession();
  const [query, setQuery] = useSearchParams();
  const filters = filtersOf(query);
  const asked = questionOf(filters, node.timeZone);
  const rows = useInfiniteQuery({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam, signal }) => get<Paged<AuditRow>>('/audit', { ...asked, cursor: pageParam, limit: 100 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    // Every reading is itself a row: nothing is read again but by a press.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const all = rows.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Page
      title={words.title}
      actions={
        <a className="button" href={address('/audit/export', asked)} download>
          {words.export}
        </a>
      }
    >
      <div className="stack">
        <p className="soft audit-hint">{words.hint}</p>
        <Verification />
        <AuditSearch
          key={query.toString()}
          filters={filters}
          onFind={(next) => {
            // The same question again is asked again.
            if (searchOf(next) === searchOf(filters)) void rows.refetch();
            else setQuery(searchOf(next));
          }}
        />
        {rows.isPending ? <Loading /> : null}
        {rows.error === null ? null : <Failure error={rows.error} onRetry={() => void rows.refetch()} />}
        {rows.data && all.length === 0 ? <EmptyState title={words.none} /> : null}
        {all.length === 0 ? null : <AuditTable rows={all} />}
        {all.length === 0 ? null : (
          <button
            type="button"
            className="button"
            disabled={!rows.hasNextPage || rows.isFetchingNextPage}
            onClick={() => void rows.fetchNextPage()}
          >
            {rows.hasNextPage ? words.older : words.end}
          </button>
        )}
      </div>
    </Page>
  );
}
