import type { IncidentDetail } from '@beacontower/contracts';
import { useId } from 'react';
import { useNames } from '../../api/use-names.ts';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { Moment } from '../../parts/since.tsx';
import { TIERS } from './tier-words.ts';

type HandOver = NonNullable<IncidentDetail['handedDown']>;

/** Who has the incident at each tier, and what the tiers asked of each other; nothing of one that no other tier knows of. */
export function TiersCard({ incident }: { incident: IncidentDetail }) {
  const words = useWords(TIERS);
  const { person } = useNames();
  const id = useId();
  const { tiers, escalated, asked, handedDown, handedOver, taken } = incident;
  if (tiers.length === 0 && escalated === null && handedDown === null) return null;
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>{words.title}</h2>
      {taken ? null : <p className="soft">{words.toldOnly}</p>}
      <ul className="tiers">
        {tiers.map((tier) => (
          <li key={tier.node}>
            <Tier tier={tier} isHome={tier.node === incident.home || (incident.home === null && tier.here)} />
          </li>
        ))}
      </ul>
      {asked === null ? null : <Asking text={words.asked(asked.node ?? '', asked.by)} note={asked.note} at={asked.at} />}
      {escalated === null ? null : <Asking text={words.escalated(person(escalated.by))} note={escalated.note} at={escalated.at} />}
      {handedOver === null ? null : <Handed text={words.handedOver(handedOver.node ?? '', handedOver.by)} handed={handedOver} />}
      {handedDown === null ? null : <Handed text={words.handedDown(handedDown.node ?? '')} handed={handedDown} />}
    </section>
  );
}

function Tier({ tier, isHome }: { tier: IncidentDetail['tiers'][number]; isHome: boolean }) {
  const words = useWords(TIERS);
  const { incidentStates } = useWords(COMMON);
  const { person } = useNames();
  const marks = [...(tier.here ? [words.here] : []), ...(isHome ? [words.home] : [])];
  return (
    <>
      <strong>{tier.name ?? tier.node}</strong> {marks.length === 0 ? null : <span className="soft">({marks.join(', ')})</span>}{' '}
      {incidentStates[tier.state]}{' '}
      {tier.owner === null ? (
        <span className="soft">{words.nobody}</span>
      ) : (
        <span className="owner-name">{tier.here ? person(tier.owner) : tier.owner}</span>
      )}
      {tier.respondBy === null || tier.acknowledgedAt !== null ? null : (
        <span className="soft">
          {' '}
          · {words.respondBy} <Moment at={tier.respondBy} />
        </span>
      )}
      {tier.repairBy === null ? null : (
        <span className="soft">
          {' '}
          · {words.repairBy} <Moment at={tier.repairBy} />
        </span>
      )}
    </>
  );
}

function Asking({ text, note, at }: { text: string; note: string; at: string }) {
  return (
    <div>
      <p>
        {text} <Moment at={at} />
      </p>
      {note === '' ? null : <blockquote>{note}</blockquote>}
    </div>
  );
}

function Handed({ text, handed }: { text: string; handed: HandOver }) {
  const words = useWords(TIERS);
  const { state, answeredBy, answer, note, at } = handed;
  return (
    <div>
      <Asking text={`${text} · ${words.states[state]}`} note={note} at={at} />
      {answeredBy === null ? null : <p className="soft">{words.answeredBy(answeredBy)}</p>}
      {answer === null || answer === '' ? null : <blockquote>{answer}</blockquote>}
    </div>
  );
}
