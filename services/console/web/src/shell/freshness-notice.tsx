import type { NodeFreshness } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client.ts';
import { useLiveStatus } from '../api/live.tsx';
import { useSession } from '../api/session.tsx';
import { formatTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { judgeFreshness } from '../parts/freshness.ts';
import { useNow } from '../parts/use-now.ts';
import { SHELL } from './words.ts';

const EVERY_MS = 10_000;
const LONG_AGO_MS = 43_200_000;

/** Says that the states a page shows are not known to be so any more: nobody judges, or the node is not reached. */
export function FreshnessNotice() {
  const words = useWords(SHELL);
  const { node } = useSession();
  const now = useNow();
  const live = useLiveStatus();
  const { data: wall, isError: failed } = useQuery({
    queryKey: ['/freshness'],
    queryFn: ({ signal }) => get<NodeFreshness>('/freshness', {}, AbortSignal.any([signal, AbortSignal.timeout(EVERY_MS)])),
    refetchInterval: EVERY_MS,
    refetchIntervalInBackground: true,
    retry: false,
    staleTime: 0,
  });
  const told = wall === undefined ? null : judgeFreshness({ wall, now, failed, live });
  if (told === null ? !failed : !told.stale) return null;
  const asOf = told?.asOf ?? null;
  return (
    <div className="shell-notice stale" role="alert">
      {words.stale[told?.reason === 'judging-behind' ? 'judging-behind' : 'unreachable']}{' '}
      {asOf === null ? null : words.asOf(formatTime(asOf, node.timeZone, now - asOf > LONG_AGO_MS ? 'full' : 'clock'))}
    </div>
  );
}
