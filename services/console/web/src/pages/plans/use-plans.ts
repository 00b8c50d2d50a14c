import type { Page } from '@beacontower/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { get } from '../../api/client.ts';

const PAGE = 100;
/** Nothing tells of plans live: they are asked for now and then. */
const EVERY_MS = 30_000;

/** Planned work or silences, the latest start first. */
export function usePlans<T>(path: '/maintenance' | '/silences', active: boolean) {
  return useInfiniteQuery({
    queryKey: [path, { active }],
    queryFn: ({ pageParam, signal }) => get<Page<T>>(path, { active: active ? 'true' : undefined, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: (before) => before,
    refetchInterval: EVERY_MS,
  });
}
