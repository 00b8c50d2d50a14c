import type { Delivery } from '@beacontower/contracts';
import { Link } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import { Moment } from '../../parts/since.tsx';
import { withheldOf } from './withheld.ts';
import { DELIVERIES } from './words.ts';

/** What the receiver answered last, or what keeps the message back, with the way to that. */
export function Answer({ delivery }: { delivery: Delivery }) {
  const words = useWords(DELIVERIES);
  const withheld = withheldOf(delivery);
  if (withheld === null) return <>{delivery.lastError ?? delivery.attempts.at(-1)?.response ?? '—'}</>;
  const { reason, id, until } = withheld;
  const word = words.withheldBy[reason];
  const to =
    reason === 'silence'
      ? '/plans?tab=silences'
      : reason === 'maintenance'
        ? '/plans'
        : id !== null && (reason === 'flapping' || reason === 'merged')
          ? `/incidents/${id}`
          : null;
  return (
    <>
      {to === null ? word : <Link to={to}>{word}</Link>}
      {until === null ? null : (
        <>
          {' '}
          {words.until} <Moment at={until} parts="minute" />
        </>
      )}
    </>
  );
}
