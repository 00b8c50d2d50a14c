import type { Delivery } from '@beacontower/contracts';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n/language.tsx';
import { Duration, Moment } from '../../parts/since.tsx';
import { DELIVERIES } from './words.ts';

/** Why it went to whom, by which ways, and every attempt with what proves it. */
export function DeliveryDetails({ delivery }: { delivery: Delivery }) {
  const words = useWords(DELIVERIES);
  const { because, route, state, createdAt, releasedAt, dueAt, finishedAt, diverted, fallbacks, inDoubt, attempts, language } = delivery;
  const reasons = [
    because.route === null ? null : words.route(because.route),
    because.route === null && route !== null ? words.route(route) : null,
    because.byDefault ? words.byDefault : null,
    because.rota === null ? null : words.rota(because.rota),
    because.nobodyOnDuty ? words.nobodyOnDuty : null,
    because.escalation === null ? null : words.escalation(because.escalation, (because.stepNumber ?? 0) + 1),
  ].filter((reason) => reason !== null);
  return (
    <div className="delivery-details">
      <p className="soft">{words.means[state]}</p>
      <dl className="pairs">
        <Pair term={words.because}>{reasons.length === 0 ? '—' : reasons.join(' · ')}</Pair>
        <Pair term={words.created}>
          <Moment at={createdAt} />
          {' · '}
          {words.released} <Moment at={releasedAt} />
          {' · '}
          {finishedAt === null ? words.due : words.finished} <Moment at={finishedAt ?? dueAt} />
          {' · '}
          {words.language} {language}
          {inDoubt > 0 ? ` · ${words.inDoubt(inDoubt)}` : ''}
        </Pair>
        {diverted.length === 0 ? null : (
          <Pair term={words.diverted}>
            {diverted.map(({ channel, address, at, why }) => (
              <span key={`${channel} ${at}`} className="under">
                <span className="figures">{channel}</span> {address ?? ''} <Moment at={at} /> {words.why[why]}
              </span>
            ))}
          </Pair>
        )}
        {fallbacks.length === 0 ? null : (
          <Pair term={words.fallbacks}>{fallbacks.map(({ channel, address }) => `${channel} ${address ?? ''}`.trim()).join(' → ')}</Pair>
        )}
      </dl>
      <h3>{words.attempts}</h3>
      {attempts.length === 0 ? <p className="soft">{words.noAttempts}</p> : null}
      <ol className="attempts">
        {attempts.map((attempt) => (
          <Attempt key={attempt.attempt} attempt={attempt} />
        ))}
      </ol>
    </div>
  );
}

function Attempt({ attempt }: { attempt: Delivery['attempts'][number] }) {
  const words = useWords(DELIVERIES);
  const outcomes: Readonly<Record<string, string | undefined>> = words.outcomes;
  const { attempt: number, startedAt, endedAt, outcome, status, response, channel, address, digest } = attempt;
  return (
    <li>
      <p>
        <strong>{words.attempt(number)}</strong> <Moment at={startedAt} /> <span className="figures">{channel ?? ''}</span> {address ?? ''}{' '}
        {outcome === null ? '' : <span className={`attempt-${outcome}`}>{outcomes[outcome] ?? outcome}</span>}
        {endedAt === null ? null : (
          <span className="soft">
            {' '}
            {words.took} <Duration ms={Date.parse(endedAt) - Date.parse(startedAt)} />
          </span>
        )}
      </p>
      <p className="figures attempt-answer">
        {response === null && status === null ? <span className="soft">{words.noAnswer}</span> : `${status ?? ''} ${response ?? ''}`.trim()}
      </p>
      {digest === null ? null : (
        <p className="soft attempt-digest">
          {words.digest} <span className="figures">{digest}</span>
        </p>
      )}
    </li>
  );
}

function Pair({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt className="soft">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
