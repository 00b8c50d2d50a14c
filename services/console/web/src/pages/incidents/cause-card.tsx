import type { IncidentDetail } from '@beacontower/contracts';
import { App } from 'antd';
import { type ReactNode, useId } from 'react';
import { Link } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { DETAIL } from './detail-words.ts';

/** What one who acts wants at hand: addresses, runbook, carrier, circuit number, hotline. */
export function CauseCardView({ incident }: { incident: IncidentDetail }) {
  const words = useWords(DETAIL);
  const { kinds } = useWords(COMMON);
  const id = useId();
  const { nameOf } = useNaming();
  const card = incident.causeCard;
  // Of a node that is not heard the facts say all there is.
  if (card === null && incident.kind === 'link') return null;
  const kind = card?.kind == null ? null : ((kinds as Readonly<Record<string, string | undefined>>)[card.kind] ?? card.kind);
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>{words.causeCard}</h2>
      {card === null ? (
        <p className="soft">{incident.home === null ? words.noCause : words.causeElsewhere(incident.cause, incident.home)}</p>
      ) : (
        <>
          <p className="cause-name">
            {kind === null ? null : <span className="soft">{kind}</span>}{' '}
            <Link to={`/objects/${encodeURIComponent(card.object)}`}>
              {card.name === null ? card.object : nameOf({ name: card.name, nameEn: card.nameEn })}
            </Link>{' '}
            <span className="soft figures">{card.object}</span>
          </p>
          <dl className="pairs">
            <Said term={words.hotline} value={card.hotline}>
              {card.hotline === null ? null : <a href={`tel:${card.hotline.replaceAll(/[^\d+]/g, '')}`}>{card.hotline}</a>}
            </Said>
            <Said term={words.carrier} value={card.carrier} />
            <Said term={words.circuitNumber} value={card.circuitNumber} copies />
            <Said term={words.runbook} value={card.runbook}>
              {card.runbook !== null && /^https?:\/\//.test(card.runbook) ? (
                <a href={card.runbook} target="_blank" rel="noreferrer">
                  {card.runbook}
                </a>
              ) : (
                card.runbook
              )}
            </Said>
            {card.addresses.map(({ address, family, zone }) => (
              <Said key={`${address} ${zone}`} term={`${words.address} IPv${family}`} value={address} copies>
                <span className="figures">{address}</span> {zone === '' ? null : <span className="soft">{words.zone(zone)}</span>}
              </Said>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}

/** A term and what is configured for it; that nothing is, is said. */
function Said({ term, value, copies = false, children }: { term: string; value: string | null; copies?: boolean; children?: ReactNode }) {
  const words = useWords(DETAIL);
  const { message } = App.useApp();
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text);
    void message.success(words.copied);
  };
  return (
    <div>
      <dt className="soft">{term}</dt>
      <dd>
        {value === null ? <span className="soft">{words.unsaid}</span> : (children ?? value)}
        {value !== null && copies && window.isSecureContext ? (
          <button type="button" className="copy" aria-label={`${words.copy} ${value}`} onClick={() => void copy(value)}>
            {words.copy}
          </button>
        ) : null}
      </dd>
    </div>
  );
}
