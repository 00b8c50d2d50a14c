import type { IncidentSummary } from '@beacontower/contracts';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useMay } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../parts/page.tsx';
import { ActBar } from './act-bar.tsx';
import './incidents.css';
import { useNames } from '../../api/use-names.ts';
import { StaleNote } from '../../parts/stale-note.tsx';
import { useKeys } from '../../parts/use-keys.ts';
import { KeysHelp } from './keys-help.tsx';
import { addressOf, filterOf, heir, mergedCounts, neighbour, QUEUE_OWNERS, type QueueFilter, questionOf, rowsOf } from './queue-filter.ts';
import { QueueFilters } from './queue-filters.tsx';
import { QueueTable } from './queue-table.tsx';
import { useActing } from './use-acting.tsx';
import { useIncidents } from './use-incidents.ts';
import { QUEUE } from './words.ts';

/** As many rows as are drawn at once; the rest on demand. */
const SHOWN = 150;

/** The queue of incidents, worked from the keyboard: the most urgent first, whoever has it, how long it has lasted. */
export default function QueuePage() {
  const words = useWords(QUEUE);
  const [parameters, setParameters] = useSearchParams();
  const filter = useMemo(() => filterOf(parameters), [parameters]);
  const { me } = useNames();
  const name = useMemo(() => [...me][0] ?? '', [me]);
  const found = useIncidents(questionOf(filter, name));
  const { incidents } = found;
  const rows = useMemo(() => rowsOf(incidents, filter, me), [incidents, filter, me]);
  const merged = useMemo(() => mergedCounts(incidents), [incidents]);
  const [shown, setShown] = useState(SHOWN);
  const visible = rows.slice(0, shown);
  const { selected, select } = useSelection(visible);
  const setFilter = (next: QueueFilter) => {
    setShown(SHOWN);
    setParameters(addressOf(next), { replace: true });
  };
  const { help, setHelp, acting } = useQueueKeys(visible, selected, select, filter, setFilter);
  const mayAct = useMay('operator', 'duty-manager');
  return (
    <Page
      title={words.title}
      actions={
        <button type="button" className="button" onClick={() => setHelp(true)}>
          {words.keys} <kbd>?</kbd>
        </button>
      }
    >
      <QueueFilters filter={filter} count={rows.length} onChange={setFilter} />
      {found.error !== null && incidents.length > 0 ? <StaleNote at={found.dataUpdatedAt} text={words.stale} /> : null}
      {mayAct ? <ActBar incident={selected} me={me} onAct={acting.start} hint={words.selectHint} /> : null}
      {found.isPending ? <Loading /> : null}
      {found.error !== null && incidents.length === 0 ? <Failure error={found.error} onRetry={() => void found.refetch()} /> : null}
      {visible.length > 0 ? <QueueTable rows={visible} merged={merged} selected={selected?.id ?? null} onSelect={select} /> : null}
      {!found.isPending && found.error === null && rows.length === 0 ? (
        <EmptyState title={filter.state === 'active' ? words.noneActive : words.none}>{words.noneHint}</EmptyState>
      ) : null}
      <div className="queue-more">
        {rows.length > shown ? (
          <button type="button" className="button" onClick={() => setShown(shown + SHOWN)}>
            {words.more} ({rows.length - shown})
          </button>
        ) : null}
        {found.hasNextPage && found.isWhole ? <p className="soft">{words.truncated}</p> : null}
        {found.hasNextPage && !found.isWhole ? (
          <button type="button" className="button" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {words.older}
          </button>
        ) : null}
      </div>
      {acting.dialog}
      <KeysHelp open={help} onClose={() => setHelp(false)} />
    </Page>
  );
}

/** The chosen row stays chosen while the list changes under it; when it leaves, the next takes its place. */
function useSelection(rows: readonly IncidentSummary[]) {
  const [chosen, choose] = useState<string | null>(null);
  const before = useRef<readonly string[]>([]);
  useEffect(() => {
    const ids = rows.map(({ id }) => id);
    choose((now) => heir(before.current, ids, now));
    before.current = ids;
  }, [rows]);
  return { selected: rows.find(({ id }) => id === chosen) ?? null, select: choose };
}

function useQueueKeys(
  rows: readonly IncidentSummary[],
  selected: IncidentSummary | null,
  select: (id: string | null) => void,
  filter: QueueFilter,
  setFilter: (filter: QueueFilter) => void,
) {
  const navigate = useNavigate();
  const [help, setHelp] = useState(false);
  const { me } = useNames();
  const acting = useActing(selected, me);
  const go = (step: 1 | -1) => {
    const to = neighbour(rows, selected?.id ?? null, step);
    if (to === null) return;
    select(to);
    document.querySelector<HTMLElement>(`[data-incident="${to}"]`)?.focus();
  };
  const next = () => go(1);
  const before = () => go(-1);
  const ownerKeys = Object.fromEntries(QUEUE_OWNERS.map((owner, index) => [String(index + 1), () => setFilter({ ...filter, owner })]));
  useKeys({
    j: next,
    k: before,
    ArrowDown: next,
    ArrowUp: before,
    o: () => selected && void navigate(`/incidents/${selected.id}`),
    f: () => document.querySelector<HTMLElement>('[data-queue-search]')?.focus(),
    ...ownerKeys,
    '?': () => setHelp(true),
    ...acting.keys,
  });
  return { help, setHelp, acting };
}
