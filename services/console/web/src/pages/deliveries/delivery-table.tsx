import type { Delivery } from '@beacontower/contracts';
import { useMay } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import './deliveries.css';
import { DeliveryRow } from './delivery-row.tsx';
import { DELIVERIES } from './words.ts';

/** Messages, each to be opened. `showIncident`: they are of several. */
export function DeliveryTable({ deliveries, showIncident = true }: { deliveries: readonly Delivery[]; showIncident?: boolean }) {
  const words = useWords(DELIVERIES);
  const mayRetry = useMay('operator', 'duty-manager');
  return (
    <div className="table-scroll">
      <table className="deliveries" aria-label={words.messages}>
        <thead>
          <tr>
            <th scope="col">{words.when}</th>
            <th scope="col">{words.what}</th>
            <th scope="col">{words.to}</th>
            <th scope="col">{words.by}</th>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.result}</th>
            <th scope="col">
              <span className="unseen">{words.details}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery} mayRetry={mayRetry} showIncident={showIncident} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
