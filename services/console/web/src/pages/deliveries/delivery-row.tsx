import type { Delivery } from '@beacontower/contracts';
import { useId, useState } from 'react';
import { Link } from 'react-router';
import { useNames } from '../../api/use-names.ts';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { Moment } from '../../parts/since.tsx';
import { useTelling } from '../incidents/timeline-lines.tsx';
import { Answer } from './answer.tsx';
import { DeliveryDetails } from './delivery-details.tsx';
import { DeliveryMark } from './delivery-mark.tsx';
import { RetryButton } from './retry-button.tsx';
import { DELIVERIES } from './words.ts';

/** What may be sent again: what is dead, and what waits for another attempt. */
export function canRetry({ state, carrier }: Pick<Delivery, 'state' | 'carrier'>): boolean {
  return carrier === null && (state === 'dead' || state === 'retrying' || state === 'pending');
}

/** One message: what, to whom, by what, how it went; opened, every attempt. */
export function DeliveryRow({ delivery, mayRetry, showIncident }: { delivery: Delivery; mayRetry: boolean; showIncident: boolean }) {
  const words = useWords(DELIVERIES);
  const telling = useTelling();
  const { titleOf } = useNaming();
  const { person } = useNames();
  const [open, setOpen] = useState(false);
  const id = useId();
  const { state, step, contact, channel, address, createdAt, incident, about, carries, held } = delivery;
  return (
    <>
      <tr className={open ? 'delivery open' : 'delivery'}>
        <td>
          <Moment at={createdAt} />
        </td>
        <td>
          <span>{telling.step(step)}</span>
          <span className="soft under">
            {showIncident && incident !== null ? (
              <Link to={`/incidents/${incident}`}>{about === null ? words.incident : `#${about.number} ${titleOf(about)}`}</Link>
            ) : null}
            {incident === null ? (carries > 0 ? words.several(carries) : words.ofNone) : null}
          </span>
        </td>
        <td>
          <span>{person(contact)}</span>
          <span className="soft under">{address ?? ''}</span>
        </td>
        <td className="figures">{channel}</td>
        <td>
          <DeliveryMark state={state} />
          {held === null ? null : <span className="under delivery-held">{words.heldBy[held.by]}</span>}
        </td>
        <td className="delivery-answer soft">
          <Answer delivery={delivery} />
        </td>
        <td className="delivery-acts">
          {mayRetry && canRetry(delivery) ? <RetryButton delivery={delivery} /> : null}
          <button type="button" className="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
            {open ? words.hide : words.details}
          </button>
        </td>
      </tr>
      {open ? (
        <tr id={id} className="delivery-more">
          <td colSpan={7}>
            <DeliveryDetails delivery={delivery} />
          </td>
        </tr>
      ) : null}
    </>
  );
}
