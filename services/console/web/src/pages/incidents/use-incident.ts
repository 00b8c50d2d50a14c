import type { IncidentDetail } from '@beacontower/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { get } from '../../api/client.ts';
import { useLive } from '../../api/live.tsx';
import { useThrottled } from '../../api/use-throttled.ts';

/** One incident by its id or by the number that messages carry, kept up by live events. */
export function useIncident(key: string) {
  const queries = useQueryClient();
  const isNumber = /^\d{1,9}$/.test(key);
  const query = useQuery({
    queryKey: ['/incident', key],
    queryFn: async ({ signal }) => {
      if (!isNumber) return get<IncidentDetail>(`/incidents/${encodeURIComponent(key)}`, {}, signal);
      const found = await get<IncidentDetail>(`/incidents/by-number/${key}`, {}, signal);
      queries.setQueryData(['/incident', found.id], found);
      return found;
    },
    // Also when no event tells of it: the stream may be down.
    refetchInterval: 30_000,
  });
  const id = query.data?.id;
  const refresh = useThrottled(() => {
    void queries.invalidateQueries({ queryKey: ['/incident', key] });
    if (id !== undefined) void queries.invalidateQueries({ queryKey: ['/deliveries', id] });
  }, 1_000);
  useLive(
    ['incident', 'delivery'],
    (event) => {
      if ((event.type === 'incident' || event.type === 'delivery') && event.incident === id) refresh();
    },
    refresh,
  );
  return query;
}
