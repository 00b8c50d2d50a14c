import { useDeferredValue, useMemo, useRef } from 'react';
import { useSession } from '../../api/session.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../parts/page.tsx';
import { find } from './find.ts';
import { ListFilters } from './list-filters.tsx';
import { ListGrid } from './list-grid.tsx';
import { LIST } from './list-words.ts';
import './list.css';
import { useCriteria } from './use-criteria.ts';
import { useNameRank } from './use-name-rank.ts';
import { type HeldIndex, type IndexView, useObjectIndex } from './use-object-index.ts';

/** Every object one may see: searched as one types, filtered, ordered, scrolled, each state as it is now. */
export default function ObjectListPage() {
  const words = useWords(LIST);
  const index = useObjectIndex();
  return (
    <Page title={words.title}>
      {index.view === undefined ? (
        index.error === null ? (
          <Loading />
        ) : (
          <Failure error={index.error} onRetry={index.refetch} />
        )
      ) : (
        <FilledList index={index} view={index.view} />
      )}
    </Page>
  );
}

function FilledList({ index, view }: { index: HeldIndex; view: IndexView }) {
  const { store } = view;
  const words = useWords(LIST);
  const { node } = useSession();
  const [criteria, change] = useCriteria();
  const search = useRef<HTMLInputElement>(null);
  const nameRank = useNameRank(store);
  // Typing goes before finding: a slow machine shows the letters at once and the rows a moment later.
  const asked = useDeferredValue(criteria);
  const found = useMemo(() => find(view.store, asked, nameRank), [view, asked, nameRank]);
  const count = (number: number) => number.toLocaleString('en-US');
  return (
    <div className="object-list">
      <ListFilters store={store} criteria={criteria} counts={found.counts} change={change} search={search} />
      <div className="object-list-line soft">
        <span role="status">{words.found(count(found.rows.length), count(store.size))}</span>
        {index.error === null ? null : (
          <span role="alert" className="object-stale">
            {words.stale(formatTime(index.readAt, node.timeZone))}
          </span>
        )}
        {store.truncated ? <span role="alert">{words.truncated}</span> : null}
        <span className="object-list-keys">{words.keys}</span>
      </div>
      {found.rows.length > 0 ? (
        <ListGrid view={view} rows={found.rows} criteria={criteria} change={change} />
      ) : store.size === 0 ? (
        <EmptyState title={words.empty}>{words.emptyHint}</EmptyState>
      ) : (
        <EmptyState title={words.nothing}>{words.nothingHint}</EmptyState>
      )}
    </div>
  );
}
