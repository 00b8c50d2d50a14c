import type { LiveEvent, Wall } from '@beacontower/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { get } from '../../api/client.ts';
import { useLive } from '../../api/live.tsx';
import { patchWall } from './patch.ts';

const KEY = ['/wall'] as const;
const EVERY_MS = 10_000;
/** What comes in together is read once. */
const SETTLE_MS = 120;
/** In a storm the wall is read so often at most; the node makes it anew no oftener than every 250 ms. */
const APART_MS = 300;

/** The wall as it is: read every ten seconds, changed by live events at once, and read again soon after each. */
export function useWall(onEvent: (event: LiveEvent) => void) {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => get<Wall>('/wall', {}, AbortSignal.any([signal, AbortSignal.timeout(EVERY_MS)])),
    refetchInterval: EVERY_MS,
    refetchIntervalInBackground: true,
    retry: false,
    staleTime: 0,
  });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const readAt = useRef(0);
  const heard = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const readSoon = useCallback(() => {
    if (timer.current !== undefined) return;
    timer.current = setTimeout(
      () => {
        timer.current = undefined;
        readAt.current = Date.now();
        // One under way is let come to its end: in a storm on a slow node none would otherwise.
        void queries.refetchQueries({ queryKey: KEY }, { cancelRefetch: false });
      },
      Math.max(SETTLE_MS, APART_MS - (Date.now() - readAt.current)),
    );
  }, [queries]);
  useLive(
    ['state', 'incident', 'inventory', 'node'],
    (event) => {
      heard.current = Math.max(heard.current, event.sequence);
      queries.setQueryData<Wall>(KEY, (wall) => wall && patchWall(wall, event));
      onEvent(event);
      readSoon();
    },
    readSoon,
  );
  // An answer may have been made just before what was heard: it is asked for again.
  const sequence = query.data?.sequence;
  const { dataUpdatedAt, isFetching } = query;
  useEffect(() => {
    if (!isFetching && dataUpdatedAt > 0 && sequence !== undefined && sequence < heard.current) readSoon();
  }, [sequence, dataUpdatedAt, isFetching, readSoon]);
  return query;
}
