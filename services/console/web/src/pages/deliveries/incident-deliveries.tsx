import type { Delivery, Page } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { DeliveryTable } from './delivery-table.tsx';

/** Every message about one incident. */
export function IncidentDeliveries({ incident }: { incident: string }) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['/deliveries', incident],
    queryFn: ({ signal }) => get<Page<Delivery>>('/deliveries', { incident, limit: 1000 }, signal),
  });
  if (isPending) return <Loading />;
  if (data === undefined) return <Failure error={error} onRetry={() => void refetch()} />;
  return <DeliveryTable deliveries={data.items} showIncident={false} />;
}
