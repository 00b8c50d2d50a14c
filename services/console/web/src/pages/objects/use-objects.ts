import type { ObjectDetail } from '@beacontower/contracts';
import { useQueries } from '@tanstack/react-query';
import { ApiError, get } from '../../api/client.ts';
import { objectPath, shortId } from './address.ts';
import type { Related } from './related.ts';

/** Some few objects by their identifiers; one that may not be seen, or is gone, by its identifier alone. */
export function useObjects(ids: readonly string[]): readonly Related[] {
  const queries = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['/objects', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => get<ObjectDetail>(objectPath(id), {}, signal),
      staleTime: 10_000,
    })),
  });
  return ids.map((id, place) => {
    const { data, error } = queries[place] ?? {};
    return (
      data ?? {
        id,
        name: shortId(id),
        nameEn: null,
        kind: null,
        state: null,
        since: null,
        maintenance: false,
        quiet: false,
        hidden: error instanceof ApiError && error.status === 404,
      }
    );
  });
}
