import type { IncidentSummary, LiveEvent, Page } from '@beacontower/contracts';
import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { get } from '../../api/client.ts';
import { useLive } from '../../api/live.tsx';
import { useThrottled } from '../../api/use-throttled.ts';

type Pages = InfiniteData<Page<IncidentSummary>, string | null>;

/** All that are under way, at once; of what is over a page after the other. */
const ALL = 1_000;
const PAGE = 100;
/** Read anew even if no event tells of it: the stream may be down. */
const EVERY_MS = 30_000;

/** The incidents that the API gives for a question; live events change them at once, and are followed by the whole truth. */
export function useIncidents(question: Readonly<Record<string, string | undefined>>) {
  const queries = useQueryClient();
  const limit = question.active === 'true' || question.state === 'open' || question.state === 'acknowledged' ? ALL : PAGE;
  const query = useInfiniteQuery({
    queryKey: ['/incidents', question],
    queryFn: ({ pageParam, signal }) => get<Page<IncidentSummary>>('/incidents', { ...question, limit, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: (before) => before,
    refetchInterval: EVERY_MS,
  });
  const refresh = useThrottled(() => void queries.invalidateQueries({ queryKey: ['/incidents'] }), 1_000);
  useLive(
    ['incident'],
    (event) => {
      queries.setQueriesData<Pages>({ queryKey: ['/incidents'] }, (pages) => patched(pages, event));
      refresh();
    },
    refresh,
  );
  const incidents = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  return { ...query, incidents, isWhole: limit === ALL };
}

// Its revision stays what was read: whoever acts on it must have seen what changed.
function patched(pages: Pages | undefined, event: LiveEvent): Pages | undefined {
  if (event.type !== 'incident' || pages?.pages === undefined) return pages;
  const { incident, state, severity } = event;
  if (!pages.pages.some(({ items }) => items.some(({ id }) => id === incident))) return pages;
  const patch = (one: IncidentSummary) => (one.id === incident ? { ...one, state, severity } : one);
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.map(patch) })) };
}
