import type { IncidentDetail } from '@beacontower/contracts';
import { useId } from 'react';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { Duration } from '../../parts/since.tsx';
import { DETAIL } from './detail-words.ts';
import { LinkFactsView } from './link-facts.tsx';

const figure = (value: number | null): string => (value === null ? '—' : String(Math.round(value * 1000) / 1000));

const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`;

/** What was found: the value and limits of a condition, the share of changes of what flaps, what is seen of a silent node from here. */
export function FactsCard({ incident }: { incident: IncidentDetail }) {
  const words = useWords(DETAIL);
  const { language } = useLanguage();
  const id = useId();
  const { facts } = incident;
  if (facts === null) return null;
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>{words.facts}</h2>
      {facts.kind === 'condition' ? (
        <>
          <p>
            {language === 'en' ? (facts.nameEn ?? facts.name) : facts.name} <span className="soft figures">{facts.test}</span>
          </p>
          <dl className="pairs">
            <Pair term={words.value} value={figure(facts.value)} />
            <Pair term={words.worst} value={figure(facts.worst)} />
            <Pair term={words.raise} value={facts.raise === null ? '—' : `${facts.side === 'below' ? '<' : '>'} ${figure(facts.raise)}`} />
            <Pair term={words.clear} value={figure(facts.clear)} />
            <div>
              <dt className="soft">{words.lasts}</dt>
              <dd>
                <Duration ms={facts.forMs} />
              </dd>
            </div>
          </dl>
        </>
      ) : facts.kind === 'link' ? (
        <LinkFactsView facts={facts} />
      ) : (
        <dl className="pairs">
          <Pair term={words.share} value={percent(facts.share)} />
          <Pair term={words.limits} value={`${percent(facts.begins)}, ${percent(facts.ends)}`} />
          <Pair term={words.changes} value={words.changesOf(facts.changes, facts.rounds)} />
        </dl>
      )}
    </section>
  );
}

function Pair({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt className="soft">{term}</dt>
      <dd className="figures">{value}</dd>
    </div>
  );
}
