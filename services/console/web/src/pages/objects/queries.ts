import type { ObjectDetail, Series, TimelineSegment } from '@beacontower/contracts';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ApiError, get, retryable } from '../../api/client.ts';
import { useLive } from '../../api/live.tsx';
import { useThrottled } from '../../api/use-throttled.ts';
import { objectPath } from './address.ts';
import type { Span } from './range.ts';
import { stretchesOf } from './segments.ts';

/** Newest samples and what a collector last met come without an event. */
const REFRESH_MS = 15_000;
const AGAIN_MS = 1_000;

/** The object with its checks; read again at every live change of it. */
export function useObject(id: string) {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['/objects', id],
    queryFn: ({ signal }) => get<ObjectDetail>(objectPath(id), {}, signal),
    refetchInterval: REFRESH_MS,
  });
  const readAgain = useThrottled(() => {
    for (const path of ['/objects', '/objects/timeline']) queries.invalidateQueries({ queryKey: [path, id] }).catch(() => undefined);
  }, AGAIN_MS);
  useLive(
    ['state', 'check', 'incident', 'inventory'],
    (event) => {
      if (event.type === 'inventory' || ('object' in event && event.object === id) || (event.type === 'incident' && event.cause === id)) {
        readAgain();
        if (event.type === 'incident') queries.invalidateQueries({ queryKey: ['/incidents', 'of', id] }).catch(() => undefined);
      }
    },
    readAgain,
  );
  return query;
}

/** The interface whose counters a circuit's traffic was taken from; undefined while it is not known, or may not be seen. */
export function useCounter(id: string | undefined): ObjectDetail | undefined {
  const { data } = useQuery({
    queryKey: ['/objects', id],
    queryFn: ({ signal }) => get<ObjectDetail>(objectPath(id ?? ''), {}, signal),
    enabled: id !== undefined,
    staleTime: REFRESH_MS,
    retry: false,
  });
  return data;
}

/** The states of the object over the span. What was shown before stays until the answer is there. */
export function useTimeline(id: string, { from, to }: Span) {
  const query = useQuery({
    queryKey: ['/objects/timeline', id, from, to],
    queryFn: ({ signal }) =>
      get<{ items: TimelineSegment[]; asOf: string | null }>(`${objectPath(id)}/timeline`, between({ from, to }), signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  const stretches = useMemo(() => stretchesOf(query.data?.items ?? []), [query.data]);
  return { ...query, stretches };
}

/** What of the object's samples is asked for. */
export interface SeriesWish {
  readonly metric: Series['metric'];
  readonly family?: 4 | 6;
  readonly end?: 1 | 2;
  readonly step?: number;
}

/** Samples over the span; `data` null where the object has none of this sort, which is no failure. */
export function useSeries(id: string, { from, to }: Span, wish: SeriesWish, enabled = true) {
  const { metric, family, end, step } = wish;
  return useQuery({
    queryKey: ['/objects/series', id, metric, family ?? null, end ?? null, step ?? null, from, to],
    queryFn: async ({ signal }) => {
      try {
        return await get<Series>(`${objectPath(id)}/series`, { metric, family, end, step, ...between({ from, to }) }, signal);
      } catch (error) {
        if (error instanceof ApiError && error.status === 422) return null;
        throw error;
      }
    },
    placeholderData: keepPreviousData,
    staleTime: 20_000,
    retry: (failures, error) => !(error instanceof ApiError && error.code === 'samples-unavailable') && retryable(failures, error),
    enabled,
  });
}

function between({ from, to }: Span): { from: string; to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
