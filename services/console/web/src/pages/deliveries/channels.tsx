import type { ChannelList, ChannelState } from '@beacontower/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { get } from '../../api/client.ts';
import { useLive } from '../../api/live.tsx';
import { useSession } from '../../api/session.tsx';
import { useThrottled } from '../../api/use-throttled.ts';
import { formatDuration, formatTime } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Since } from '../../parts/since.tsx';
import { DELIVERIES } from './words.ts';

/** How the channels do: which is down, since when, why, and what waits for it. */
export function Channels() {
  const words = useWords(DELIVERIES);
  const queries = useQueryClient();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['/channels'],
    queryFn: ({ signal }) => get<ChannelList>('/channels', {}, signal),
    refetchInterval: 15_000,
  });
  const refresh = useThrottled(() => void queries.invalidateQueries({ queryKey: ['/channels'] }), 2_000);
  useLive(['delivery'], refresh, refresh);
  if (isPending) return <Loading />;
  if (data === undefined) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) return <p className="no-channels">{words.noChannels}</p>;
  return (
    <ul className="channels" aria-label={words.channels}>
      {data.items.map((channel) => (
        <Channel key={channel.id} channel={channel} />
      ))}
    </ul>
  );
}

const SIGNS: Readonly<Record<ChannelState['breaker']['state'], string>> = { closed: '✓', open: '✕', 'half-open': '↻' };

function Channel({ channel }: { channel: ChannelState }) {
  const words = useWords(DELIVERIES);
  const { language } = useLanguage();
  const { node } = useSession();
  const { id, kind, breaker, limit, underWay, held, heldSince } = channel;
  return (
    <li className={`card channel breaker-${breaker.state}`}>
      <p className="channel-head">
        <strong>{id}</strong> <span className="soft">{(words.kinds as Readonly<Record<string, string>>)[kind] ?? kind}</span>
        <span className="breaker" title={words.breakerMeans[breaker.state]}>
          <span aria-hidden="true">{SIGNS[breaker.state]}</span> {words.breakers[breaker.state]}
        </span>
      </p>
      {breaker.state === 'closed' ? null : (
        <>
          <p>
            {words.failures(breaker.failures)} <Since at={breaker.openedAt} />
            {breaker.probeAt === null ? '' : ` · ${words.probeAt(formatTime(breaker.probeAt, node.timeZone, 'clock'))}`}
          </p>
          {breaker.lastError === null ? null : <p className="channel-error">{breaker.lastError}</p>}
        </>
      )}
      <p className="soft">
        {words.underWay(underWay)}
        {held.byBreaker > 0 ? ` · ${words.heldByBreaker(held.byBreaker)}` : ''}
        {held.byLimit > 0 ? ` · ${words.heldByLimit(held.byLimit)}` : ''}
        {limit === null ? '' : ` · ${words.limit(limit.messages, formatDuration(limit.perMs, language))}`}
      </p>
      {heldSince === null ? null : (
        <p>
          {words.heldSince} <Since at={heldSince} />
        </p>
      )}
    </li>
  );
}
