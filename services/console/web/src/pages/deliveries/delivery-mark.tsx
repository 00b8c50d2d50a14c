import type { Delivery } from '@beacontower/contracts';
import { useWords } from '../../i18n/language.tsx';
import { DELIVERIES } from './words.ts';

/** A sign for each state besides its colour and its word. */
const SIGNS: Readonly<Record<Delivery['state'], string>> = {
  waiting: '…',
  withheld: '‖',
  grouped: '⊞',
  pending: '…',
  sending: '→',
  retrying: '↻',
  delivered: '✓',
  uncertain: '?',
  dead: '✕',
  cancelled: '–',
};

/** The state of a message as a sign and its word; what it means for a pointer and for readers. */
export function DeliveryMark({ state }: { state: Delivery['state'] }) {
  const words = useWords(DELIVERIES);
  return (
    <span className={`delivery-mark delivery-${state}`} title={words.means[state]}>
      <span aria-hidden="true">{SIGNS[state]}</span> {words.states[state]}
    </span>
  );
}
