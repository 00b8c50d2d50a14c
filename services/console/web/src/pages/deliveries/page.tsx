import type { Page as ApiPage, ChannelList, Delivery } from '@beacontower/contracts';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'react-router';
import { get } from '../../api/client.ts';
import { useLive } from '../../api/live.tsx';
import { useMay } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../parts/page.tsx';
import '../incidents/detail.css';
import '../incidents/incidents.css';
import { useNames } from '../../api/use-names.ts';
import { useThrottled } from '../../api/use-throttled.ts';
import { StaleNote } from '../../parts/stale-note.tsx';
import { Choice } from '../incidents/queue-filters.tsx';
import { Channels } from './channels.tsx';
import { addressOf, type DeliveryFilter, filterOf, STATES } from './delivery-filter.ts';
import { DeliveryTable } from './delivery-table.tsx';
import { RetryAll } from './retry-all.tsx';
import { DELIVERIES } from './words.ts';

const PAGE = 100;

/** Everything that was told: by which channel, to whom, how it went; what never arrived can be sent again. */
export default function DeliveriesPage() {
  const words = useWords(DELIVERIES);
  const [parameters, setParameters] = useSearchParams();
  const filter = useMemo(() => filterOf(parameters), [parameters]);
  const set = (next: DeliveryFilter) => setParameters(addressOf(next), { replace: true });
  const found = useDeliveries(filter);
  const deliveries = useMemo(() => found.data?.pages.flatMap(({ items }) => items) ?? [], [found.data]);
  const mayRetry = useMay('operator', 'duty-manager');
  return (
    <Page title={words.title}>
      <h2 className="panel-title">{words.channels}</h2>
      <Channels />
      <header className="panel-head messages-head">
        <h2 className="panel-title">{words.messages}</h2>
        {mayRetry && filter.state === 'dead' && deliveries.length > 0 ? <RetryAll deliveries={deliveries} /> : null}
      </header>
      <Filters filter={filter} onChange={set} />
      {found.error !== null && found.data !== undefined ? <StaleNote at={found.dataUpdatedAt} text={words.stale} /> : null}
      {found.isPending ? <Loading /> : null}
      {found.error !== null && found.data === undefined ? <Failure error={found.error} onRetry={() => void found.refetch()} /> : null}
      {deliveries.length > 0 ? <DeliveryTable deliveries={deliveries} /> : null}
      {found.data !== undefined && deliveries.length === 0 ? (
        <EmptyState title={filter.state === 'dead' ? words.noneDead : words.none} />
      ) : null}
      <div className="queue-more">
        {found.hasNextPage ? (
          <button type="button" className="button" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {words.older}
          </button>
        ) : null}
      </div>
    </Page>
  );
}

function useDeliveries(filter: DeliveryFilter) {
  const queries = useQueryClient();
  const refresh = useThrottled(() => void queries.invalidateQueries({ queryKey: ['/deliveries'] }), 2_000);
  useLive(['delivery'], refresh, refresh);
  return useInfiniteQuery({
    queryKey: ['/deliveries', filter],
    queryFn: ({ pageParam, signal }) => get<ApiPage<Delivery>>('/deliveries', { ...filter, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: (before) => before,
  });
}

function Filters({ filter, onChange }: { filter: DeliveryFilter; onChange: (filter: DeliveryFilter) => void }) {
  const words = useWords(DELIVERIES);
  const { directory } = useNames();
  const { data: channels } = useQuery({
    queryKey: ['/channels'],
    queryFn: ({ signal }) => get<ChannelList>('/channels', {}, signal),
  });
  const filtered = Object.values(filter).some((value) => value !== null);
  return (
    <search className="filters">
      <fieldset className="segments">
        <legend className="unseen">{words.stateLabel}</legend>
        {([null, 'dead'] as const).map((state) => (
          <label key={state ?? 'all'} className={filter.state === state ? 'segment chosen' : 'segment'}>
            <input type="radio" name="state" checked={filter.state === state} onChange={() => onChange({ ...filter, state })} />
            {state === null ? words.all : words.deadOnly}
          </label>
        ))}
      </fieldset>
      <Choice
        label={words.stateLabel}
        value={filter.state}
        any={words.anyState}
        options={STATES.map((state) => [state, words.states[state]])}
        onChoose={(state) => onChange({ ...filter, state })}
      />
      <Choice
        label={words.channelLabel}
        value={filter.channel}
        any={words.anyChannel}
        options={channels?.items.map(({ id }) => [id, id] as const) ?? []}
        onChoose={(channel) => onChange({ ...filter, channel })}
      />
      <Choice
        label={words.contactLabel}
        value={filter.contact}
        any={words.anyContact}
        options={directory?.contacts.map(({ id, name }) => [id, name] as const) ?? []}
        onChoose={(contact) => onChange({ ...filter, contact })}
      />
      {filter.incident === null ? null : (
        <span>
          {words.ofIncident} <Link to={`/incidents/${filter.incident}`}>{words.incident}</Link>
        </span>
      )}
      {filtered ? (
        <button type="button" className="button" onClick={() => onChange({ state: null, channel: null, contact: null, incident: null })}>
          {words.clear}
        </button>
      ) : null}
    </search>
  );
}
